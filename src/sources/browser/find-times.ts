import { DAY_MS } from '../../core/time/local-time.ts';
import { polledInstant } from '../http/map-response.ts';
import { commonSteps, namePartsOf, type AnswerPath } from './answer-path.ts';
import { nameParts } from './secret-text.ts';
import type { Group } from './walk-answer.ts';

/** An end of a period in an answer. `rank`: how surely it is one, 0 the most. */
type PeriodTime = { readonly path: AnswerPath; readonly end: 'start' | 'end'; readonly rank: number };

const RESETS = new Set(
  'reset resets renew renews renewal renewed refresh refreshes refill refills refilled replenish replenishes replenished'.split(' '),
);
const PERIODS = new Set('period cycle billing interval term window subscription'.split(' '));
const ENDS = new Set('end ends ended ending until to'.split(' '));
const STARTS = new Set('start starts started begin begins beginning from'.split(' '));
const BEFORE = new Set('last previous prior'.split(' '));

const LONGEST_MS = 400 * DAY_MS;

/** Lists the ends of periods that an answer names. @param at when the answer was given */
export function periodTimesIn(groups: readonly Group[], at: Date): readonly PeriodTime[] {
  return groups.flatMap(({ path, fields }) => {
    const outer = path.at(-1);
    const around = outer?.to === 'field' ? namePartsOf(outer) : [];
    return fields.flatMap(([name, value]): readonly PeriodTime[] => {
      const meant = meaningOf(nameParts(name), around);
      return meant !== null && isWithin(value, meant.end, at) ? [{ path: [...path, { to: 'field', name }], ...meant }] : [];
    });
  });
}

/** Returns the nearest time around some figures, so that each entry of a list keeps its own. */
export function nearestTime(times: readonly PeriodTime[], end: 'start' | 'end', figures: AnswerPath): AnswerPath | null {
  const [nearest] = times
    .filter((time) => time.end === end && isAround(time.path, figures))
    .toSorted((a, b) => commonSteps(b.path, figures) - commonSteps(a.path, figures) || a.rank - b.rank);
  return nearest?.path ?? null;
}

/** Whether a time belongs to no other entry of a list than the figures. */
function isAround(time: AnswerPath, figures: AnswerPath): boolean {
  return time.slice(commonSteps(time, figures)).every(({ to }) => to === 'field');
}

function meaningOf(words: readonly string[], around: readonly string[]): { readonly end: 'start' | 'end'; readonly rank: number } | null {
  const has = (all: ReadonlySet<string>, some = words) => some.some((word) => all.has(word));
  const isOfPeriod = has(PERIODS) || has(PERIODS, around);
  const isBefore = has(BEFORE);
  if (has(RESETS)) return { end: isBefore ? 'start' : 'end', rank: 0 };
  if (isBefore) return null;
  if (isOfPeriod && has(ENDS)) return { end: 'end', rank: 1 };
  if (isOfPeriod && has(STARTS)) return { end: 'start', rank: 1 };
  const isNext = words.includes('next') && words.some((word) => ['billing', 'payment', 'charge', 'invoice', 'cycle'].includes(word));
  return isNext ? { end: 'end', rank: 2 } : null;
}

/** Small numbers are durations, and a time far away is of something else. */
function isWithin(value: unknown, end: 'start' | 'end', at: Date): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const read = polledInstant(value, null);
  if (!read.ok) return false;
  const aheadMs = read.value.at.getTime() - at.getTime();
  return end === 'end' ? aheadMs > -DAY_MS && aheadMs < LONGEST_MS : aheadMs <= DAY_MS && aheadMs > -LONGEST_MS;
}
