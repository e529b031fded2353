import { BALANCES, PERHAPS_REMAINING, wordSet } from '../../core/text/numbers/role-vocabulary.ts';
import { isRoleWord, roleOf, type Role } from '../../core/text/numbers/roles.ts';
import { isCounted } from './page-evidence.ts';
import type { Line } from './page-lines.ts';
import { isHelping } from './page-tail.ts';

/** What the lines around figures say about them: `unclear` if they say both, or may say either. */
export type Around = Role | 'unclear';

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
      heading = saidBy(line) ?? heading;
      continue;
    }
    const [below, next] = [lines[index + 1], lines[index + 2]];
    // A line that is above other figures belongs to those.
    const isAboveOthers = next !== undefined && next.figures.length > 0;
    const after = below === undefined || below.figures.length > 0 || isAboveOthers ? null : saidBy(below);
    const said = heading !== null && after !== null && heading !== after ? 'unclear' : (after ?? heading);
    if (said !== null) around.set(line, said);
  }
  return around;
}

/** What a line without figures says about figures near it. Null: nothing. */
function saidBy({ tokens }: Line): Around | null {
  const spoken = tokens.flatMap(({ kind, text }) => (kind === 'number' ? [] : [text]));
  const words = spoken.map((word) => word.toLowerCase().normalize('NFC').replace(/\.$/, ''));
  if (words.some((word) => TIMES.has(word))) return null;
  const { role, perhaps, contradicts } = roleOf(spoken);
  if (contradicts) return 'unclear';
  if (role !== null && !perhaps) return role;
  // "Available credits", "Balance": what is left, or the allowance. In a sentence, such words say something else.
  const letters = words.filter((word) => /\p{L}/u.test(word));
  const isOnly = letters.every((word) => BALANCES.has(word) || isRoleWord(word) || isHelping(word) || isCounted('', word));
  const mayBeLeft = letters.some((word) => BALANCES.has(word) || (PERHAPS_REMAINING.has(word) && !PLANS.has(letters.join(' '))));
  return isOnly && mayBeLeft ? 'unclear' : null;
}
