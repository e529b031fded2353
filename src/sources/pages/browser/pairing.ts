/** A source whose pages this browser may send. `page`: the address of the vendor's usage page; null if it is unknown. */
export type Target = { readonly source: string; readonly page: string | null; readonly key: string };

const KEY = /^cwp_[\w-]{32}$/;
const LONGEST_SOURCE = 200;
const LONGEST_ADDRESS = 2_000;
/** As many sources as a key can have. */
const MOST_TARGETS = 50;

/** Reads the fragment of a pairing link, or the whole link. Returns no targets if it is none. */
export function targetsOfLink(link: string): readonly Target[] {
  const fields = new URLSearchParams(link.slice(link.indexOf('#') + 1));
  const key = fields.get('key') ?? '';
  if (!KEY.test(key)) return [];
  const found: { source: string; page: string | null; key: string }[] = [];
  for (const [name, value] of fields) {
    const last = found.at(-1);
    if (name === 'source') found.push({ source: value, page: null, key });
    else if (name === 'page' && last !== undefined) last.page = httpsAddress(value);
  }
  return found.filter(({ source }) => isSource(source)).slice(0, MOST_TARGETS);
}

/** Adds targets to those that are stored. A new key of a source replaces the old one. */
export function addTargets(stored: readonly Target[], added: readonly Target[]): readonly Target[] {
  const kept = stored.filter(({ source }) => !added.some((one) => one.source === source));
  return [...kept, ...added].slice(-MOST_TARGETS);
}

/** Reads what `encodeTargets` has written. Whatever else is stored there is left out. */
export function decodeTargets(stored: string | null): readonly Target[] {
  try {
    const rows: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(rows) ? rows.flatMap((row: unknown) => targetOf(row)) : [];
  } catch {
    return [];
  }
}

export function encodeTargets(targets: readonly Target[]): string {
  return JSON.stringify(targets);
}

function targetOf(row: unknown): readonly Target[] {
  if (typeof row !== 'object' || row === null || !('source' in row) || !('key' in row) || !('page' in row)) return [];
  const { source, key, page } = row;
  if (typeof source !== 'string' || !isSource(source) || typeof key !== 'string' || !KEY.test(key)) return [];
  return [{ source, key, page: typeof page === 'string' ? httpsAddress(page) : null }];
}

function isSource(source: string): boolean {
  return source !== '' && source.length <= LONGEST_SOURCE;
}

/** Returns an address without what comes after its path; null if it is not an https address. */
export function httpsAddress(text: string): string | null {
  if (text.length > LONGEST_ADDRESS || !URL.canParse(text)) return null;
  const { protocol, origin, pathname } = new URL(text);
  return protocol === 'https:' ? origin + pathname : null;
}
