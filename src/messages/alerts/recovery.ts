import { duration } from '../text/duration.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { causeText } from './cause.ts';
import { howMuch, leftOrOver, usedOfTotal } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { paceSentence } from '../text/outlook.ts';
import { joined, mention, mentioned, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { upperFirst } from '../text/upper-first.ts';
import type { Person } from '../../core/text/person.ts';

export function recoveredText({ meter, reading }: AlertSnapshot): RichText {
  return richText`✅ ${strong(meter.label)} is fine again: ${howMuch(meter, reading)}`;
}

/** Words the message of an alert after the meter has recovered. */
export function recoveryMessage(snapshot: AlertSnapshot): Message {
  const { meter, reading, overSince } = snapshot;
  const figures = [
    usedOfTotal(meter, reading),
    leftOrOver(meter, reading),
    overSince === null ? null : `was over for ${duration(overSince, reading.observedAt)}`,
  ];
  const title = recoveredText(snapshot);
  return { summary: title, title, lines: [richText`${figures.filter((part) => part !== null).join(' · ')}`] };
}

/**
 * Words the reply in the thread of that message: the reason of the recovery, and how long the credits last now. It mentions the people
 * who worked on the alert after the reason, because it is not known whether they caused the recovery.
 *
 * @param named whether the reply must name the meter, because the message above it is about several
 */
export function recoveryReply(
  snapshot: AlertSnapshot,
  { mentions, timeZone, named }: { readonly mentions: readonly Person[]; readonly timeZone: string; readonly named: boolean },
): Message {
  const { meter, cause } = snapshot;
  const pace = paceSentence(snapshot, timeZone);
  const more = pace === null ? [] : richText` ${pace}`;
  if (cause === null) {
    const title = richText`${mentioned(recoveredText(snapshot), mentions)}${more.length === 0 ? '' : '.'}${more}`;
    return { summary: title, title, lines: [] };
  }
  const why = `${causeText(cause, meter.decimals)}.`;
  const called: RichText = joined(
    mentions.map((user) => richText`${mention(user)}`),
    ' ',
  );
  const reason = named ? richText`${strong(meter.label)}: ${why}` : richText`${upperFirst(why)}`;
  const summary = richText`✅ ${meter.label}: ${why}${more}`;
  return called.length === 0
    ? { summary, title: richText`${reason}${more}`, lines: [] }
    : { summary, title: richText`${reason} cc ${called}`, lines: pace === null ? [] : [pace] };
}
