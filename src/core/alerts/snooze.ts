import { holdsUntil } from '../time/clock-skew.ts';
import { beginsPeriod, classifyChange } from '../meters/classify-change.ts';
import { isStampedAhead, type Reading } from '../meters/reading.ts';
import { endsWithItsCall, knownEnd, type Period } from '../time/period.ts';
import { nextTime } from '../time/schedule.ts';
import { weekdays } from '../time/weekday.ts';
import { DAY_MS, localDayOf, startOfLocalDay } from '../time/local-time.ts';
import { compareSeverity, type Severity } from '../rules/severity.ts';

/** What people choose from. `until-total-changes` is also what a request for more credits sets. */
export const snoozeChoices = ['tomorrow', 'monday', 'until-reset', 'until-total-changes'] as const;
export type SnoozeChoice = (typeof snoozeChoices)[number];

/**
 * A meter that is quiet, at all destinations. It consumes no firing: what still holds when it ends is said then, and
 * whatever is worse than `severity` comes through.
 */
export type Snooze = {
  /** How bad the alert was when somebody made it quiet. */
  readonly severity: Severity;
} & (
  | { readonly kind: 'until'; readonly at: Date }
  /** `since` is the reading it was set on: without a known period its fall is what tells a reset. */
  | { readonly kind: 'until-reset'; readonly since: Reading }
  | { readonly kind: 'until-total-changes'; readonly since: Reading }
);

const MORNING = '09:00';

/**
 * The snooze that a choice means now, in the account's zone. `tomorrow` and `monday` are mornings of a later day: pressed
 * on a Monday, `monday` is the next one.
 */
export function snoozeFor(
  choice: SnoozeChoice,
  alert: { readonly severity: Severity; readonly reading: Reading },
  now: Date,
  timeZone: string,
): Snooze {
  const { severity, reading } = alert;
  switch (choice) {
    case 'tomorrow':
      return { kind: 'until', severity, at: nextTime(lastOfToday(now, timeZone), { at: MORNING, on: weekdays }, timeZone) };
    case 'monday':
      return { kind: 'until', severity, at: nextTime(lastOfToday(now, timeZone), { at: MORNING, on: ['monday'] }, timeZone) };
    case 'until-reset':
    case 'until-total-changes':
      return { kind: choice, severity, since: reading };
  }
}

/**
 * What else can be chosen, each moment once: on a Sunday, `tomorrow` and `monday` are the same morning, and a reset may be at
 * that very moment. What is over already, or never comes, is no choice.
 *
 * @param chosen what was chosen now
 * @param alert.resets false for a balance, which no reset ends
 */
export function otherChoices(
  chosen: SnoozeChoice,
  alert: { readonly severity: Severity; readonly reading: Reading; readonly resets: boolean },
  now: Date,
  timeZone: string,
): readonly SnoozeChoice[] {
  const momentOf = (choice: SnoozeChoice) =>
    choice === 'until-total-changes' ? choice : (endsAt(snoozeFor(choice, alert, now, timeZone))?.getTime() ?? choice);
  const taken = new Set([momentOf(chosen)]);
  return snoozeChoices.filter((choice) => {
    const moment = momentOf(choice);
    const isNever = choice === 'until-reset' && !alert.resets;
    if (choice === chosen || isNever || taken.has(moment) || (typeof moment === 'number' && moment <= now.getTime())) return false;
    taken.add(moment);
    return true;
  });
}

/**
 * Whether a snooze still holds, by the clock and the meter's latest reading. A reset ends the wait for a new total too: a
 * request that nobody answered must not keep later periods quiet. Without a known period only the first readings after a
 * reset show it: ask with every reading, and forget the snooze once this is false.
 *
 * A period that is still to begin is of a clock that has been set back since, and nothing waits for its end.
 */
export function isSnoozedFor(snooze: Snooze, now: Date, reading: Reading): boolean {
  if (snooze.kind === 'until') return now < snooze.at;
  if (snooze.kind === 'until-total-changes' && hasOtherTotal(snooze.since, reading)) return false;
  return !hasReset(snooze.since, reading, now);
}

/** Whether an alert of a severity is held back: the snooze holds, and it is no worse than what was snoozed. */
export function holdsBack(snooze: Snooze, severity: Severity, now: Date, reading: Reading): boolean {
  return isSnoozedFor(snooze, now, reading) && compareSeverity(severity, snooze.severity) <= 0;
}

/** When a snooze ends by the clock alone; null when only a reading can end it. */
export function endsAt(snooze: Snooze): Date | null {
  return snooze.kind === 'until' ? snooze.at : knownEnd(snooze.since);
}

/**
 * Without a period it may be a balance. Of those some vendors take what is used off the total, which is no change that
 * anybody waits for; and of others more is left while the total stays.
 */
function hasOtherTotal(since: Reading, reading: Reading): boolean {
  if (reading.period !== null || reading.total === null || since.total === null) return reading.total !== since.total;
  return reading.total > since.total || reading.total - reading.used > since.total - since.used;
}

function hasReset(since: Reading, reading: Reading, now: Date): boolean {
  if (since.period !== null && !endsWithItsCall(since) && now >= quietUntil(since.period, now)) return true;
  const periodBeganAt = since.period?.start ?? since.observedAt;
  // Nothing can be later than what a clock that was ahead had stamped: what differs from it came after it.
  const wasAhead = isStampedAhead(since.observedAt, now);
  const isLater = wasAhead ? reading.observedAt.getTime() !== since.observedAt.getTime() : reading.observedAt > since.observedAt;
  return isLater && beginsPeriod(classifyChange(since, reading, { resets: true, periodBeganAt }));
}

/** At most as long as the period, and a day, for which a figure that is stamped with a date may come before it. */
function quietUntil({ start, end }: Period, now: Date): Date {
  return holdsUntil(end, now, end.getTime() - start.getTime() + DAY_MS);
}

function lastOfToday(now: Date, timeZone: string): Date {
  return new Date(startOfLocalDay(localDayOf(now, timeZone) + 1, timeZone).getTime() - 1);
}
