import { isRoleWord } from '../../core/text/numbers/roles.ts';
import { monthOf } from '../../core/time/month-names.ts';
import { isCounted } from './page-evidence.ts';
import type { Figures } from './page-figures.ts';
import type { Line } from './page-lines.ts';
import { saysOnlyWhat } from './page-names.ts';
import { isBesidePeriod, isForecast, isNotNow, isOfOldPlan, isPast, withoutBilling } from './page-past.ts';
import { hasShortPeriod, isOfShortPeriod, isShortHeading } from './page-periods.ts';
import { partsOfName, plainOf, saysUsage } from './page-plain.ts';
import {
  BY,
  CURRENT,
  FORECAST,
  JOINS_HEADING,
  MEMBERS,
  NOT_NOW,
  NO_UNIT,
  PAST,
  PAST_ALONE,
  PERIODS,
  SECTIONS,
  TODAY,
} from './page-vocabulary.ts';

/** Why figures are not the current ones of the account: they are of another period, or of one person. */
export type Other = 'other-period' | 'one-member';

/** What a line without figures is the heading of. `members`: people, perhaps; `short`: today, or this week; `usage`: a section of figures of any period. */
type Heading = Other | 'members' | 'current' | 'short' | 'usage';

/**
 * A heading of others, and which figures are below it: `all` up to the next heading, only the `nameless` ones directly below it, or those
 * of names that `may be people`.
 */
type Section = {
  readonly other: Other | 'short-period';
  readonly of: 'all' | 'nameless' | 'maybe-people';
  readonly begins: Line;
  readonly isEmpty: boolean;
};

/**
 * Finds the figures of past and future periods and of single persons, by their own line, their heading, or the header of their table.
 *
 * @param lone the figures that stand alone beside a label
 */
export function figuresOfOthers(lines: readonly Line[], lone: ReadonlyMap<Line, unknown>): ReadonlyMap<Line, Other | 'short-period'> {
  const others = new Map<Line, Other | 'short-period'>();
  let section: Section | null = null;
  let table: Other | null = null;
  let before: Heading | null = null;
  for (const [index, line] of lines.entries()) {
    const isRow = line.text.includes('\t');
    if (line.figures.length === 0 && !lone.has(line)) {
      table = isRow ? (table ?? tableOf(line.text)) : null;
      const heading = isRow && table !== null ? null : headingOf(line);
      section = sectionBelow(line, { heading, before, section, above: lines[index - 1] });
      // The choices of a menu follow each other: "Today", "Yesterday", "Last 7 days".
      before = isChoice(before) && heading === 'other-period' ? 'current' : heading;
      continue;
    }
    before = null;
    section = section === null ? null : sectionAt(line, section, lines[index - 1]);
    const other = ownOther(line) ?? (isRow ? table : null) ?? section?.other ?? null;
    if (other !== null) others.set(line, other);
  }
  return others;
}

/** Returns the section that goes on below a line without figures. */
function sectionBelow(
  line: Line,
  {
    heading,
    before,
    section,
    above,
  }: {
    readonly heading: Heading | null;
    readonly before: Heading | null;
    readonly section: Section | null;
    readonly above: Line | undefined;
  },
): Section | null {
  const begins = { begins: line, isEmpty: true };
  switch (heading) {
    case 'current':
      return null;
    case 'other-period':
    case 'short':
      // A menu offers the current period and others. Only figures that have no name but this one are surely of the other.
      return {
        ...begins,
        other: heading === 'short' ? 'short-period' : heading,
        of: isChoice(before) || (heading === 'short' && before === 'other-period') ? 'nameless' : 'all',
      };
    case 'one-member':
      return { ...begins, other: heading, of: 'all' };
    case 'members':
      return { ...begins, other: 'one-member', of: section?.other === 'one-member' && section.of === 'all' ? 'all' : 'maybe-people' };
    case 'usage':
      // "Last month" directly above "Usage" is the period of that usage.
      return section !== null && section.other !== 'one-member' && section.isEmpty && section.of === 'all' ? section : null;
    case null:
      if (section === null || (section.other === 'one-member' && saysUsage(line.text.split(/\s+/u)))) return null;
      // "Used" between a heading and its figures is no name.
      if (saysOnlyWhat(line.text)) return section.begins === above ? { ...section, begins: line } : section;
      if (section.of === 'maybe-people') {
        // Names of people follow such a heading, but other choices or the name of a meter follow a tab "By user".
        const isChoice = BY.has(plainOf(line.text.split(/\s+/u)[0] ?? ''));
        if (isChoice || (isCounted(line.text, '') && !isMembers(line.text))) return null;
        return /\p{L}/u.test(line.text) ? { ...section, of: 'all' } : section;
      }
      return section.of === 'nameless' && !section.isEmpty && /\p{L}/u.test(line.text) ? null : section;
  }
}

/** Whether a heading may be the first choice of a menu of periods. */
function isChoice(heading: Heading | null): boolean {
  return heading === 'current' || heading === 'short';
}

/** Returns the section that the figures of a line belong to. */
function sectionAt({ figures: [first] }: Line, section: Section, above: Line | undefined): Section | null {
  const label = first?.ok === true ? first.value.label : '';
  const isNameless = label === '' || saysOnlyWhat(label);
  // "Last month", then "300 / 2,000 used": the heading is the name of these figures alone.
  if (isNameless && section.isEmpty && above === section.begins) return { ...section, of: 'nameless', isEmpty: false };
  const isOut =
    section.of === 'nameless' ? section.isEmpty || !isNameless : section.of === 'maybe-people' && !isNameless && isCounted(label, '');
  return isOut ? null : { ...section, isEmpty: false };
}

/** What a whole line is the heading of. A sentence, a price, or a line with any other word is no heading: "Updated yesterday". */
function headingOf({ text, tokens }: Line): Heading | null {
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [plainOf(token.text).replace(/'s$/, '')] : []));
  if (words.length === 0 || words.length > MOST_WORDS || /[!?…;|]/u.test(text)) return null;
  if (isShortHeading(words) && !tokens.some(({ kind }) => kind === 'number')) return 'short';
  if (!areOfHeading(words)) return null;
  const other = isPast(words) || isNotNow(words) || (words.length > 1 && isForecast(words));
  const isCurrent =
    (words.some((word) => PERIODS.has(word)) && words.some((word) => CURRENT.has(word))) || words.every((word) => TODAY.has(word));
  if (isCurrent) return other ? null : 'current';
  const isDated = words.some((word) => monthOf(word) !== null);
  if (/[./]/.test(text) || !tokens.every((token, index) => token.kind !== 'number' || isDated || countsPeriods(tokens, index))) return null;
  if (other) return 'other-period';
  const isUsage = saysUsage(words);
  if (words.some((word, index) => BY.has(word) && MEMBERS.has(words[index + 1] ?? ''))) return isUsage ? 'one-member' : 'members';
  return isUsage || words.every((word) => SECTIONS.has(word) && !NO_UNIT.has(word)) ? 'usage' : null;
}

const MOST_WORDS = 6;

/** Whether a number is that of "Last 7 days" or "30 derniers jours". Any other is a figure: "Credits used last month: 300". */
function countsPeriods(tokens: Line['tokens'], index: number): boolean {
  const next = plainOf(tokens[index + 1]?.text ?? '');
  return PERIODS.has(next) || PAST.has(next);
}

/** Whether all words are those of headings. "Last" is only beside a period, because "Last reset" and "Last used" are no headings. */
function areOfHeading(words: readonly string[]): boolean {
  const isKnown = (word: string) => KNOWN.some((one) => one.has(word)) || isRoleWord(word) || isCounted('', word) || saysUsage([word]);
  return withoutBilling(words).every((word, index, all) =>
    PAST.has(word) || NOT_NOW.has(word) ? isBesidePeriod(all, index) : isKnown(word) || monthOf(word) !== null,
  );
}

const KNOWN = [PAST_ALONE, PERIODS, FORECAST, CURRENT, TODAY, BY, MEMBERS, SECTIONS, JOINS_HEADING];

const ADDRESS = /[^\s@]@[\p{L}\p{N}.-]{1,200}\.\p{L}{2}/u;

/** What a line says about its own figures. */
function ownOther(line: Line): Other | null {
  if (ADDRESS.test(line.text)) return 'one-member';
  const words = wordsTo(line);
  return isPast(words) || isForecast(words) ? 'other-period' : null;
}

/**
 * What figures are, by their lines and headings, their name, and the words beside them. Null: current figures of the account.
 *
 * @param around what `figuresOfOthers` found
 */
export function otherOf(name: string, figures: Figures, around: Other | 'short-period' | undefined): Other | null {
  const words = partsOfName(name).map((word) => plainOf(word).replace(/'s$/, ''));
  const isOther = isPast(words) || isNotNow(words) || isOfOldPlan(words) || isForecast(words) || isOfShortPeriod(name, figures);
  return ofSection(around, name, figures.unit) ?? (isOther ? 'other-period' : null);
}

/** What figures are by their heading. Those of "Daily credits" may be below "Today". */
export function ofSection(around: Other | 'short-period' | undefined, name: string, unit: string): Other | null {
  if (around === 'short-period') return hasShortPeriod(name, unit) ? null : 'other-period';
  return around ?? null;
}

/** The words of a line up to the end of the phrase behind its figures. A number counts as a word: "last 30 days" are not over. */
function wordsTo({ tokens }: Line): readonly string[] {
  const words: string[] = [];
  let numbers = 0;
  for (const { kind, text } of tokens) {
    if (numbers > 1 && kind !== 'word') break;
    if (kind === 'number') numbers += 1;
    words.push(kind === 'word' ? plainOf(text) : text);
  }
  return words;
}

/** Whose figures the rows below a header are: people are in its first column, and a column of a period is beside no current one. */
function tableOf(header: string): Other | null {
  const cells = header.split('\t').map((cell) => cell.split(/\s+/u).map(plainOf));
  if (isMembers(header.slice(0, header.indexOf('\t')))) return 'one-member';
  if (cells.flat().some((word) => CURRENT.has(word) || TODAY.has(word))) return null;
  const isOther = (words: readonly string[]) => (isPast(words) || isForecast(words)) && areOfHeading(words);
  return cells.some(isOther) ? 'other-period' : null;
}

/** "User", "Team member": the name of a column of people. "Emails per user" is none. */
function isMembers(text: string): boolean {
  const words = text.split(/\s+/u).map(plainOf);
  return words.length <= 2 && words.some((word) => MEMBERS.has(word)) && !words.some((word) => BY.has(word));
}
