import { selects, type Meter, type MeterSelector } from '../../core/meters/meter.ts';
import type { RouteSettings } from '../../core/notifications/route.ts';
import type { Schedule } from '../../core/time/schedule.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { upperFirst } from '../text/upper-first.ts';
import { code, mention, richText, when, type RichText } from '../../core/text/rich-text.ts';
import type { Person } from '../../core/text/person.ts';

type Place = {
  /** How the command is typed: `/usage`. */
  readonly invokedAs: string;
  /** The person who typed the command. */
  readonly by: Person;
  /** Whether it is a direct message, which only this person reads. */
  readonly direct: boolean;
};

const MOST_NAMES = 12;

/**
 * Confirms a subscription, visible to everybody in the channel.
 *
 * @param place.instead the command that removes the earlier subscription; null if there was none
 */
export function subscribedMessage(
  { meters, operations, digest }: RouteSettings,
  known: readonly Meter[],
  { invokedAs, by, direct, instead }: Place & { readonly instead: string | null },
): Message {
  const what = [
    ...(meters === null ? [] : [namesOf(meters, known)]),
    ...(operations ? ['problems such as sources without figures'] : []),
  ].join(', and ');
  const who = direct ? richText`You get credit alerts here` : richText`${mention(by)} turned on credit alerts here`;
  const title = richText`${who}: ${what}. ${digest === null ? 'No digest' : `Digest ${scheduleText(digest)}`}. Off: ${code(`${invokedAs} unsubscribe`)}${instead === null ? '' : richText`. Only this: ${code(`${invokedAs} ${instead}`)}`}`;
  return { summary: title, title, lines: [] };
}

/** `Campaigns, OpenAI Tokens`. A meter without figures is named as it was typed. */
function namesOf(meters: MeterSelector, known: readonly Meter[]): string {
  if (meters === 'all') return 'all credits';
  const names = [...new Set(meters.map((name) => known.find((one) => selects([name], one))?.label ?? name))];
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

/** `Mon 09:00`. */
function scheduleText({ weekday, at }: Schedule): string {
  return `${weekday.charAt(0).toUpperCase()}${weekday.slice(1, 3)} ${at}`;
}

/** The reply to `subscribe` in a direct message between two people: the alerts go to the person who typed it. */
export function subscribedElsewhere(invokedAs: string): Message {
  return line(
    richText`Done. I am not part of this conversation, so alerts come to you in a direct message. For a channel, type ${code(`${invokedAs} subscribe`)} in it.`,
  );
}

/** The command names another channel than the one where it was typed. */
export function typeItThere(channel: RichText, command: string): Message {
  return line(richText`Type this in ${channel}: ${code(command)}`);
}

/** The command names another person. */
export function typeItThemselves(person: RichText, command: string): Message {
  return line(richText`Ask ${person} to type ${code(command)} in a channel, or in a direct message with me.`);
}

export function unsubscribedMessage({ invokedAs, by, direct }: Place): Message {
  const who = direct ? richText`You no longer get credit alerts from me.` : richText`${mention(by)} turned off credit alerts here.`;
  return line(richText`${who} On: ${code(`${invokedAs} subscribe`)}`);
}

/** Confirms the time of the digest. */
export function digestSetMessage({ digest }: RouteSettings, nextAt: Date | null, { by, direct }: Place): Message {
  const who = direct ? richText`Your` : richText`${mention(by)} changed it: the`;
  if (digest === null) return line(richText`${who} digest is off. Alerts still come.`);
  // The next digest is shown in the reader's zone. The time of the schedule beside it could be in another zone.
  const next = nextAt === null ? richText`${scheduleText(digest)}` : richText`every ${upperFirst(digest.weekday)}, next on ${when(nextAt)}`;
  return line(richText`${who} digest comes ${next}.`);
}

/** Asks which alerts to subscribe, if the command named none. */
export function subscribeWhat({ direct }: Pick<Place, 'direct'>): Message {
  const title = direct ? richText`Which alerts do you want?` : richText`Which alerts should this channel get?`;
  const offer = (label: string, team: string): Button => ({ action: 'show', label, value: `subscribe ${team}` });
  return {
    summary: title,
    title,
    lines: [],
    buttons: [offer('All', 'all'), offer('Marketing', 'marketing'), offer('Sales', 'sales'), offer('Operations', 'operations')],
  };
}

export const MANAGED_IN_FILE = line(richText`creditwatch.yml sets what comes here. Change it there.`);

export function nothingSubscribed(invokedAs: string, direct: boolean): Message {
  return line(richText`${direct ? 'You have no credit alerts.' : 'Nothing is subscribed here.'} On: ${code(`${invokedAs} subscribe`)}`);
}

/** In a terminal, where nothing can be subscribed: how to get alerts in a chat. */
export const UNROUTED_IN_TERMINAL: RichText = richText`No channel gets alerts yet. Connect a chat platform (README.md) and type ${code('/usage subscribe')} there, or add routes to creditwatch.yml.`;

const GETS = {
  subscribe: 'should get the alerts',
  unsubscribe: 'should no longer get alerts',
  digest: 'gets the digest',
} as const;

/** The reply in a terminal, where nothing can be posted. */
export function noPlace(invokedAs: string, word: 'subscribe' | 'unsubscribe' | 'digest'): Message {
  return line(
    richText`Type ${code(`${invokedAs.startsWith('/') ? invokedAs : '/usage'} ${word}`)} in the channel that ${GETS[word]}. Or set it in creditwatch.yml.`,
  );
}

export function misunderstoodDigest(invokedAs: string): Message {
  return {
    ...line(richText`When should the digest come?`),
    lines: [
      richText`For example: ${code(`${invokedAs} digest monday 9am`)}, ${code(`${invokedAs} digest off`)}, ${code(`${invokedAs} digest now`)}`,
    ],
  };
}

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}

/** More meters than a route may name one by one. */
export function tooManyNamed(most: number, invokedAs: string): Message {
  const title = richText`That names more than ${String(most)} meters, the most a channel can subscribe to by name. Nothing was changed.`;
  return { summary: title, title, lines: [richText`For all meters: ${code(`${invokedAs} subscribe all`)}. Or name fewer.`] };
}
