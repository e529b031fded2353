import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { lastDayText } from '../../core/time/days.ts';
import { lately, mention, richText, when, type RichText } from '../../core/text/rich-text.ts';

type Attention = Pick<AlertSnapshot, 'acknowledged' | 'requested' | 'snoozed'>;

/**
 * Returns the lines that say who acknowledged an alert, who requested more credits, and until when it is snoozed.
 *
 * @param seenAt the approximate time of reading: a day close to it is shown as a weekday
 */
export function alertStatusLines({ acknowledged, requested, snoozed }: Attention, seenAt: Date, timeZone: string): readonly RichText[] {
  const isQuietByRequest = requested && snoozed?.until === 'total-changes';
  return [
    ...(acknowledged ? [richText`${mention(acknowledged.by)} is on it, ${when(acknowledged.at)}`] : []),
    ...(requested
      ? [
          richText`Requested by ${mention(requested.by)}, ${lastDayText(requested.at, later(seenAt, requested.at), timeZone)}${isQuietByRequest ? ': quiet until the total changes' : ''}`,
        ]
      : []),
    ...(snoozed && !isQuietByRequest
      ? [richText`${snoozeText(snoozed)}${snoozed.worseComes ? '. You will still hear if it gets worse.' : ''}`]
      : []),
  ];
}

/** Words the snooze. A request for credits also snoozes the meter, including alerts that open later, so it is worded as a request. */
function snoozeText({ with: origin, by, until }: NonNullable<AlertSnapshot['snoozed']>): RichText {
  const end = untilText(until);
  return origin === 'request'
    ? richText`Quiet until ${end}: ${mention(by)} requested more`
    : richText`Snoozed by ${mention(by)} until ${end}`;
}

function untilText(until: NonNullable<AlertSnapshot['snoozed']>['until']): RichText {
  if (until === 'reset') return richText`the reset`;
  return until === 'total-changes' ? richText`the total changes` : richText`${lately(until)}`;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
