import {
  beginsPeriod,
  classifyChange,
  consumedBetween,
  hasLargerTotal,
  isAboutToEnd,
  startsNewPeriod,
  type ChangeKind,
} from './classify-change.ts';
import { doubtOf, isTakenBack, jumpAfter, mayLag, verdictOn, type Known } from './doubt.ts';
import type { HeldReading } from './held-reading.ts';
import { DAY_MS } from '../time/local-time.ts';
import { contains, endWithTheirCalls, movesByDays, upToItsCall } from '../time/period.ts';
import { mayBeOfPeriodBefore } from './near-reset.ts';
import { onceTotalIsKnown } from './once-total-is-known.ts';
import { isWithinItsPeriod, leftAlone, type Reading } from './reading.ts';

/**
 * Decides which readings of a meter count, and the change between two of them, for live evaluation, history, export and backtest.
 * Vendors lag behind their own period, answer 0 for one poll, or mix up an old period with the current one. Such a reading is held
 * until the next one confirms or withdraws it; until then nothing changes.
 */

/** The latest reading of a meter that counts, and the reading that waits to be confirmed. */
export type CurrentReading = Known & { readonly held: HeldReading | null };

/** One reading that counts, with the change from the previous one. */
export type Transition = {
  readonly previous: Reading | null;
  readonly reading: Reading;
  /** `reset` for the first evaluated reading of a new period, even if a reading that was not evaluated began it. */
  readonly change: ChangeKind;
  /** Consumption since the previous reading; negative if the vendor corrected its figure down. */
  readonly consumed: bigint;
  /** False for a reading that is stored but not evaluated: outside its own period, or older than the account. */
  readonly isJudged: boolean;
  readonly current: CurrentReading;
  /** Where the previous reading is a lower bound: the last measured one; null if there is none. */
  readonly measured?: Reading | null;
};

/** The readings that count now, oldest first, and the resulting state. None for a reading that is late, repeated, or held. */
export type Followed = { readonly transitions: readonly Transition[]; readonly current: CurrentReading };

export type FollowContext = {
  /** False for a balance, which does not reset. */
  readonly resets: boolean;
  /** Readings observed before this are stored, but not evaluated. */
  readonly judgesFrom: Date | null;
  /** A person reclassified the drop to this reading as a correction. */
  readonly isCorrection?: boolean;
};

/**
 * Advances a meter to its next reading.
 *
 * @returns the readings that now count: the held one and this one if this one confirms it
 */
export function followReading(before: CurrentReading | null, given: Reading, context: FollowContext): Followed {
  if (before === null) return accept(null, given, 'first', context);
  const current = onceTotalIsKnown(before, given);
  if (current !== before && given.observedAt.getTime() === before.reading.observedAt.getTime() && hasSameFigures(current.reading, given)) {
    // Only its total became known.
    const { transitions, current: after } = accept(current, given, 'consumption', context);
    return { transitions, current: { ...after, held: current.held } };
  }
  if (given.isAtLeast) return followLowerBound(current, given, context);
  const { held } = current;
  const reading = inRollingWindow(current.reading, given);
  if (held === null) return followOn(current, reading, context);

  const moment = reading.observedAt.getTime();
  if (moment < held.seenAt.getTime() || (moment === held.seenAt.getTime() && hasSameFigures(reading, held.reading)))
    return { transitions: NONE, current };
  // The vendor changed its figure for that instant.
  if (moment === held.reading.observedAt.getTime()) return followOn({ ...current, held: null }, reading, context);
  switch (verdictOn(held, current, reading)) {
    case 'waits':
      return { transitions: NONE, current: { ...current, held: { ...held, seenAt: reading.observedAt } } };
    case 'withdrawn':
      return followOn({ ...current, held: null }, reading, context);
    case 'confirmed': {
      const first = accept(current, held.reading, changeTo(current, held.reading, context), context);
      const second = followOn(first.current, reading, context);
      return { transitions: [...first.transitions, ...second.transitions], current: second.current };
    }
  }
}

const NONE: readonly never[] = [];

/** A window that moves by whole days ends at its request, whichever midnight the vendor gives as its end. */
function inRollingWindow({ period: before, observedAt: seenAt }: Reading, reading: Reading): Reading {
  const { period, observedAt } = reading;
  if (before === null || period === null || observedAt < seenAt) return reading;
  const isRolling = movesByDays({ period: before, observedAt: seenAt }, { period, observedAt });
  return isRolling ? { ...reading, period: upToItsCall({ period, observedAt }) } : reading;
}

/**
 * Advances a meter to a lower bound. It counts if it raises what is known, or begins a period. A lower one says nothing new, a late one
 * may be about credits that were topped up since, and one at the beginning of a period may be about the period before.
 */
function followLowerBound(current: CurrentReading, given: Reading, context: FollowContext): Followed {
  const { reading: before } = current;
  const isLate = before.isAtLeast ? given.observedAt < before.observedAt : given.observedAt <= before.observedAt;
  // What is left is known better than what is used at least.
  const isNoHelp = leftAlone(before) !== null && given.total === null;
  if (isLate || isNoHelp || mayBeOfPeriodBefore(given, before)) return { transitions: NONE, current };
  const change = changeToLowerBound(current, given, context);
  if (change === null) return { transitions: NONE, current };
  const { transitions, current: after } = accept(current, given, change, context);
  return { transitions, current: { ...after, held: beginsPeriod(change) ? null : current.held } };
}

/** Returns the change to a lower bound; null if it tells nothing new. */
function changeToLowerBound(
  { reading: before, periodBeganAt }: CurrentReading,
  given: Reading,
  { resets, isCorrection = false }: FollowContext,
): ChangeKind | null {
  const change = classifyChange(before, given, { resets, periodBeganAt });
  if (change === 'reset') return change;
  if (resets && hasOutlasted(before, given)) return isCorrection ? 'correction' : 'presumed-reset';
  if (given.used >= before.used && hasLargerTotal(before, given)) return 'top-up';
  return given.used > before.used ? 'consumption' : null;
}

/** The most usual period is a month. */
const LONGEST_MONTH_MS = 31 * DAY_MS;

/**
 * Whether a notice says less than another one of more than a month before, where no period is known. A vendor does not write of a lower
 * level after a higher one within a period, so a new one is presumed. Otherwise "used up" would count for ever. It says nothing against
 * a measured figure: at least 80% is true of 85%, too.
 */
function hasOutlasted(before: Reading, given: Reading): boolean {
  if (!before.isAtLeast || before.period !== null || given.period !== null || given.used >= before.used) return false;
  return given.observedAt.getTime() - before.observedAt.getTime() > LONGEST_MONTH_MS;
}

/** Advances a meter that has no held reading. */
function followOn(current: CurrentReading, reading: Reading, context: FollowContext): Followed {
  const before = current.reading;
  const elapsed = reading.observedAt.getTime() - before.observedAt.getTime();
  if (elapsed < 0 || (elapsed === 0 && hasSameFigures(reading, before))) return { transitions: NONE, current };
  const change = changeTo(current, reading, context);
  const why = doubtOf(current, reading, context);
  return why === null
    ? accept(current, reading, change, context)
    : { transitions: NONE, current: { ...current, held: { reading, why, seenAt: reading.observedAt } } };
}

function changeTo(current: CurrentReading, next: Reading, { resets, isCorrection = false }: FollowContext): ChangeKind {
  const { reading: previous, periodBeganAt } = current;
  if (next.used < previous.used && (isCorrection || isTakenBack(current, next))) return 'correction';
  const change = classifyChange(previous, next, { resets, periodBeganAt });
  // More left of a balance than a notice said is no purchase.
  return change === 'top-up' && previous.isAtLeast && next.used < previous.used && next.total === previous.total ? 'correction' : change;
}

function accept(current: CurrentReading | null, reading: Reading, change: ChangeKind, { judgesFrom }: FollowContext): Followed {
  const isInside = isWithinItsPeriod(reading) || (current !== null && endWithTheirCalls(current.reading, reading));
  const isJudged = isInside && (judgesFrom === null || reading.observedAt >= judgesFrom);
  if (current === null) {
    const first: CurrentReading = {
      reading,
      periodBeganAt: firstNameOf(reading),
      resetPending: false,
      closedAtUsed: null,
      jump: null,
      held: null,
      ...(reading.isAtLeast && { measured: null }),
    };
    return { transitions: [{ previous: null, reading, change, consumed: 0n, isJudged, current: first }], current: first };
  }
  const previous = current.reading;
  const begins = beginsPeriod(change);
  const after: CurrentReading = {
    reading,
    periodBeganAt: isJudged && (begins || current.resetPending) ? nameOfPeriod(current, reading) : current.periodBeganAt,
    resetPending: !isJudged && (begins || current.resetPending),
    closedAtUsed: closedAtUsed(current, reading),
    jump: begins || previous.isAtLeast || reading.isAtLeast ? null : jumpAfter(current, reading),
    held: null,
    ...(reading.isAtLeast && { measured: measuredBefore(current, begins) }),
  };
  const transition: Transition = {
    previous,
    reading,
    change: current.resetPending && !begins ? 'reset' : change,
    consumed: consumedSince(current, reading, change),
    isJudged,
    current: after,
    ...(current.measured !== undefined && { measured: current.measured }),
  };
  return { transitions: [transition], current: after };
}

/** Returns the reading that the consumption after a lower bound is measured from. A new period begins at 0. */
function measuredBefore({ reading, measured = reading }: CurrentReading, begins: boolean): Reading | null {
  return measured !== null && begins ? { ...measured, used: 0n } : measured;
}

/** Returns the consumption since the last measured reading. A lower bound measures none. */
function consumedSince(current: CurrentReading, reading: Reading, change: ChangeKind): bigint {
  const { reading: previous, measured = previous } = current;
  if (reading.isAtLeast) return 0n;
  if (hasUnevaluatedReset(current, reading)) return reading.used - (measured ?? previous).used;
  if (measured === previous || beginsPeriod(change)) return consumedBetween(previous, reading, change);
  if (measured === null) return 0n;
  // The total of a lower bound may come from the file, so that the measured ones differ without a top-up.
  if (reading.period !== null) return reading.used - measured.used;
  // The bound between them may have told of the top-up.
  return consumedBetween(measured, reading, hasLargerTotal(measured, reading) ? 'top-up' : change);
}

/** Returns the final `used` of the last period, while the vendor may still report it. */
function closedAtUsed(current: CurrentReading, reading: Reading): bigint | null {
  if (reading.period === null || !mayLag(reading.period, reading.observedAt)) return null;
  return startsNewPeriod(current.reading, reading, current.periodBeganAt) ? current.reading.used : current.closedAtUsed;
}

/** Whether a reading that was not evaluated already reset the counter for the period of this one. */
function hasUnevaluatedReset({ reading: previous, resetPending, periodBeganAt }: CurrentReading, reading: Reading): boolean {
  if (!resetPending || reading.used < previous.used) return false;
  if (!startsNewPeriod(previous, reading, periodBeganAt)) return true;
  const { period } = reading;
  return period !== null && isWithinItsPeriod(reading) && !isWithinItsPeriod(previous) && contains(period, previous.observedAt);
}

function firstNameOf(reading: Reading): Date {
  const { period, observedAt } = reading;
  return period !== null && (period.start <= observedAt || isWithinItsPeriod(reading)) ? period.start : observedAt;
}

/** Returns the identity of the new period for the once-per-period key: its start, or if unknown, when it was first seen. */
function nameOfPeriod({ reading: previous, periodBeganAt }: CurrentReading, { period, observedAt }: Reading): Date {
  if (period !== null && period.start > periodBeganAt) return period.start;
  // The counter was reset shortly before the period ends, so this is already the next period.
  if (previous.period !== null && previous.period.end > periodBeganAt && isAboutToEnd(previous.period, observedAt))
    return previous.period.end;
  return observedAt > periodBeganAt ? observedAt : new Date(periodBeganAt.getTime() + 1);
}

function hasSameFigures(a: Reading, b: Reading): boolean {
  return a.used === b.used && a.total === b.total;
}
