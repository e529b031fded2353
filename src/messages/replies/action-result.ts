import type { PastAlert } from '../../core/alerts/alert.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import type { SnoozeChoice } from '../../core/alerts/snooze.ts';
import { closedBecause } from '../alerts/closed-alert.ts';
import { boundaryDayOf, dayText } from '../../core/time/days.ts';
import { mention, richText, strong, when, type RichText } from '../../core/text/rich-text.ts';
import { endSnoozeButton } from '../alerts/alert-buttons.ts';
import type { Button, Message } from '../../core/text/message.ts';
import type { Person } from '../../core/text/person.ts';

/** Explains why an action on an alert had no effect. */
export function actionResultMessage(
  result: { readonly done: 'already'; readonly by: Person; readonly at: Date } | { readonly done: string },
): Message {
  if ('by' in result) return line(richText`${mention(result.by)} is already on it (${when(result.at)}).`);
  return closedAlertNotice(null, 'UTC');
}

/** The reply to a click on a button of a closed alert: why the alert closed, if that is known. */
export function closedAlertNotice(past: PastAlert | null, timeZone: string): Message {
  if (past === null) return line(richText`This alert is closed.`);
  const { label, topic, resolvedAt, resolution } = past;
  const why =
    resolution === null || resolution === 'recovered'
      ? `${label} was fine again on ${dayText(localDayOf(resolvedAt, timeZone))}`
      : `${label}, ${closedBecause(resolution, resolvedAt, topic, timeZone)}`;
  return line(richText`This alert is closed: ${why}.`);
}

const CHOICES: Readonly<Record<SnoozeChoice, { readonly label: string; readonly until: string }>> = {
  tomorrow: { label: 'Until tomorrow morning', until: 'tomorrow morning' },
  monday: { label: 'Until Monday morning', until: 'Monday morning' },
  'until-reset': { label: 'Until the reset', until: 'the reset' },
  'until-total-changes': { label: 'Until the total changes', until: 'the total changes' },
};

/**
 * Confirms a snooze, with buttons that undo it or choose another end.
 *
 * @param timeZone the account's zone, in which the day of a reset is worded
 * @param label the name of the meter; undefined if the message above the reply names it
 */
export function snoozedMessage(
  {
    choice,
    until,
    worseComes,
    others,
  }: {
    readonly choice: SnoozeChoice;
    readonly until: Date | null;
    readonly worseComes: boolean;
    readonly others: readonly SnoozeChoice[];
  },
  alertId: string,
  timeZone: string,
  label?: string,
): Message {
  const end = untilText(choice, until, timeZone);
  return {
    ...line(
      richText`${label === undefined ? richText`Snoozed` : richText`${strong(label)} is snoozed`} until ${end}.${worseComes ? ' You will still hear if it gets worse.' : ''}`,
    ),
    buttons: [
      endSnoozeButton(alertId, 'Undo snooze'),
      ...others.map((other): Button => ({ action: 'snooze', label: CHOICES[other].label, value: `${alertId} ${other}` })),
    ],
  };
}

/** The end of a snooze. A morning is an instant, shown in the reader's zone; a reset is a day in the account's zone. */
function untilText(choice: SnoozeChoice, until: Date | null, timeZone: string): RichText {
  if (until === null) return richText`${CHOICES[choice].until}`;
  if (choice === 'tomorrow' || choice === 'monday') return richText`${when(until)}`;
  return richText`${CHOICES[choice].until} (${boundaryDayOf(until, timeZone)})`;
}

/** Confirms that a snooze was ended by a command. */
export function unsnoozedMessage(label: string): Message {
  return line(richText`${strong(label)} is no longer snoozed.`);
}

/** The same after a click, where the message above names the meter. */
export function snoozeEndedMessage(done: 'unsnoozed' | 'not-snoozed'): Message {
  return line(
    done === 'unsnoozed' ? richText`The snooze has ended. Alerts for this meter are on again.` : richText`This meter is not snoozed.`,
  );
}

/** There is no alert to snooze, or no snooze to end. */
export function notSnoozed(label: string, off: boolean): Message {
  return line(
    off ? richText`${strong(label)} is not snoozed.` : richText`${strong(label)} has no open alert, so there is nothing to snooze.`,
  );
}

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}
