import { hasEnded, startsNewPeriod } from './classify-change.ts';
import type { HeldReading, HoldReason } from './held-reading.ts';
import { DAY_MS } from '../time/local-time.ts';
import { hasSameStart, type Period } from '../time/period.ts';
import { isWithinItsPeriod, type Reading } from './reading.ts';

/** The state of a meter before its next reading. */
export type Known = {
  /** The current reading. */
  readonly reading: Reading;
  /** Identifies the period in the once-per-period key. */
  readonly periodBeganAt: Date;
  /** A reset was seen in a reading that could not be evaluated: the next one that can begins the period. */
  readonly resetPending: boolean;
  /** Final `used` of the last period, while the vendor may still report it in this one; null after that. */
  readonly closedAtUsed: bigint | null;
  /** The last increase to more than ten times as much, until `used` has doubled or halved since. */
  readonly jump: Jump | null;
  /** While the current reading is a lower bound: the last measured one, with a usage of 0 if that began a period; null if there is none. */
  readonly measured?: Reading | null;
};
export type Jump = { readonly from: bigint; readonly to: bigint };

/** A vendor resets its counter minutes or hours after the period begins: within a day, or a tenth of a short period. */
const LAG_MS = DAY_MS;
const LAG_OF_PERIOD = 10;
/** A figure within a twentieth, or within two units, of the old one counts as the old one if readings come often enough to tell. */
const SAME_FIGURE = 20n;
const SAME_UNITS = 2n;
/** A drop of `used` to a tenth or less within a known period is doubtful, and so is a drop of the total to a tenth or less. */
const FALLS_TO = 10n;
/** A total that grows more than a hundredfold is doubtful. Purchases are smaller. */
const GROWS_ABOVE = 100n;
/** A doubtful size of a total is confirmed by a total that is at most twice or half as much. */
const SAME_SIZE = 2n;
/** `used` that grows more than tenfold between two readings is a jump, which the vendor may correct. */
const JUMPS_ABOVE = 10n;
/** A balance with more than a fifth left is not used up within a day and a half. Readings that are further apart are accepted. */
const LITTLE_LEFT = 5n;
const EMPTIED_WITHIN_MS = 1.5 * DAY_MS;
/** Less than a fiftieth of what was used or left is nearly nothing: two such readings may both be wrong. */
const NEARLY_NOTHING = 50n;
/** A figure up to this is as likely a wrong answer as the value before a jump. */
const A_HANDFUL = 10n;

/**
 * Returns why a reading is doubtful; null if it is accepted.
 *
 * @param resets false for a balance
 * @param isCorrection a person reclassified the drop to this reading as a correction
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

/**
 * Returns why a reading of a balance is doubtful; null if it is accepted. A small rest may run out, and a changed total explains a `used` of
 * 0: a vendor that subtracts usage, or a top-up.
 */
export function doubtOfBalance(before: Reading, reading: Reading): HoldReason | null {
  const { used, total } = reading;
  const odd = oddTotal(before, reading, false);
  if (odd === 'none' && used > 0n) return 'no-total';
  if (odd === 'unknown' || (odd === 'small' && total !== null && used > total)) return 'odd-total';
  if (used === 0n && before.used > 0n && total === before.total) return 'zero';
  return emptiedOddly(before, reading) ? 'nothing-left' : null;
}

/** Whether a balance with much left is nearly used up in the next reading, within a short time. */
function emptiedOddly(before: Reading, reading: Reading): boolean {
  // If the vendor subtracts usage from the total, the total does not show how much is little.
  if (before.total === null || reading.total !== before.total) return false;
  const [left, leftBefore] = [before.total - reading.used, before.total - before.used];
  if (reading.observedAt.getTime() - before.observedAt.getTime() > EMPTIED_WITHIN_MS) return false;
  return leftBefore * LITTLE_LEFT > before.total && left * NEARLY_NOTHING < leftBefore;
}

/** Whether about as much of a balance is left as before, and not more, which would be a top-up. */
function isLeftAgain(before: Reading, next: Reading): boolean {
  const [left, leftBefore] = [(next.total ?? 0n) - next.used, (before.total ?? 0n) - before.used];
  return left <= leftBefore && left * 4n >= leftBefore * 3n;
}

/** Returns whether the next reading confirms a held one, withdraws it, or leaves it held. The next reading may itself be doubtful. */
export function verdictOn({ reading: held, why, seenAt }: HeldReading, known: Known, next: Reading): 'confirmed' | 'withdrawn' | 'waits' {
  const before = known.reading;
  const isNew = startsNewPeriod(before, next, known.periodBeganAt);
  switch (why) {
    case 'zero': {
      // At or above the old figure: there was no drop. A value between is more than was used since a reset.
      if (isBack(before, next) || isNew || isSurelyTakenBack(known, next)) return 'withdrawn';
      if (oddTotal(before, next, isNew) !== null) return 'waits';
      const isOddToo = next.used !== held.used && next.used * NEARLY_NOTHING < before.used && isWithinRunningPeriod(known, next);
      return isOddToo && seenAt.getTime() === held.observedAt.getTime() ? 'waits' : 'confirmed';
    }
    case 'nothing-left':
      return isLeftAgain(before, next) ? 'withdrawn' : 'confirmed';
    case 'no-total':
    case 'odd-total': {
      // Both were doubtful, and `used` is back.
      const areBothDoubtful = fellOddly(known, held) && isBack(before, next);
      return isSameTotal(before, held, next, isNew) && !areBothDoubtful ? 'confirmed' : 'withdrawn';
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
 * Classifies an implausible change of the total: to 0, to unlimited, to a tenth or less, to at most `used` if it was more than that
 * before, or to more than a hundred times as much. Null if a plan change or a top-up explains it. A new period explains all but the
 * first and third.
 */
function oddTotal(previous: Reading, reading: Reading, isNew: boolean): 'none' | 'unknown' | 'small' | 'large' | null {
  const { total: before, used: usedBefore } = previous;
  const { total, used } = reading;
  if (total === before || isOverUnknown(previous) || isOverUnknown(reading)) return null;
  if (total === 0n) return 'none';
  if (before === null || before === 0n) return null;
  if (total === null) return isNew ? null : 'unknown';
  if (total * FALLS_TO <= before) return 'small';
  if (total < before && total <= used && usedBefore < before && !isNew) return 'small';
  return total > before * GROWS_ABOVE && !isNew ? 'large' : null;
}

/** Whether all of an unknown total is used. */
function isOverUnknown({ total, isTotalUnknown = false }: Reading): boolean {
  return isTotalUnknown && total === 0n;
}

/**
 * Whether a total confirms the held one: it is the same, also in a new period; it is doubtful for the same reason; or, if the size of the
 * held total is doubtful, it is at most twice or half as much. The limit of what is doubtful may lie between two similar totals.
 */
function isSameTotal(before: Reading, held: Reading, next: Reading, isNew: boolean): boolean {
  if (isOverUnknown(next) || oddTotal(held, next, isNew) !== null) return false;
  if (next.total === held.total) return true;
  const [how, howNext] = [oddTotal(before, held, false), oddTotal(before, next, isNew)];
  if (howNext === how) return true;
  if (howNext !== null || before.total === null || held.total === null || next.total === null) return false;
  const isOddBySize = held.total * FALLS_TO <= before.total || how === 'large';
  return isOddBySize && next.total <= held.total * SAME_SIZE && next.total * SAME_SIZE >= held.total;
}

/** Whether `used` dropped to 0, or to a tenth or less within a known period that continues, and nothing explains it. */
function fellOddly(known: Known, reading: Reading): boolean {
  const before = known.reading;
  if (reading.used >= before.used || hasEnded(before, reading, known.periodBeganAt)) return false;
  if (before.total !== null && reading.total !== null && reading.total > before.total) return false;
  if (reading.used === 0n) return true;
  return reading.used * FALLS_TO <= before.used && isWithinRunningPeriod(known, reading) && !isSurelyTakenBack(known, reading);
}

/** Whether a jump was clearly corrected. A wrong answer is often only a few units, so a jump from there needs a second reading. */
function isSurelyTakenBack(known: Known, reading: Reading): boolean {
  return (known.jump?.from ?? 0n) > A_HANDFUL && isTakenBack(known, reading);
}

/** Whether `used` is about what it was, or more. */
function isBack(before: Reading, { used }: Reading): boolean {
  return used * 4n >= before.used * 3n;
}

function isWithinRunningPeriod({ reading: before, periodBeganAt }: Known, reading: Reading): boolean {
  return before.period !== null && reading.period !== null && !hasEnded(before, reading, periodBeganAt);
}

/** Whether `used` dropped back to about its value before a jump, in the same period: the vendor corrected the jump. */
export function isTakenBack(known: Known, reading: Reading): boolean {
  const { reading: before, periodBeganAt, jump } = known;
  if (jump === null || !isWithinRunningPeriod(known, reading) || startsNewPeriod(before, reading, periodBeganAt)) return false;
  const { used } = reading;
  return used >= jump.from ? (used - jump.from) * SAME_FIGURE <= jump.to : isAbout(used, jump.from);
}

/** Returns the jump that the vendor may still correct after an accepted reading. */
export function jumpAfter({ reading: before, jump }: Known, { used }: Reading): Jump | null {
  if (before.used > 0n && used > before.used * JUMPS_ABOVE) return { from: before.used, to: used };
  return jump !== null && used * 2n >= jump.to && used <= jump.to * 2n ? jump : null;
}

/**
 * Whether the period is new but the figure is still the old one: the vendor has not reset its counter yet, or one answer is outdated.
 *
 * @param shown the figure that is already held as doubtful
 */
function isOldFigure(known: Known, reading: Reading, shown?: bigint): boolean {
  const { reading: before, periodBeganAt, resetPending, closedAtUsed } = known;
  const { used, period, observedAt } = reading;
  if (period === null || resetPending || !mayLag(period, observedAt)) return false;
  const isNew = startsNewPeriod(before, reading, periodBeganAt);
  const old = isNew ? before.used : closedAtUsed;
  if (old === null || old === 0n) return false;
  const compared = shown ?? old;
  // If the counter was already reset, only an increase to that very figure counts as outdated.
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

/** Whether a period began so recently that the vendor may still report the figure of the last one. */
export function mayLag(period: Period, at: Date): boolean {
  return at.getTime() - period.start.getTime() <= lagOf(period);
}

function lagOf(period: Period): number {
  return Math.min(LAG_MS, (period.end.getTime() - period.start.getTime()) / LAG_OF_PERIOD);
}

function isOfEarlierPeriod(before: Reading, { period, observedAt }: Reading): boolean {
  if (before.period === null || period === null || period.start >= before.period.start || hasSameStart(before.period, period)) return false;
  // A period that was in the future at the previous reading has not begun yet.
  return period.end > before.period.start || observedAt >= period.end;
}
