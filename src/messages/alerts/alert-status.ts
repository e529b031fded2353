import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { lastDayText } from '../../core/time/days.ts';
import { lately, mention, say, when, type Phrase } from '../../core/text/rich-text.ts';

type Attention = Pick<AlertSnapshot, 'acknowledged' | 'requested' | 'snoozed'>;

/**
 * Who looks after an alert, who asked for more, and what keeps it quiet.
 *
 * @param seenAt about when this is read: a weekday says enough of the days around it
 */
export function attentionLines({ acknowledged, requested, snoozed }: Attention, seenAt: Date, timeZone: string): readonly Phrase[] {
  const isQuietFor = requested && snoozed?.until === 'total-changes';
  return [
    ...(acknowledged ? [say`${mention(acknowledged.by)} is on it, ${when(acknowledged.at)}`] : []),
    ...(requested
      ? [
          say`Requested by ${mention(requested.by)}, ${lastDayText(requested.at, later(seenAt, requested.at), timeZone)}${isQuietFor ? ': quiet until the total changes' : ''}`,
        ]
      : []),
    ...(snoozed && !isQuietFor ? [say`${quietWords(snoozed)}${snoozed.worseComes ? '; a worse level still comes through' : ''}`] : []),
  ];
}

/** Whoever asked for more has not snoozed it: an alert that opened since is quiet all the same. */
function quietWords({ with: deed, by, until }: NonNullable<AlertSnapshot['snoozed']>): Phrase {
  const end = untilWords(until);
  return deed === 'request' ? say`Quiet until ${end}: more was requested by ${mention(by)}` : say`Snoozed by ${mention(by)} until ${end}`;
}

function untilWords(until: NonNullable<AlertSnapshot['snoozed']>['until']): Phrase {
  if (until === 'reset') return say`the reset`;
  return until === 'total-changes' ? say`the total changes` : say`${lately(until)}`;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
