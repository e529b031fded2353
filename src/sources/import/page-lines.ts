import type { Result } from '../../core/result.ts';
import { evidenceOf, type Evidence } from '../../core/text/numbers/evidence.ts';
import { narrow } from '../../core/text/numbers/number.ts';
import { isOfCommaLanguage, isOfEnglish, roleOf } from '../../core/text/numbers/roles.ts';
import { isMeterName, isVendorName } from '../../core/vendors/recognise.ts';
import { canBeName, holdsFigure, isCounted, numbersOfPage } from './page-evidence.ts';
import type { LineProblem, PageNote } from '../../core/text/import-problem.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';
import { withoutDates } from './page-dates.ts';
import { figuresIn, type Figures } from './page-figures.ts';
import { isPeriodName } from './page-plain.ts';
import { isHeading, saysOnlyWhat } from './page-names.ts';
import { isAlert, isControl, isLevel, isStatistic } from './page-settings.ts';
import { tokensOf, type Token } from './page-tokens.ts';

/** Longer lines are not from a usage page and are skipped. */
const LONGEST_LINE = 2_000;

/** Problems of lines that may not be figures, such as a date or a step. */
const NOT_SURE: ReadonlySet<LineProblem['kind']> = new Set(['not-read', 'nameless', 'unexplained', 'no-figures']);

export type Line = {
  readonly nth: number;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly figures: readonly Result<Figures, LineProblem>[];
};
/** Figures with their name. */
export type Found = { readonly line: Line; readonly name: string; readonly figures: Figures };
/**
 * A line that is not imported, with the reason. `figures`: whether it surely has figures, perhaps has some, or only has a number
 * without a meaning.
 */
export type Note = { readonly note: PageNote; readonly figures: 'surely' | 'perhaps' | 'hardly' };

export function linesOf(text: string): readonly Line[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    const tidied = narrow(raw.slice(0, LONGEST_LINE).replace(/\p{Cf}/gu, '')).trim();
    if (tidied === '') return [];
    const tokens = raw.length > LONGEST_LINE ? [] : tokensOf(tidied);
    return [{ nth: index + 1, text: tidied, tokens, figures: figuresIn(tidied, tokens) }];
  });
}

/** Creates a note on the line. */
export function noted({ nth, text }: Line, problem: LineProblem, figures: Note['figures']): Note {
  return { note: { line: nth, text, problem }, figures };
}

/**
 * Finds the names of all figures: on their line, or on the line above. Each other line with a number gets a note.
 *
 * @param vendor the vendor of the page; null if unknown
 * @param unclear the figures whose name may be on the line above or below
 */
export function named(
  lines: readonly Line[],
  vendor: Vendor | null,
  unclear: ReadonlySet<Line>,
): { readonly found: readonly Found[]; readonly notes: readonly Note[] } {
  const found: Found[] = [];
  const notes = new Map<number, Note>();
  /** The line above that may be a name, and the line that gives the figures below it their meaning. */
  let above: Line | null = null;
  let saidAbove: readonly string[] = [];
  const usedAsName = new Set<Line>();
  for (const line of lines) {
    const note = (problem: LineProblem) =>
      notes.set(line.nth, notes.get(line.nth) ?? noted(line, problem, NOT_SURE.has(problem.kind) ? 'perhaps' : 'surely'));
    const isFigure = line.figures.length > 0 || holdsFigure(line.tokens);
    const isGarbled = line.text.includes('\uFFFD');
    if (line.tokens.length === 0) note({ kind: 'too-long' });
    else if (isGarbled) note({ kind: 'undecodable' });
    else if (line.figures.length === 0 && isFigure) note({ kind: 'not-read' });
    for (const [nth, figures] of isGarbled ? [] : line.figures.entries()) {
      if (!figures.ok) {
        note(figures.error);
        if (nth === 0 && above !== null) usedAsName.add(above);
        continue;
      }
      const own = saysOnlyWhat(figures.value.label) ? '' : figures.value.label;
      const isBelow =
        own === '' &&
        nth === 0 &&
        above !== null &&
        !unclear.has(line) &&
        (!figures.value.isSentence || (isHeading(above.text) && !isVendorName(above.text, vendor)));
      const dated = own || (isBelow ? nameOf(above) : '') || (figures.value.isSentence ? nounOf(figures.value) : '');
      if (isBelow && above !== null) usedAsName.add(above);
      const { name, of } = withoutDates(dated);
      if (own === '' && unclear.has(line) && name === '') note({ kind: 'unclear-name' });
      else if (of === 'whole month' || isPeriodName(name)) note({ kind: 'other-period' });
      else if (isLevel([...(own === '' ? name.split(/\s+/u) : []), ...figures.value.before])) note({ kind: 'inexact' });
      else if (isAlert(name) && !isMeterName(name, vendor)) note({ kind: 'inexact' });
      else if ((isControl(name) || (isStatistic(name) && figures.value.spoken.role !== null)) && !isMeterName(name, vendor))
        note({ kind: 'no-figures' });
      else if (!isName(name, figures.value, vendor))
        note({
          kind:
            /\p{L}/u.test(name) && !isMonth(figures.value) ? 'unexplained' : figures.value.spoken.role === null ? 'not-read' : 'nameless',
        });
      else {
        const labelled = own === '' && saidAbove.length > 0 ? { labelled: roleOf(saidAbove) } : {};
        const { spare } = figures.value;
        if (spare.length > 0) note({ kind: 'spare-numbers', numbers: spare });
        found.push({ line, name, figures: { ...figures.value, ...labelled } });
      }
    }
    // "Remaining" between a name and its figures is not their name.
    const saysWhat = !isFigure && saysOnlyWhat(line.text);
    saidAbove = saysWhat ? line.text.split(/[^\p{L}'’]+/u).filter((word) => word !== '') : [];
    if (!saysWhat) above = !isFigure && canBeName(line.tokens) ? line : null;
  }
  const taken = new Set([...found.map(({ line }) => line), ...usedAsName]);
  for (const line of lines)
    if (/\p{N}/u.test(line.text) && !taken.has(line) && !notes.has(line.nth))
      notes.set(line.nth, noted(line, { kind: 'no-figures' }, 'hardly'));
  return { found, notes: [...notes.values()] };
}

function nameOf(line: Line | null): string {
  return line?.text.replace(/\s?:$/, '') ?? '';
}

/** "You have 50 of 60 credits left" is about Credits. */
function nounOf({ unit }: Figures): string {
  return unit.charAt(0).toUpperCase() + unit.slice(1);
}

/** Figures without an explaining word belong to a meter if it is known or something is counted: 12/2026 is a date, 1 of 3 a step. */
function isName(name: string, { spoken, unit, first }: Figures, vendor: Vendor | null): boolean {
  if (!/\p{L}/u.test(name)) return false;
  return spoken.role !== null || first.number.currency !== null || isMeterName(name, vendor) || isCounted(name, unit);
}

/** 12/2026 */
function isMonth({ first, total }: Figures): boolean {
  return /^(?:0?[1-9]|1[0-2])$/.test(first.number.text) && /^(?:19|20)\d{2}$/.test(total?.number.text ?? '');
}

/** What all lines of a page show together about each line. */
export type AboutPage = {
  readonly evidence: Evidence;
  readonly saysUsed: boolean;
  readonly saysRemaining: boolean;
  readonly groups: ',' | '.';
  /** Whether its words are English, so that a billion is 10^9. */
  readonly isEnglish: boolean;
};

export function aboutPage(lines: readonly Line[]): AboutPage {
  const words = lines.flatMap(({ tokens }) => tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : [])));
  const spoken = lines.flatMap(({ tokens }) => phrasesOf(tokens).map((phrase) => roleOf(phrase)));
  const isComma = words.some(isOfCommaLanguage);
  return {
    evidence: evidenceOf(lines.flatMap(({ tokens }) => numbersOfPage(tokens))),
    saysUsed: spoken.some(({ role, contradicts }) => role === 'used' || contradicts),
    saysRemaining: spoken.some(({ role, perhaps, contradicts }) => contradicts || (role === 'remaining' && !perhaps)),
    groups: isComma ? '.' : ',',
    isEnglish: !isComma && words.some(isOfEnglish),
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
