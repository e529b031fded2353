import { BALANCES, MAYBE_LEFT, PERHAPS_REMAINING, USAGE, wordSet } from '../../core/text/numbers/role-vocabulary.ts';
import { isRoleWord, roleOf, type Role } from '../../core/text/numbers/roles.ts';
import { isCounted } from './page-evidence.ts';
import type { Line } from './page-lines.ts';
import { saysOnlyWhat } from './page-names.ts';
import { areNeutral, plainOf, saysUsage } from './page-plain.ts';
import { isHelping } from './page-tail.ts';

/**
 * What the lines around figures say about them: `unclear` if they say both, or may say either. `usage`: a heading such as "Usage", which pages
 * of what is left have too.
 */
export type Around = Role | 'usage' | 'unclear';

/** "14 days left": of a trial, not of credits. */
const TIMES = wordSet(
  'day days week weeks month months hour hours minute minutes trial tag tage tagen woche wochen monat monate monaten jour jours semaine semaines mois día días semana semanas mes meses',
);
/** Alone, the name of a plan. */
const PLANS = wordSet('free frei libre gratis');

/**
 * Returns what the headings above the figures of each line say, and the line below them: "Remaining" above a list, "left" below a
 * figure. A heading holds until the next one that says something.
 */
export function aroundFigures(lines: readonly Line[]): ReadonlyMap<Line, Around> {
  const around = new Map<Line, Around>();
  let heading: Around | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.figures.length === 0) {
      // "Usage" in a menu does not end what "Remaining" says.
      const isUse = saysUsage(line.tokens.map(({ text }) => text));
      heading = saidBy(line) ?? (isUse ? headingOfUsage(heading) : heading);
      continue;
    }
    const [below, next] = [lines[index + 1], lines[index + 2]];
    // A line that is above other figures without a name belongs to those.
    const isAboveOthers = next?.figures[0]?.ok === true && next.figures[0].value.label === '';
    const after =
      below === undefined || below.figures.length > 0 || isAboveOthers
        ? null
        : (saidBelow(below) ?? (goesOn(below, lines[index - 1]) ? 'unclear' : null));
    const said = heading !== null && heading !== 'usage' && after !== null && heading !== after ? 'unclear' : (after ?? heading);
    if (said !== null) around.set(line, said);
  }
  return around;
}

/** "Used" below figures is about them only if it stands alone: "Cookies are used" is not. */
function saidBelow(line: Line): Around | null {
  const said = saidBy(line);
  return said === 'used' && !saysOnlyWhat(line.text) ? null : said;
}

function headingOfUsage(before: Around | null): Around {
  return before === null || before === 'usage' ? 'usage' : before === 'used' ? 'used' : 'unclear';
}

/** Whether a line goes on with the sentence of the figures above it, in words that may change their meaning: "still there". */
function goesOn({ text, tokens }: Line, above: Line | undefined): boolean {
  // Some pages write everything in lower case.
  return (
    /^\p{Ll}/u.test(text) &&
    !/^\p{Ll}/u.test(above?.text ?? '') &&
    !areNeutral(
      tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : [])),
      new Set(),
    )
  );
}

/** What a line without figures says about figures near it. Null: nothing. */
function saidBy({ tokens }: Line): Around | null {
  const spoken = tokens.flatMap(({ kind, text }) => (kind === 'number' ? [] : [text]));
  const words = spoken.map(plainOf);
  if (words.some((word) => TIMES.has(word))) return null;
  const { role, perhaps, contradicts } = roleOf(spoken);
  if (contradicts) return 'unclear';
  if (role !== null && !perhaps) return role;
  // "Available credits", "Balance": what is left, or the allowance. In a sentence, such words say something else.
  const letters = words.filter((word) => /\p{L}/u.test(word));
  const isOnly = letters.every(
    (word) => BALANCES.has(word) || MAYBE_LEFT.has(word) || USAGE.has(word) || isRoleWord(word) || isHelping(word) || isCounted('', word),
  );
  const mayBeLeft = letters.some(
    (word) => BALANCES.has(word) || MAYBE_LEFT.has(word) || (PERHAPS_REMAINING.has(word) && !PLANS.has(letters.join(' '))),
  );
  return isOnly && mayBeLeft ? 'unclear' : null;
}
