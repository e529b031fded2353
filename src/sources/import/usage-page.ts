import { vendorOf } from '../../core/vendors/registry.ts';
import { meterNamed, vendorOfPage } from '../../core/vendors/recognise.ts';
import { LARGEST_AMOUNT } from '../../core/amount.ts';
import { MOST_DECIMALS } from '../../core/meter.ts';
import { shownBy } from '../../core/written/evidence.ts';
import { settle, type WrittenNumber } from '../../core/written/number.ts';
import { isOfCommaLanguage, isRoleWord, roleOf } from '../../core/written/roles.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { holdsFigure, isCounted, numbersOfPage } from './page-evidence.ts';
import { figuresIn, type Figures } from './page-figures.ts';
import { tokensOf, type Token } from './page-tokens.ts';
import type { Shown } from '../../core/written/numeral.ts';

/** A longer line is no line of a usage page, and is not searched. */
const LONGEST_LINE = 2_000;

type PageReading = {
  readonly meter: string;
  readonly label?: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly used: string;
  readonly total: string | null;
};
export type Page = {
  /** Whose page it is; null where that is not sure. */
  readonly source: string | null;
  readonly readings: readonly PageReading[];
  readonly places: readonly string[];
  readonly notes: readonly string[];
  /** How many of the notes are of figures that could be two things. */
  readonly lost: number;
};

type Line = {
  readonly nth: number;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly figures: readonly (Figures | null)[];
};
/** Figures with the name that they stand under, or why they are not taken. */
type Found = { readonly line: Line; readonly name: string; readonly figures: Figures };

/**
 * Reads the text of a usage page as it was copied: a label, and behind it or below it `used/total unit used`. What is not
 * surely a line of figures is not taken, and every line that holds a figure and is not taken is noted.
 *
 * @param of the source that the page is said to be of; null to find out
 */
export function parseUsagePage(text: string, of: string | null = null): Page {
  const lines = linesOf(text);
  const { found, notes: unnamed } = named(lines);
  const source =
    of ??
    vendorOfPage(
      found.map(({ name, figures }) => ({ name, unit: figures.unit })),
      lines.map((line) => line.text),
    );
  const about = aboutPage(lines);
  const readings: PageReading[] = [];
  const places: string[] = [];
  const notes = [...unnamed];
  let lost = 0;
  for (const { line, name, figures } of found) {
    const taken = readingOf(name, figures, { source, about, line });
    if (!taken.ok) {
      notes.push({ nth: line.nth, note: `line ${line.nth}: ${taken.error.why}` });
      lost += taken.error.isLost ? 1 : 0;
    } else if (readings.some(({ meter }) => meter === taken.value.meter)) {
      notes.push({
        nth: line.nth,
        note: `line ${line.nth}: ${taken.value.label ?? taken.value.meter} stands here a second time; the first is taken`,
      });
    } else {
      readings.push(taken.value);
      places.push(`line ${line.nth}`);
    }
  }
  return { source, readings, places, notes: notes.toSorted((a, b) => a.nth - b.nth).map(({ note }) => note), lost };
}

function linesOf(text: string): readonly Line[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    const tidied = raw
      .slice(0, LONGEST_LINE)
      .replace(/\p{Cf}/gu, '')
      .trim();
    if (tidied === '') return [];
    const tokens = raw.length > LONGEST_LINE ? [] : tokensOf(tidied);
    return [{ nth: index + 1, text: tidied, tokens, figures: figuresIn(tidied, tokens) }];
  });
}

type Note = { readonly nth: number; readonly note: string };

/** Finds the name of all figures: on their line, else on the one above. */
function named(lines: readonly Line[]): { readonly found: readonly Found[]; readonly notes: readonly Note[] } {
  const found: Found[] = [];
  const notes: Note[] = [];
  let above = '';
  let saidAbove: readonly string[] = [];
  for (const line of lines) {
    const note = (what: string) => {
      if (notes.at(-1)?.nth !== line.nth) notes.push({ nth: line.nth, note: `line ${line.nth}: "${shortened(line.text)}" ${what}` });
    };
    const isFigure = line.figures.length > 0 || holdsFigure(line.tokens);
    if (line.tokens.length === 0) note('is too long to be searched');
    else if (line.text.includes('\uFFFD')) note('holds characters that could not be decoded: save the file as UTF-8');
    else if (line.figures.length === 0 && isFigure) note('looks like figures but could not be read');
    for (const [nth, figures] of line.text.includes('\uFFFD') ? [] : line.figures.entries()) {
      const own = figures === null || saysOnlyWhat(figures.label) ? '' : figures.label;
      const name = own || (nth === 0 ? above : '');
      if (figures === null) note('looks like figures but could not be read');
      else if (!isName(name, figures))
        note(/\p{L}/u.test(name) || figures.spoken.role === null ? 'looks like figures but could not be read' : 'has no name before it');
      else found.push({ line, name, figures: own === '' && saidAbove.length > 0 ? { ...figures, labelled: roleOf(saidAbove) } : figures });
    }
    // "Remaining" between a name and its figures is not their name.
    const saysWhat = !isFigure && saysOnlyWhat(line.text);
    saidAbove = saysWhat ? line.text.split(/[^\p{L}]+/u) : [];
    if (!saysWhat) above = isFigure ? '' : line.text.replace(/\s?:$/, '');
  }
  return { found, notes };
}

/** "Remaining:", "Not used". */
function saysOnlyWhat(label: string): boolean {
  const words = label.split(/[^\p{L}\p{M}]+/u).filter((word) => word !== '');
  return words.length > 0 && words.every(isRoleWord);
}

/** Figures that no word explains are taken for a meter where it is known, or where something is counted: 12/2026 is a date, 1 of 3 a step. */
function isName(name: string, { spoken, unit, first }: Figures): boolean {
  if (!/\p{L}/u.test(name)) return false;
  return spoken.role !== null || first.currency !== null || meterOfAnyone(name) || isCounted(name, unit);
}

function meterOfAnyone(name: string): boolean {
  const abmatic = vendorOf('abmatic');
  return abmatic !== null && meterNamed(abmatic, name) !== null;
}

/** What all lines of a page say together about one of them. */
type About = {
  readonly shown: Shown;
  readonly saysUsed: boolean;
  readonly saysRemaining: boolean;
  readonly groups: ',' | '.';
};

function aboutPage(lines: readonly Line[]): About {
  const words = lines.flatMap(({ tokens }) => tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : [])));
  const spoken = lines.flatMap(({ tokens }) => phrasesOf(tokens).map((phrase) => roleOf(phrase)));
  return {
    shown: shownBy(lines.flatMap(({ tokens }) => numbersOfPage(tokens))),
    saysUsed: spoken.some(({ role, contradicts }) => role === 'used' || contradicts),
    saysRemaining: spoken.some(({ role, perhaps, contradicts }) => contradicts || (role === 'remaining' && !perhaps)),
    groups: words.some(isOfCommaLanguage) ? '.' : ',',
  };
}

/** The words between the figures of a line. */
function phrasesOf(tokens: readonly Token[]): readonly (readonly string[])[] {
  const phrases: string[][] = [[]];
  for (const { kind, text } of tokens) {
    if (kind === 'number') phrases.push([]);
    else phrases.at(-1)?.push(text);
  }
  return phrases;
}

type NotTaken = { readonly why: string; readonly isLost: boolean };

function readingOf(
  name: string,
  figures: Figures,
  { source, about, line }: { readonly source: string | null; readonly about: About; readonly line: Line },
): Result<PageReading, NotTaken> {
  const refuse = (why: string) => err({ why: `"${shortened(line.text)}" ${why}`, isLost: true });
  const labelled = figures.labelled.role === null ? roleOf(name.split(/\s+|(?=:)/), 'name') : figures.labelled;
  const role = roleIn(figures, labelled, about);
  if (role === null) return refuse('does not say surely whether its first figure is used or left: write "used" or "remaining" behind it');
  const amount = (number: WrittenNumber) => {
    const settled = settle(number, about.shown, about.groups);
    return settled.ok ? settled : refuse(`is not taken: ${number.text} ${settled.error.why}: ${settled.error.instead}`);
  };
  const [first, total, rest] = [figures.first, figures.total, figures.rest?.number ?? null].map((one) =>
    one === null ? ok(null) : amount(one),
  );
  if (!first || !total || !rest) throw new Error('a figure is missing');
  for (const one of [first, total, rest]) if (!one.ok) return one;
  if (!first.ok || !total.ok || !rest.ok || first.value === null) throw new Error('a figure is missing');
  if (
    styleOf(figures.first) !== null &&
    figures.total !== null &&
    styleOf(figures.total) !== null &&
    styleOf(figures.first) !== styleOf(figures.total)
  )
    return refuse('mixes points and commas');
  if (role === 'remaining' && total.value === null) return refuse('says what is left, but not of how much');
  const scale = scaleOf([first.value, total.value, rest.value]);
  const [a, b, c] = [first.value, total.value, rest.value].map((one) => (one === null ? null : scaled(one, scale)));
  const used = role === 'remaining' ? (b ?? 0n) - (a ?? 0n) : (a ?? 0n);
  if (used < 0n) return refuse(role === 'used' ? 'is below zero' : 'says that more is left than there is');
  if (c !== null && c !== undefined && b !== null && b !== undefined && figures.rest !== null) {
    const other = figures.rest.role === 'used' ? c : b - c;
    if (other !== used) return refuse('has figures that do not add up');
  }
  return ok(
    described(name, figures, { source, used: unscaled(used, scale), total: total.value === null ? null : unscaled(b ?? 0n, scale) }),
  );
}

/** What the first figure is. Null where that cannot be told: then it is not guessed. */
function roleIn(
  { spoken, rest }: Figures,
  labelled: ReturnType<typeof roleOf>,
  { saysUsed, saysRemaining }: About,
): 'used' | 'remaining' | null {
  if (spoken.role !== null) {
    const isOpposed = labelled.role !== null && !labelled.perhaps && !spoken.perhaps && labelled.role !== spoken.role;
    return isOpposed || labelled.contradicts ? null : spoken.role;
  }
  // "5/10 free contacts": left, or of an allowance that costs nothing?
  if (labelled.contradicts || labelled.perhaps || spoken.perhaps) return null;
  if (labelled.role !== null) return labelled.role;
  // "1,614/1,000,000 (998,386 left)": the sum tells whether that is so.
  if (rest !== null) return rest.role === 'remaining' ? 'used' : 'remaining';
  return saysRemaining && !saysUsed ? null : 'used';
}

function described(
  name: string,
  { unit, first, total: whole }: Figures,
  { source, used, total }: { readonly source: string | null; readonly used: string; readonly total: string | null },
): PageReading {
  const vendor = source === null ? null : vendorOf(source);
  const key = vendor === null ? null : meterNamed(vendor, name);
  const currency = first.currency ?? whole?.currency ?? null;
  const counted = unit || (currency?.code ?? '');
  const digits = Math.max(currency?.decimals ?? 0, ...[used, total].map((one) => one?.split('.')[1]?.length ?? 0));
  const known = { ...(counted !== '' && { unit: counted }), used, total };
  if (key !== null) return { meter: key, ...known };
  return { meter: slug(name), label: name, ...(digits > 0 && { decimals: Math.min(digits, MOST_DECIMALS) }), ...known };
}

/** The convention that a number alone settles. */
function styleOf({ by }: WrittenNumber): 'point' | 'comma' | null {
  if (by.point === null) return 'comma';
  return by.comma === null ? 'point' : null;
}

function scaleOf(decimals: readonly (string | null)[]): number {
  return Math.max(...decimals.map((one) => one?.split('.')[1]?.length ?? 0));
}

function scaled(decimal: string, scale: number): bigint {
  const isNegative = decimal.startsWith('-');
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const amount = BigInt(whole + fraction.padEnd(scale, '0'));
  return isNegative ? -amount : amount;
}

/** Without zeros at the end that say nothing; of money they are left, two of them at most. */
function unscaled(amount: bigint, scale: number): string {
  if (amount > LARGEST_AMOUNT || scale === 0) return amount.toString();
  const digits = amount.toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0{1,60}$/, '');
  return `${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `Apollo Contacts` as `apollo_contacts`. */
function slug(name: string): string {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .join('_');
}

function shortened(line: string): string {
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
