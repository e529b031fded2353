import type { Resolution } from '../../core/alerts/alert.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import type { AlertTopic } from '../../core/rules/rule.ts';
import { dayText } from '../../core/time/days.ts';
import { leftOrOver, usedOfTotal } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** Whether the message of an alert says that the alert has ended, so that nothing is left to do. */
export function isOver({ change }: Pick<AlertSnapshot, 'change'>): boolean {
  return change === 'recovered' || change === 'closed';
}

/** Words the message of an alert that closed without a recovery: the reason, and the present figures. */
export function closedMessage(snapshot: AlertSnapshot, timeZone: string): Message {
  const { meter, reading } = snapshot;
  const figures = [usedOfTotal(meter, reading), leftOrOver(meter, reading)].filter((part) => part !== null).join(' · ');
  const title = closedText(snapshot, timeZone);
  return { summary: title, title, lines: [richText`${figures}`] };
}

/** `⚪ Apollo Contacts: closed, figures reset on 29 Nov`. */
export function closedText({ meter, topic, closed }: AlertSnapshot, timeZone: string): RichText {
  return richText`⚪ ${strong(meter.label)}: closed${closed === null ? '' : `, ${closedBecause(closed.why, closed.at, topic, timeZone)}`}`;
}

/** The reason why an alert closed, to follow the word "closed". Days are in the account's zone. */
export function closedBecause(why: Exclude<Resolution, 'recovered'>, at: Date, topic: AlertTopic, timeZone: string): string {
  const day = dayText(localDayOf(at, timeZone));
  switch (why) {
    case 'period-ended':
      return `figures reset on ${day}`;
    case 'corrected':
      return `figures corrected on ${day}`;
    case 'unlimited':
      return `unlimited since ${day}`;
    case 'rule-changed':
      return `its rule was changed or removed (${day})`;
    case 'lapsed':
      return `${PAST[topic]} (${day})`;
  }
}

const PAST: Readonly<Record<AlertTopic, string>> = {
  'running-out': 'no longer running out',
  unusual: 'the unusual day is over',
  unused: 'no longer likely to go unused',
  stale: 'figures are back',
};
