import type { PastAlert } from '../../core/alerts/alert-history.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import type { SnoozeChoice } from '../../core/alerts/snooze.ts';
import { closedBecause } from '../alerts/closed-alert.ts';
import { boundaryDayOf, dayText } from '../../core/time/days.ts';
import { mention, richText, strong, when, type RichText } from '../../core/text/rich-text.ts';
import { endSnoozeButton } from '../alerts/alert-buttons.ts';
import type { Button, Message } from '../../core/text/message.ts';
import type { Person } from '../../core/text/person.ts';

/** Why what somebody did about an alert changed nothing. */
export function actionResultMessage(
  acted: { readonly done: 'already'; readonly by: Person; readonly at: Date } | { readonly done: string },
): Message {
  if ('by' in acted) return line(richText`${mention(acted.by)} is already on it (${when(acted.at)}).`);
  return closedAlertNotice(null, 'UTC');
}

/** To somebody who presses a button of an alert that is closed: why it is, if that is known. */
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
 * What the snooze is, with the way to take it back and the other choices.
 *
 * @param timeZone the account's, which the day of a reset is of
 * @param label names the meter, where it is not said already
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
  const said = untilWords(choice, until, timeZone);
  return {
    ...line(
      richText`${label === undefined ? richText`Snoozed` : richText`${strong(label)} is snoozed`} until ${said}.${worseComes ? ' You will still hear if it gets worse.' : ''}`,
    ),
    buttons: [
      endSnoozeButton(alertId, 'Undo snooze'),
      ...others.map((other): Button => ({ action: 'snooze', label: CHOICES[other].label, value: `${alertId} ${other}` })),
    ],
  };
}

/** A morning is a moment, and a reset is a day. */
function untilWords(choice: SnoozeChoice, until: Date | null, timeZone: string): RichText {
  if (until === null) return richText`${CHOICES[choice].until}`;
  if (choice === 'tomorrow' || choice === 'monday') return richText`${when(until)}`;
  return richText`${CHOICES[choice].until} (${boundaryDayOf(until, timeZone)})`;
}

/** The meter speaks again, and says what holds. */
export function unsnoozedMessage(label: string): Message {
  return line(richText`${strong(label)} is no longer snoozed.`);
}

/** The same after a press, where it is seen which meter is meant. */
export function snoozeEndedMessage(done: 'unsnoozed' | 'not-snoozed'): Message {
  return line(
    done === 'unsnoozed' ? richText`The snooze has ended. Alerts for this meter are on again.` : richText`This meter is not snoozed.`,
  );
}

/** Nothing was there to be made quiet, or to speak again. */
export function notSnoozed(label: string, off: boolean): Message {
  return line(
    off ? richText`${strong(label)} is not snoozed.` : richText`${strong(label)} has no open alert, so there is nothing to snooze.`,
  );
}

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}
