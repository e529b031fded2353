import { hasEnded, startsNewPeriod } from './classify-change.ts';
import type { HeldReading, HoldReason } from './held-reading.ts';
import { DAY_MS } from '../time/local-time.ts';
import { hasSameStart, type Period } from '../time/period.ts';
import { isWithinItsPeriod, type Reading } from './reading.ts';

/** What the rule knows of a meter before its next reading. */
export type Known = {
  /** The latest reading that counts. */
  readonly reading: Reading;
  /** Names the period in the once-per-period key. */
  readonly periodBeganAt: Date;
  /** A reset was seen in a reading that could not be judged: the next one that can begins the period. */
  readonly resetPending: boolean;
  /** What was used when the last period closed, while the vendor may still show it in this one; null once it no longer may. */
  readonly closedAtUsed: bigint | null;
  /** The last jump to more than ten times as much, until used has doubled or halved since. */
  readonly jump: Jump | null;
};
export type Jump = { readonly from: bigint; readonly to: bigint };

/** A vendor's counter is reset minutes or hours after its period begins: at most a day, and of short periods a tenth. */
const LAG_MS = DAY_MS;
const LAG_OF_PERIOD = 10;
/** A figure within a twentieth of the old one, or within two units, is still the old one where figures come often enough to tell. */
const SAME_FIGURE = 20n;
const SAME_UNITS = 2n;
/** Used that falls to a tenth or less inside a known period, and a total that falls to a tenth or less, are odd. */
const FALLS_TO = 10n;
/** A total that grows more than a hundredfold is odd. What people buy is less. */
const GROWS_ABOVE = 100n;
/** Used that grows more than tenfold between two readings is a jump, which a vendor may take back. */
const JUMPS_ABOVE = 10n;
/** A balance of which more than a fifth of its total was left is not gone within a day and a half: figures that come seldomer are believed. */
const LITTLE_LEFT = 5n;
const EMPTIED_WITHIN_MS = 1.5 * DAY_MS;
/** Less than a fiftieth of what was used, or left, is nearly nothing: two such figures may both be odd. */
const NEARLY_NOTHING = 50n;
/** Figures up to this are as likely an odd answer as where a meter was before it jumped. */
const A_HANDFUL = 10n;

/**
 * Why a reading is not believed at once; null when it is.
 *
 * @param resets false for a balance
 * @param isCorrection somebody said that the fall to this reading was a correction
 */
export function doubtOf(
  known: Known,
  reading: Reading,
  { resets, isCorrection = false }: { readonly resets: boolean; readonly isCorrection?: boolean },
): HoldReason | null {
  const before = known.reading;
  if (!resets && reading.period === null) return doubtOfBalance(before, reading);
  const isNew = startsNewPeriod(before, reading, known.periodBeganAt);
  const odd = oddTotal(before, reading, isNew);
  if (odd !== null) return odd === 'none' ? 'no-total' : 'odd-total';
  if (isOfEarlierPeriod(before, reading)) return 'earlier-period';
  if (isOldFigure(known, reading)) return 'old-figure';
  return !isNew && !isCorrection && fellOddly(known, reading) ? 'zero' : null;
}

/** Of a balance that nothing is left is no surprise where little was, and a total that moves explains a used of 0: it was booked off, or topped up. */
function doubtOfBalance(before: Reading, reading: Reading): HoldReason | null {
  const { used, total } = reading;
  const odd = oddTotal(before, reading, false);
  if (odd === 'none' && used > 0n) return 'no-total';
  if (odd === 'unknown' || (odd === 'small' && total !== null && used > total)) return 'odd-total';
  if (used === 0n && before.used > 0n && total === before.total) return 'zero';
  return emptiedOddly(before, reading) ? 'nothing-left' : null;
}

/** Whether a balance is nearly gone from one answer to the next, though not little was left and so little time has passed. */
function emptiedOddly(before: Reading, reading: Reading): boolean {
  // A vendor that takes what is used off the total does not tell how much is little.
  if (before.total === null || reading.total !== before.total || reading.isTotalUnknown === true) return false;
  const [left, leftBefore] = [before.total - reading.used, before.total - before.used];
  if (reading.observedAt.getTime() - before.observedAt.getTime() > EMPTIED_WITHIN_MS) return false;
  return leftBefore * LITTLE_LEFT > before.total && left * NEARLY_NOTHING < leftBefore;
}

/** Whether what is left of a balance is about what it was, and not more: that would be a top-up. */
function isLeftAgain(before: Reading, next: Reading): boolean {
  const [left, leftBefore] = [(next.total ?? 0n) - next.used, (before.total ?? 0n) - before.used];
  return left <= leftBefore && left * 4n >= leftBefore * 3n;
}

/** Whether the next reading confirms a held one, withdraws it, or leaves it waiting. What it withdraws it may be as odd itself. */
export function verdictOn({ reading: held, why, seenAt }: HeldReading, known: Known, next: Reading): 'confirmed' | 'withdrawn' | 'waits' {
  const before = known.reading;
  const isNew = startsNewPeriod(before, next, known.periodBeganAt);
  switch (why) {
    case 'zero': {
      // About the old figure, or more: the fall was none. Anything between is more than a reset has brought since.
      if (isBack(before, next) || isNew || isSurelyTakenBack(known, next)) return 'withdrawn';
      if (oddTotal(before, next, isNew) !== null) return 'waits';
      const isOddToo = next.used !== held.used && next.used * NEARLY_NOTHING < before.used && isWithinRunningPeriod(known, next);
      return isOddToo && seenAt.getTime() === held.observedAt.getTime() ? 'waits' : 'confirmed';
    }
    case 'nothing-left':
      return isLeftAgain(before, next) ? 'withdrawn' : 'confirmed';
    case 'no-total':
    case 'odd-total': {
      const isSame = oddTotal(before, next, isNew) === oddTotal(before, held, false) && oddTotal(held, next, isNew) === null;
      // Both were odd, and used is back.
      return isSame && !(fellOddly(known, held) && isBack(before, next)) ? 'confirmed' : 'withdrawn';
    }
    case 'earlier-period':
      if (!hasSameStart(held.period, next.period)) return 'withdrawn';
      return isWithinItsPeriod(next) ? 'confirmed' : 'waits';
    case 'old-figure':
      if (isOldFigure(known, next, held.used)) return 'waits';
      return next.used < (isNew ? before.used : held.used) ? 'withdrawn' : 'confirmed';
  }
}

/**
 * How a total has changed that nobody changes so: to 0, to unlimited, to a tenth or less, to no more than what is used where that
 * was covered, or to more than a hundred times as much. Null for a change that plans and top-ups explain, and a new period
 * explains all but the first and the third.
 */
function oddTotal(
  { total: before, used: usedBefore, isTotalUnknown = false }: Reading,
  { total, used, isTotalUnknown: isUnknown = false }: Reading,
  isNew: boolean,
): 'none' | 'unknown' | 'small' | 'large' | null {
  if (total === before || isTotalUnknown || isUnknown) return null;
  if (total === 0n) return 'none';
  if (before === null || before === 0n) return null;
  if (total === null) return isNew ? null : 'unknown';
  if (total * FALLS_TO <= before) return 'small';
  if (total < before && total <= used && usedBefore < before && !isNew) return 'small';
  return total > before * GROWS_ABOVE && !isNew ? 'large' : null;
}

/** Used fell to 0, or to a tenth or less inside a period that is known and goes on, its last day as well, and nothing explains it. */
function fellOddly(known: Known, reading: Reading): boolean {
  const before = known.reading;
  if (reading.used >= before.used || hasEnded(before, reading, known.periodBeganAt)) return false;
  if (before.total !== null && reading.total !== null && reading.total > before.total) return false;
  if (reading.used === 0n) return true;
  return reading.used * FALLS_TO <= before.used && isWithinRunningPeriod(known, reading) && !isSurelyTakenBack(known, reading);
}

/** An odd answer is often a handful of units: what jumped from there is taken back only where a second reading says so. */
function isSurelyTakenBack(known: Known, reading: Reading): boolean {
  return (known.jump?.from ?? 0n) > A_HANDFUL && isTakenBack(known, reading);
}

/** Whether used is about what it was, or more. */
function isBack(before: Reading, { used }: Reading): boolean {
  return used * 4n >= before.used * 3n;
}

function isWithinRunningPeriod({ reading: before, periodBeganAt }: Known, reading: Reading): boolean {
  return before.period !== null && reading.period !== null && !hasEnded(before, reading, periodBeganAt);
}

/** Whether used fell back inside a period that goes on to about where it was before it jumped: the vendor corrected the jump. */
export function isTakenBack(known: Known, reading: Reading): boolean {
  const { reading: before, periodBeganAt, jump } = known;
  if (jump === null || !isWithinRunningPeriod(known, reading) || startsNewPeriod(before, reading, periodBeganAt)) return false;
  const { used } = reading;
  return used >= jump.from ? (used - jump.from) * SAME_FIGURE <= jump.to : isAbout(used, jump.from);
}

/** The jump that a vendor may take back after a reading that counts. */
export function jumpAfter({ reading: before, jump }: Known, { used }: Reading): Jump | null {
  if (before.used > 0n && used > before.used * JUMPS_ABOVE) return { from: before.used, to: used };
  return jump !== null && used * 2n >= jump.to && used <= jump.to * 2n ? jump : null;
}

/**
 * The period is new, but the figure is not: the vendor's counter has not been reset yet, or one of its answers is from before.
 *
 * @param shown the figure that is not believed already
 */
function isOldFigure(known: Known, reading: Reading, shown?: bigint): boolean {
  const { reading: before, periodBeganAt, resetPending, closedAtUsed } = known;
  const { used, period, observedAt } = reading;
  if (period === null || resetPending || !mayLag(period, observedAt)) return false;
  const isNew = startsNewPeriod(before, reading, periodBeganAt);
  const old = isNew ? before.used : closedAtUsed;
  if (old === null || old === 0n) return false;
  const compared = shown ?? old;
  // Where the new period has begun already, only what leaps up to that very figure is taken for it.
  if (!isNew) return before.used * 2n < old && hasSameStart(before.period, period) && differenceOf(used, compared) <= SAME_UNITS;
  if (used === compared) return true;
  const comesOften = observedAt.getTime() - before.observedAt.getTime() <= 2 * lagOf(period);
  return comesOften && isAbout(used, compared);
}

function differenceOf(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}

function isAbout(used: bigint, figure: bigint): boolean {
  const difference = differenceOf(used, figure);
  return difference <= SAME_UNITS || difference * SAME_FIGURE <= figure;
}

/** Whether so little of a period has passed that the vendor may still show the figure of the last one. */
export function mayLag(period: Period, at: Date): boolean {
  return at.getTime() - period.start.getTime() <= lagOf(period);
}

function lagOf(period: Period): number {
  return Math.min(LAG_MS, (period.end.getTime() - period.start.getTime()) / LAG_OF_PERIOD);
}

function isOfEarlierPeriod(before: Reading, { period, observedAt }: Reading): boolean {
  if (before.period === null || period === null || period.start >= before.period.start || hasSameStart(before.period, period)) return false;
  // A period that lay in the future of the reading before has not begun yet.
  return period.end > before.period.start || observedAt >= period.end;
}
