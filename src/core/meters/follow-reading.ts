import { beginsPeriod, classifyChange, consumedBetween, isAboutToEnd, startsNewPeriod, type ChangeKind } from './classify-change.ts';
import { doubtOf, isTakenBack, jumpAfter, mayLag, verdictOn, type Known } from './doubt.ts';
import type { HeldReading } from './held-reading.ts';
import { contains, endWithTheirCalls, movesByDays, upToItsCall } from '../time/period.ts';
import { isWithinItsPeriod, type Reading } from './reading.ts';

/**
 * Which readings of a meter count, and what lies between two of them: the one rule that live decisions, history, export and
 * back-test share. Vendors lag behind their own period, answer 0 for one poll, or mix up an old period with the present
 * one. Such a reading is held back until the next one confirms or withdraws it; until then nothing changes.
 */

/** Where a meter is in the sequence of its readings. */
export type CurrentReading = Known & { readonly held: HeldReading | null };

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
  readonly current: CurrentReading;
};

/** The readings that count now, oldest first, and where the meter is then. None for a reading that is late, a repeat, or held back. */
export type Followed = { readonly transitions: readonly Transition[]; readonly current: CurrentReading };

export type FollowContext = {
  /** False for a balance, which does not reset. */
  readonly resets: boolean;
  /** Readings observed before this are history: stored, but not judged. */
  readonly judgesFrom: Date | null;
  /** Somebody said that the fall to this reading was a correction and no reset. */
  readonly isCorrection?: boolean;
};

/**
 * Follows a meter to its next reading.
 *
 * @returns the readings that count because of it: the held one and this one where this one confirms it
 */
export function followReading(current: CurrentReading | null, said: Reading, context: FollowContext): Followed {
  if (current === null) return accept(null, said, 'first', context);
  const { held } = current;
  const reading = inRollingWindow(current.reading, said);
  if (held === null) return followOn(current, reading, context);

  const moment = reading.observedAt.getTime();
  if (moment < held.seenAt.getTime() || (moment === held.seenAt.getTime() && hasSameFigures(reading, held.reading)))
    return { transitions: NONE, current };
  // The vendor changed what it had said of that moment.
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

/** A window that moves by whole days is one up to its call, whichever midnight the vendor names as its end. */
function inRollingWindow({ period: before, observedAt: seenAt }: Reading, reading: Reading): Reading {
  const { period, observedAt } = reading;
  if (before === null || period === null || observedAt < seenAt) return reading;
  const isRolling = movesByDays({ period: before, observedAt: seenAt }, { period, observedAt });
  return isRolling ? { ...reading, period: upToItsCall({ period, observedAt }) } : reading;
}

/** The next reading of a meter that has none held back. */
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
  return classifyChange(previous, next, { resets, periodBeganAt });
}

function accept(current: CurrentReading | null, reading: Reading, change: ChangeKind, { judgesFrom }: FollowContext): Followed {
  const isInside = isWithinItsPeriod(reading) || (current !== null && endWithTheirCalls(current.reading, reading));
  const isJudged = isInside && (judgesFrom === null || reading.observedAt >= judgesFrom);
  if (current === null) {
    const first = { reading, periodBeganAt: firstNameOf(reading), resetPending: false, closedAtUsed: null, jump: null, held: null };
    return { transitions: [{ previous: null, reading, change, consumed: 0n, isJudged, current: first }], current: first };
  }
  const previous = current.reading;
  const begins = beginsPeriod(change);
  const after: CurrentReading = {
    reading,
    periodBeganAt: isJudged && (begins || current.resetPending) ? nameOfPeriod(current, reading) : current.periodBeganAt,
    resetPending: !isJudged && (begins || current.resetPending),
    closedAtUsed: closedAtUsed(current, reading),
    jump: begins ? null : jumpAfter(current, reading),
    held: null,
  };
  const transition: Transition = {
    previous,
    reading,
    change: current.resetPending && !begins ? 'reset' : change,
    consumed: hasBegunUnjudged(current, reading) ? reading.used - previous.used : consumedBetween(previous, reading, change),
    isJudged,
    current: after,
  };
  return { transitions: [transition], current: after };
}

/** What the last period closed with, where the vendor may still show that. */
function closedAtUsed(current: CurrentReading, reading: Reading): bigint | null {
  if (reading.period === null || !mayLag(reading.period, reading.observedAt)) return null;
  return startsNewPeriod(current.reading, reading, current.periodBeganAt) ? current.reading.used : current.closedAtUsed;
}

/** A reading that could not be judged has brought the counter down already, for the very period that this one is of. */
function hasBegunUnjudged({ reading: previous, resetPending, periodBeganAt }: CurrentReading, reading: Reading): boolean {
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
function nameOfPeriod({ reading: previous, periodBeganAt }: CurrentReading, { period, observedAt }: Reading): Date {
  if (period !== null && period.start > periodBeganAt) return period.start;
  // The counter was reset a little before the period ends: it is the next period already.
  if (previous.period !== null && previous.period.end > periodBeganAt && isAboutToEnd(previous.period, observedAt))
    return previous.period.end;
  return observedAt > periodBeganAt ? observedAt : new Date(periodBeganAt.getTime() + 1);
}

function hasSameFigures(a: Reading, b: Reading): boolean {
  return a.used === b.used && a.total === b.total;
}
