import { z } from 'zod';
import type { MeterFigures } from '../../core/status/meter-status.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PageProblem } from '../../messages/replies/pages.ts';
import type { Imported, ParseImport } from '../../ports/inbound/import.ts';
import type { NamedMeter } from '../../core/vendors/known-meters.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { PageBody } from './body.ts';
import type { UnderstoodReading } from './understood-figures.ts';

/** Words of a page that asks to sign in, in the languages of the page reader. Only looked for in a page without figures. */
const SIGNED_OUT =
  /sign in|signin|log in|login|password|anmelden|einloggen|passwort|se connecter|connexion|mot de passe|iniciar sesi[oó]n|contraseña/iu;
/** A sign-in page is short, and says so at its beginning. */
const BEGINNING = 20_000;
/** The heading of a sign-in page. */
const SIGN_IN = [
  'sign in to {name}',
  'sign in with {name}',
  'log in to {name}',
  'login to {name}',
  'bei {name} anmelden',
  'bei {name} einloggen',
  'melden sie sich bei {name} an',
  'se connecter à {name}',
  'connectez-vous à {name}',
  'inicia sesión en {name}',
  'iniciar sesión en {name}',
] as const;
const LONGEST_MARK = 200;

/**
 * Reads the figures of a page, as a paste does. A signed-out page is refused even if it has figures, because nobody looks at them: those of
 * its prices, for example.
 */
export function readPage(
  { text, source, url }: Pick<PageBody, 'text' | 'source' | 'url'>,
  parseImport: ParseImport,
): Result<Imported, PageProblem> {
  if (isSignedOut(text, source)) return err({ kind: 'signed-out', host: new URL(url).hostname });
  const imported = parseImport(text, source);
  if (imported.ok) return imported.value.form === 'page' ? ok(imported.value) : err({ kind: 'not-a-page' });
  const why = imported.error;
  if (why.kind !== 'empty' && why.kind !== 'no-figures' && why.kind !== 'too-many-lines') return err({ kind: 'not-a-page' });
  if (SIGNED_OUT.test(text.slice(0, BEGINNING)) && why.kind !== 'too-many-lines')
    return err({ kind: 'signed-out', host: new URL(url).hostname });
  return err({ kind: 'no-figures', why });
}

/**
 * Returns the problem of the first page of a source if none of its meters is one that the recipe of its vendor knows: it is another page,
 * or its layout has changed. Null otherwise.
 */
export function otherLayout({ readings }: Pick<Imported, 'readings'>, source: string): PageProblem | null {
  const vendor = vendorOf(source);
  const isKnown = ({ meter }: z.infer<typeof named>) => vendor !== null && Object.hasOwn(vendor.meters, meter);
  if (vendor === null || readings.some((reading) => isKnown(named.parse(reading)))) return null;
  return { kind: 'other-layout', vendor: vendor.name, known: Object.entries(vendor.meters).map(([key, { label = key }]) => label) };
}

/** Whether the page has a line that only signed-out pages of its vendor have: `Sign in to Clay`, or one that its recipe knows. */
function isSignedOut(text: string, source: string): boolean {
  const vendor = vendorOf(source);
  if (vendor === null) return false;
  const name = vendor.name.toLowerCase();
  const marks = new Set([...SIGN_IN.map((asks) => asks.replace('{name}', name)), ...vendor.page.signedOut]);
  return text.split(/[\r\n]/).some((line) => line.length <= LONGEST_MARK && marks.has(line.trim().toLowerCase()));
}

/** A source can get so many meters by captured pages: several times what the longest known usage page has. */
const MOST_METERS = 50;

/**
 * Returns the problem of a page with new meters by which its source would get more than a page can make. Null otherwise.
 *
 * @param known all meters of the source, also those without figures
 */
export function tooManyMeters(readings: readonly UnderstoodReading[], known: readonly NamedMeter[]): PageProblem | null {
  const had = new Set(known.map(({ key }) => key));
  const all = new Set([...had, ...readings.flatMap((one) => ('figure' in one ? [one.key] : []))]);
  return all.size > had.size && all.size > MOST_METERS ? { kind: 'too-many-meters', most: MOST_METERS } : null;
}

const named = z.object({ meter: z.string() });

/** The meters with the latest figures of a source, and the time of those figures; null if it has none. */
export type LatestPage = { readonly at: Date; readonly meters: readonly MeterFigures[] };

/** Returns the meters whose figures are the latest of their source: those of its last page. */
export function latestPage(figures: readonly MeterFigures[]): LatestPage | null {
  const timeOf = ({ reading, held }: MeterFigures) => Math.max(reading.observedAt.getTime(), held?.reading.observedAt.getTime() ?? 0);
  const at = Math.max(...figures.map(timeOf));
  return figures.length === 0 ? null : { at: new Date(at), meters: figures.filter((one) => timeOf(one) === at) };
}

/** Returns the labels of the meters that the last page had and this one lacks: it is incomplete, or its layout has changed. */
export function missingMeters({ readings }: Pick<Imported, 'readings'>, { meters }: LatestPage): readonly string[] {
  const found = new Set(readings.flatMap((reading) => named.safeParse(reading).data?.meter ?? []));
  return meters.flatMap(({ meter }) => (found.has(meter.key) ? [] : [meter.label]));
}
