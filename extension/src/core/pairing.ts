import { creditwatchAddress, pageAddress } from './address.ts';
import { fail, ok, type Result } from './result.ts';
import { minuteOf } from './schedule.ts';
import { isTimeZone } from './time-zone.ts';

/** What a pairing link holds. `page` is null if the person has to type the address of the usage page. */
export type Pairing = {
  /** The address of Creditwatch, without a slash at the end. */
  readonly address: string;
  readonly key: string;
  readonly sources: readonly { readonly source: string; readonly page: string | null }[];
  readonly at: string;
  readonly zone: string;
};

export type PairingProblem = 'not-a-link' | 'unsafe-address' | 'bad-key' | 'bad-source' | 'bad-page' | 'bad-time';

const PATH = '/capture';
const KEY = /^cwp_[\w-]{32}$/;
/** As Creditwatch names sources. */
const SOURCE = /^[^\p{C}/]{1,200}$/u;
const MOST_SOURCES = 50;
const DEFAULT_AT = '08:00';
const LONGEST_LINK = 200_000;

/** Whether a text looks like a pairing link, so that it is worth a message if it is wrong. */
export function isPairingLink(text: string): boolean {
  return URL.canParse(text) && new URL(text).pathname.endsWith(PATH) && new URL(text).hash.includes('key=');
}

/** Parses a pairing link: `<Creditwatch>/capture#key=…&source=…&page=…&at=08:00&zone=Europe/Berlin`. Each source has one page. */
export function parsePairingLink(text: string, localZone: string): Result<Pairing, PairingProblem> {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_LINK || !isPairingLink(trimmed)) return fail('not-a-link');
  const url = new URL(trimmed);
  const fields = new URLSearchParams(url.hash.slice(1));
  url.hash = '';
  url.pathname = url.pathname.slice(0, -PATH.length);
  const address = creditwatchAddress(url.href);
  if (address === null) return fail('unsafe-address');
  const [key = '', ...otherKeys] = fields.getAll('key');
  if (!KEY.test(key) || otherKeys.length > 0) return fail('bad-key');
  const names = fields.getAll('source').map((name) => name.trim());
  const pages = fields.getAll('page');
  const isComplete = names.length > 0 && names.length <= MOST_SOURCES && pages.length === names.length;
  if (!isComplete || new Set(names).size < names.length || !names.every((name) => SOURCE.test(name))) return fail('bad-source');
  const sources = names.map((source, index) => ({ source, given: pages[index] ?? '' }));
  const parsed = sources.map(({ source, given }) => ({ source, given, page: given === '' ? null : pageAddress(given) }));
  if (parsed.some(({ given, page }) => given !== '' && page === null)) return fail('bad-page');
  const at = fields.get('at') ?? DEFAULT_AT;
  const zone = fields.get('zone') ?? localZone;
  if (minuteOf(at) === null || !isTimeZone(zone)) return fail('bad-time');
  return ok({ address, key, sources: parsed.map(({ source, page }) => ({ source, page })), at, zone });
}
