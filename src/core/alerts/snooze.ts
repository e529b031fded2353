import { holdsUntil } from '../time/clock-skew.ts';
import { beginsPeriod, classifyChange } from '../meters/classify-change.ts';
import { isStampedAhead, type Reading } from '../meters/reading.ts';
import { endsWithItsCall, knownEnd, type Period } from '../time/period.ts';
import { nextTime } from '../time/schedule.ts';
import { weekdays } from '../time/weekday.ts';
import { DAY_MS, localDayOf, startOfLocalDay } from '../time/local-time.ts';
import { compareSeverity, type Severity } from '../rules/severity.ts';

/** The choices of a snooze. A request for more credits also sets `until-total-changes`. */
export const snoozeChoices = ['tomorrow', 'monday', 'until-reset', 'until-total-changes'] as const;
export type SnoozeChoice = (typeof snoozeChoices)[number];

/**
 * A snooze of a meter, at all destinations. It uses up no finding: alerts that are open when it ends are posted then. Alerts more
 * severe than `severity` are posted during the snooze.
 */
export type Snooze = {
  /** The severity of the alert when it was snoozed. */
  readonly severity: Severity;
} & (
  | { readonly kind: 'until'; readonly at: Date }
  /** `since`: the reading it was set on. Without a known period, a drop from its figure shows the reset. */
  | { readonly kind: 'until-reset'; readonly since: Reading }
  | { readonly kind: 'until-total-changes'; readonly since: Reading }
);

const MORNING = '09:00';

/**
 * Returns the snooze of a choice, in the account's time zone. `tomorrow` and `monday` are mornings of a later day: chosen on a Monday,
 * `monday` is the next one.
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
 * Returns the other choices, one for each end time: on a Sunday, `tomorrow` and `monday` end at the same time, and a reset may as well.
 * Choices that have passed, or never end, are left out.
 *
 * @param chosen the present choice
 * @param alert.resets false for a balance, which never resets
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
 * Whether a snooze still holds, by the clock and the current reading. A reset also ends a wait for a new total, so that an unanswered
 * request does not silence later periods. Without a known period, only the first readings after a reset show it: call this for every
 * reading, and delete the snooze once it is false.
 *
 * A period in the future was written before the clock was set back; nothing waits for its end.
 */
export function isSnoozedFor(snooze: Snooze, now: Date, reading: Reading): boolean {
  if (snooze.kind === 'until') return now < snooze.at;
  if (snooze.kind === 'until-total-changes' && hasOtherTotal(snooze.since, reading)) return false;
  return !hasReset(snooze.since, reading, now);
}

/** Whether an alert is held back: the snooze holds, and the alert is no more severe than the snoozed one. */
export function holdsBack(snooze: Snooze, severity: Severity, now: Date, reading: Reading): boolean {
  return isSnoozedFor(snooze, now, reading) && compareSeverity(severity, snooze.severity) <= 0;
}

/** Returns when a snooze ends by the clock; null if only a reading can end it. */
export function endsAt(snooze: Snooze): Date | null {
  return snooze.kind === 'until' ? snooze.at : knownEnd(snooze.since);
}

/**
 * A meter without a period may be a balance. Some vendors subtract usage from its total, which is not the change that people wait for;
 * others increase what is left without a new total.
 */
function hasOtherTotal(since: Reading, reading: Reading): boolean {
  if (reading.period !== null || reading.total === null || since.total === null) return reading.total !== since.total;
  return reading.total > since.total || reading.total - reading.used > since.total - since.used;
}

function hasReset(since: Reading, reading: Reading, now: Date): boolean {
  if (since.period !== null && !endsWithItsCall(since) && now >= quietUntil(since.period, now)) return true;
  const periodBeganAt = since.period?.start ?? since.observedAt;
  // No reading can be later than one stamped by a clock that was ahead, so any other stamp counts as later.
  const wasAhead = isStampedAhead(since.observedAt, now);
  const isLater = wasAhead ? reading.observedAt.getTime() !== since.observedAt.getTime() : reading.observedAt > since.observedAt;
  return isLater && beginsPeriod(classifyChange(since, reading, { resets: true, periodBeganAt }));
}

/** At most the length of the period plus a day, by which a reading stamped with a date may come before it. */
function quietUntil({ start, end }: Period, now: Date): Date {
  return holdsUntil(end, now, end.getTime() - start.getTime() + DAY_MS);
}

function lastOfToday(now: Date, timeZone: string): Date {
  return new Date(startOfLocalDay(localDayOf(now, timeZone) + 1, timeZone).getTime() - 1);
}
