import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { lastDayText } from '../../core/time/days.ts';
import { lately, mention, richText, when, type RichText } from '../../core/text/rich-text.ts';

type Attention = Pick<AlertSnapshot, 'acknowledged' | 'requested' | 'snoozed'>;

/**
 * Who looks after an alert, who asked for more, and what keeps it quiet.
 *
 * @param seenAt about when this is read: a weekday says enough of the days around it
 */
export function alertStatusLines({ acknowledged, requested, snoozed }: Attention, seenAt: Date, timeZone: string): readonly RichText[] {
  const isQuietFor = requested && snoozed?.until === 'total-changes';
  return [
    ...(acknowledged ? [richText`${mention(acknowledged.by)} is on it, ${when(acknowledged.at)}`] : []),
    ...(requested
      ? [
          richText`Requested by ${mention(requested.by)}, ${lastDayText(requested.at, later(seenAt, requested.at), timeZone)}${isQuietFor ? ': quiet until the total changes' : ''}`,
        ]
      : []),
    ...(snoozed && !isQuietFor
      ? [richText`${quietWords(snoozed)}${snoozed.worseComes ? '. You will still hear if it gets worse.' : ''}`]
      : []),
  ];
}

/** Whoever asked for more has not snoozed it: an alert that opened since is quiet all the same. */
function quietWords({ with: deed, by, until }: NonNullable<AlertSnapshot['snoozed']>): RichText {
  const end = untilWords(until);
  return deed === 'request'
    ? richText`Quiet until ${end}: ${mention(by)} requested more`
    : richText`Snoozed by ${mention(by)} until ${end}`;
}

function untilWords(until: NonNullable<AlertSnapshot['snoozed']>['until']): RichText {
  if (until === 'reset') return richText`the reset`;
  return until === 'total-changes' ? richText`the total changes` : richText`${lately(until)}`;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
