import { isAcronym } from '../../core/text/numbers/roles.ts';
import { partsOfName, plainOf } from './page-plain.ts';
import type { Token } from './page-tokens.ts';
import {
  AFTER_IS,
  ALERTS,
  BOUNDS,
  CONDITIONS,
  CONTROLS,
  EXAMPLES,
  LEVELS,
  NO_BOUND_OVER,
  OF_ALERTS,
  STATISTICS,
  SWITCHES,
  TO_PLAN,
} from './page-vocabulary.ts';

/** Whether the words directly before a figure make it a bound: "about", "less than", "bis zu". */
export function isBound(before: readonly Token[]): boolean {
  const [earlier = '', last = ''] = [before.at(-2), before.at(-1)].map((token) => (token?.kind === 'word' ? plainOf(token.text) : ''));
  // "Left over" is what is left.
  if (last === 'over') return !NO_BOUND_OVER.has(earlier);
  return BOUNDS.has(last) || BOUNDS.has(`${earlier} ${last}`);
}

/**
 * Whether the words before figures make them the level of a setting or a condition: "Alert at 800 / 2,000", "Notify me when". "You are at
 * 800 / 2,000" is none.
 */
export function isLevel(before: readonly string[]): boolean {
  const words = before.filter((word) => /\p{L}/u.test(word) && !isAcronym(word));
  const [earlier = '', last = ''] = [words.at(-2), words.at(-1)];
  // "A" in capitals is the end of a name: "Plan A".
  const isAtLevel = LEVELS.has(last === 'A' ? '' : plainOf(last)) && !AFTER_IS.has(plainOf(earlier));
  return isAtLevel || words.some((word) => CONDITIONS.has(plainOf(word)));
}

/** Whether a text before figures is a control, an offer, an example or a position in a list, and no name: "Upgrade to Pro", "Showing". */
export function isControl(name: string): boolean {
  const words = partsOfName(name).map(plainOf);
  const [first = '', second = ''] = words;
  if (CONTROLS.has(first) || EXAMPLES.has(first) || CONTROLS.has(words.at(-1) ?? '')) return true;
  return SWITCHES.has(first) && TO_PLAN.has(second);
}

/** Whether a name is that of a statistic or a proposal: "Peak usage", "Recommended". Its figures are none of now, even if they say "used". */
export function isStatistic(name: string): boolean {
  return partsOfName(name).some((word) => STATISTICS.has(plainOf(word)));
}

/** Whether a name is that of an alert, whose figures are its level and no meter: "Alert", "Usage alert", "Alert level". */
export function isAlert(name: string): boolean {
  const words = partsOfName(name).map(plainOf);
  const noun = words.findLastIndex((word) => !OF_ALERTS.has(word));
  return ALERTS.has(words[noun] ?? '');
}
