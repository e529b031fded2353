import { beginsPeriod, changeBetween, consumedBetween, hasEnded, isAboutToEnd, startsNewPeriod, type ChangeKind } from './change.ts';
import type { HeldReading, HoldReason } from './held-reading.ts';
import { DAY_MS } from './local-time.ts';
import { contains, endWithTheirCalls, hasSameStart, JITTER_MS } from './period.ts';
import { FUTURE_TOLERANCE_MS, type Reading } from './reading.ts';

/**
 * Which readings of a meter count, and what lies between two of them: the one rule that live decisions, history, export and
 * back-test share. Vendors lag behind their own period, answer 0 for one poll, or mix up an old period with the present
 * one. Such a reading is held back until the next one confirms or withdraws it; until then nothing changes.
 */

/** Where a meter is in the sequence of its readings. */
export type MeterStanding = {
  /** The latest reading that counts. */
  readonly reading: Reading;
  /** Names the period in the once-per-period key. */
  readonly periodBeganAt: Date;
  /** A reset was seen in a reading that could not be judged: the next one that can begins the period. */
  readonly resetPending: boolean;
  readonly held: HeldReading | null;
};

/** One reading that counts, with what lies between it and the one before. */
export type Transition = {
  readonly previous: Reading | null;
  readonly reading: Reading;
  /** `reset` for the first judged reading of a new period, also where an unjudged reading had begun it. */
  readonly change: ChangeKind;
  /** What was consumed since the reading before: below zero where the vendor corrected its figure down. */
  readonly consumed: bigint;
  /** False for a reading that is stored but decides nothing: outside of its own period, or from before the account watched. */
  readonly isJudged: boolean;
  readonly standing: MeterStanding;
};

/** The readings that count now, oldest first, and where the meter is then. None for a reading that is late, a repeat, or held back. */
export type Followed = { readonly transitions: readonly Transition[]; readonly standing: MeterStanding };

export type FollowContext = {
  /** False for a balance, which does not reset. */
  readonly resets: boolean;
  /** The arrival of the reading. A standing that lies in the future of it was stamped by a wrong clock. Null: not looked at. */
  readonly now: Date | null;
  /** Readings observed before this are history: stored, but not judged. */
  readonly judgesFrom: Date | null;
  /** Somebody said that the fall to this reading was a correction and no reset. */
  readonly isCorrection?: boolean;
};

/** A vendor's counter is reset minutes or hours after its period begins: at most a day, and of short periods a tenth. */
const LAG_MS = DAY_MS;
const LAG_OF_PERIOD = 10;
/** A figure within a twentieth of the old one, or within two units, is still the old one where figures come often enough to tell. */
const SAME_FIGURE = 20n;
const SAME_UNITS = 2n;

/**
 * Follows a meter to its next reading.
 *
 * @returns the readings that count because of it: the held one and this one where this one confirms it
 */
export function follow(standing: MeterStanding | null, reading: Reading, context: FollowContext): Followed {
  if (standing === null) return accept(null, reading, 'first', context);
  if (isAhead(standing.reading.observedAt, context.now)) return takeOver(standing, reading, context);
  const { held } = standing;
  if (held === null) return followOn(standing, reading, context);
  if (isAhead(held.seenAt, context.now)) return followOn({ ...standing, held: null }, reading, context);

  const moment = reading.observedAt.getTime();
  if (moment < held.seenAt.getTime() || (moment === held.seenAt.getTime() && hasSameFigures(reading, held.reading)))
    return { transitions: NONE, standing };
  // The vendor changed what it had said of that moment.
  if (moment === held.reading.observedAt.getTime()) return followOn({ ...standing, held: null }, reading, context);
  switch (verdictOn(held, standing, reading)) {
    case 'waits':
      return { transitions: NONE, standing: { ...standing, held: { ...held, seenAt: reading.observedAt } } };
    case 'doubted':
      return { transitions: NONE, standing: { ...standing, held: { reading, why: 'zero', seenAt: reading.observedAt } } };
    case 'withdrawn':
      return followOn({ ...standing, held: null }, reading, context);
    case 'confirmed': {
      const first = accept(standing, held.reading, changeTo(standing, held.reading, context), context);
      const second = followOn(first.standing, reading, context);
      return { transitions: [...first.transitions, ...second.transitions], standing: second.standing };
    }
  }
}

const NONE: readonly never[] = [];

/** The next reading of a meter that has none held back. */
function followOn(standing: MeterStanding, reading: Reading, context: FollowContext): Followed {
  const before = standing.reading;
  const elapsed = reading.observedAt.getTime() - before.observedAt.getTime();
  if (elapsed < 0 || (elapsed === 0 && hasSameFigures(reading, before))) return { transitions: NONE, standing };
  const change = changeTo(standing, reading, context);
  const why = doubtOf(standing, reading, context);
  return why === null
    ? accept(standing, reading, change, context)
    : { transitions: NONE, standing: { ...standing, held: { reading, why, seenAt: reading.observedAt } } };
}

function changeTo(
  { reading: previous, periodBeganAt }: MeterStanding,
  current: Reading,
  { resets, isCorrection }: FollowContext,
): ChangeKind {
  if (isCorrection === true && current.used < previous.used) return 'correction';
  return changeBetween(previous, current, { resets, periodBeganAt });
}

/** Why a reading is not believed at once; null when it is. */
function doubtOf(standing: MeterStanding, reading: Reading, { isCorrection, resets }: FollowContext): HoldReason | null {
  const before = standing.reading;
  if (!resets && reading.period === null) return doubtOfBalance(before, reading);
  if (reading.total === 0n && before.total !== 0n) return 'no-total';
  if (isOfEarlierPeriod(before, reading)) return 'earlier-period';
  if (startsNewPeriod(before, reading, standing.periodBeganAt)) return isOldFigure(standing, reading) ? 'old-figure' : null;
  if (hasEnded(before, reading) || (before.total !== null && reading.total !== null && reading.total > before.total)) return null;
  return reading.used === 0n && before.used > 0n && isCorrection !== true ? 'zero' : null;
}

/** Of a balance nothing left is no surprise, and a total that moves explains a used of 0: it was booked off, or topped up. */
function doubtOfBalance(before: Reading, { used, total }: Reading): HoldReason | null {
  if (total === 0n && before.total !== 0n && used > 0n) return 'no-total';
  return used === 0n && before.used > 0n && total === before.total ? 'zero' : null;
}

/** Whether the next reading confirms a held one, withdraws it, leaves it waiting, or is odd itself. */
function verdictOn(
  { reading: held, why }: HeldReading,
  standing: MeterStanding,
  next: Reading,
): 'confirmed' | 'withdrawn' | 'waits' | 'doubted' {
  const before = standing.reading;
  switch (why) {
    case 'zero':
      // About the old figure, or more: the 0 was none. Anything between is more than a reset has brought since.
      return next.used * 4n >= before.used * 3n || startsNewPeriod(before, next, standing.periodBeganAt) ? 'withdrawn' : 'confirmed';
    case 'no-total':
      return next.total === 0n ? 'confirmed' : 'withdrawn';
    case 'earlier-period':
      if (!hasSameStart(held.period, next.period)) return 'withdrawn';
      return isWithinItsPeriod(next) ? 'confirmed' : 'waits';
    case 'old-figure':
      if (isOldFigure(standing, next, held.used)) return 'waits';
      // Reset at last, or one odd answer while the old figure still stands.
      if (next.used === 0n) return 'doubted';
      return next.used < before.used ? 'withdrawn' : 'confirmed';
  }
}

/**
 * The period is new, but the figure is not: the vendor's counter has not been reset yet.
 *
 * @param shown the figure that is not believed already
 */
function isOldFigure({ reading: before, periodBeganAt, resetPending }: MeterStanding, reading: Reading, shown = before.used): boolean {
  const { used, period, observedAt } = reading;
  if (period === null || before.used === 0n || resetPending || !startsNewPeriod(before, reading, periodBeganAt)) return false;
  const lag = Math.min(LAG_MS, (period.end.getTime() - period.start.getTime()) / LAG_OF_PERIOD);
  if (observedAt.getTime() - period.start.getTime() > lag) return false;
  const difference = used > shown ? used - shown : shown - used;
  if (difference === 0n) return true;
  const comesOften = observedAt.getTime() - before.observedAt.getTime() <= 2 * lag;
  return comesOften && (difference <= SAME_UNITS || difference * SAME_FIGURE <= shown);
}

function isOfEarlierPeriod(before: Reading, { period, observedAt }: Reading): boolean {
  if (before.period === null || period === null || period.start >= before.period.start || hasSameStart(before.period, period)) return false;
  // A period that lay in the future of the reading before has not begun yet.
  return period.end > before.period.start || observedAt >= period.end;
}

/** Whether a reading was observed within its own period, but for jitter. A date stands for any time of its day. */
export function isWithinItsPeriod({ period, observedAt, isCoarse = false }: Pick<Reading, 'period' | 'observedAt' | 'isCoarse'>): boolean {
  if (period === null || contains(period, observedAt)) return true;
  if (observedAt < period.start && period.start.getTime() - observedAt.getTime() <= JITTER_MS) return true;
  return isCoarse && contains(period, new Date(observedAt.getTime() + DAY_MS - 1));
}

function accept(standing: MeterStanding | null, reading: Reading, change: ChangeKind, { judgesFrom }: FollowContext): Followed {
  const isInside = isWithinItsPeriod(reading) || (standing !== null && endWithTheirCalls(standing.reading, reading));
  const isJudged = isInside && (judgesFrom === null || reading.observedAt >= judgesFrom);
  if (standing === null) {
    const first = { reading, periodBeganAt: firstNameOf(reading), resetPending: false, held: null };
    return { transitions: [{ previous: null, reading, change, consumed: 0n, isJudged, standing: first }], standing: first };
  }
  const previous = standing.reading;
  const begins = beginsPeriod(change);
  const after: MeterStanding = {
    reading,
    periodBeganAt: isJudged && (begins || standing.resetPending) ? nameOfPeriod(standing, reading) : standing.periodBeganAt,
    resetPending: !isJudged && (begins || standing.resetPending),
    held: null,
  };
  const transition: Transition = {
    previous,
    reading,
    change: standing.resetPending && !begins ? 'reset' : change,
    consumed: hasBegunUnjudged(standing, reading) ? reading.used - previous.used : consumedBetween(previous, reading, change),
    isJudged,
    standing: after,
  };
  return { transitions: [transition], standing: after };
}

/** A reading that could not be judged has brought the counter down already, for the very period that this one is of. */
function hasBegunUnjudged({ reading: previous, resetPending, periodBeganAt }: MeterStanding, reading: Reading): boolean {
  if (!resetPending || reading.used < previous.used) return false;
  if (!startsNewPeriod(previous, reading, periodBeganAt)) return true;
  const { period } = reading;
  return period !== null && isWithinItsPeriod(reading) && !isWithinItsPeriod(previous) && contains(period, previous.observedAt);
}

function firstNameOf(reading: Reading): Date {
  const { period, observedAt } = reading;
  return period !== null && (period.start <= observedAt || isWithinItsPeriod(reading)) ? period.start : observedAt;
}

/** What the new period is called in the once-per-period key: when it begins, and where that is not known, when it was seen. */
function nameOfPeriod({ reading: previous, periodBeganAt }: MeterStanding, { period, observedAt }: Reading): Date {
  if (period !== null && period.start > periodBeganAt) return period.start;
  // The counter was reset a little before the period ends: it is the next period already.
  if (previous.period !== null && previous.period.end > periodBeganAt && isAboutToEnd(previous.period, observedAt))
    return previous.period.end;
  return observedAt > periodBeganAt ? observedAt : new Date(periodBeganAt.getTime() + 1);
}

/**
 * The standing was stamped by a clock that ran ahead, and has been set right: what arrives now is later, whatever the stamps
 * say. Only the figures are compared, for the period of the future is not known yet.
 */
function takeOver(standing: MeterStanding, reading: Reading, context: FollowContext): Followed {
  const { now } = context;
  const past = { ...standing.reading, period: null, observedAt: reading.observedAt };
  const named = standing.periodBeganAt;
  const periodBeganAt = now !== null && named > now ? firstNameOf(reading) : named;
  const change = changeBetween(past, { ...reading, period: null }, { resets: context.resets, periodBeganAt });
  return accept({ reading: past, periodBeganAt, resetPending: false, held: null }, reading, change, context);
}

/** True for a stamp that no clock as right as the present one can have made. */
export function isAhead(at: Date, now: Date | null): boolean {
  return now !== null && at.getTime() > now.getTime() + FUTURE_TOLERANCE_MS;
}

function hasSameFigures(a: Reading, b: Reading): boolean {
  return a.used === b.used && a.total === b.total;
}
