import { presentable, selects, type Meter, type MeterSelector } from '../core/meters/meter.ts';
import type { MeterNow } from '../core/status/meter-status.ts';
import { overviewOf } from '../core/status/overview.ts';
import { usualPlatformName } from '../core/notifications/route.ts';
import { err, ok, type Result } from '../core/result.ts';
import { teamMeters } from '../core/vendors/team-meters.ts';
import { teams } from '../core/vendors/vendor.ts';
import type { Message } from '../core/text/message.ts';
import { notInChannelForm, notInChannelMessage, savedButRefused } from '../messages/forms/not-in-channel.ts';
import { overviewMessage } from '../messages/replies/overview.ts';
import {
  MANAGED_IN_FILE,
  noPlace,
  nothingSubscribed,
  subscribedElsewhere,
  subscribedMessage,
  subscribeWhat,
  tooManyNamed,
  unsubscribedMessage,
} from '../messages/replies/subscribed.ts';
import { toRequester, toRequesterAlone, type Requester, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { elsewhere } from './elsewhere.ts';
import { matchMeters, noSuchMeter, withNames } from './match-meter.ts';
import { fullName } from './names.ts';
import { refusal } from './permissions.ts';

/** `only sales` replaces the subscription; `sales` adds to it. */
const ONLY = /^(only )?(.*)$/i;

/** Subscribes the channel, or the person in a direct message, to alerts and a weekly digest. */
export const subscribe: CommandKind<string> = {
  word: 'subscribe',
  help: { usage: 'subscribe sales', shows: 'alerts and Monday digest here (in a DM: for you)', inChat: true },
  changes: () => true,
  parse: (rest) => presentable(rest, 450),
  async run(typed, context) {
    const { requester, queries, subscriptions, tryPlace } = context;
    if (requester.place === null) return toRequesterAlone(noPlace(requester.invokedAs, 'subscribe'));
    const meant = elsewhere('subscribe', typed, requester);
    if ('refusal' in meant) return toRequesterAlone(meant.refusal);
    const wanted = meant.rest;
    const refused = await refusal(context, `subscribe ${wanted}`);
    if (refused) return toRequesterAlone(refused);
    if (wanted === '') return toRequester(subscribeWhat(requester));
    const meters = await queries.meters(requester.account);
    const [, only, named = ''] = ONLY.exec(wanted) ?? [];
    const command = commandOf(named, { meters, all: await withNames(meters) }, requester);
    if (!command.ok) return toRequesterAlone(command.error);
    const done = await subscriptions.subscribe({
      account: requester.account,
      place: requester.place,
      by: requester.person,
      ...command.value,
      replaces: only !== undefined,
    });
    if (done.done === 'managed-in-file') return toRequesterAlone(MANAGED_IN_FILE);
    const confirmation = withOverview(
      subscribedMessage(
        done.settings,
        meters.map(({ meter }) => meter),
        { ...requester, by: requester.person, instead: done.former !== null && only === undefined ? `subscribe only ${named}` : null },
      ),
      await subscribedOverview(command.value.meters, meters, context),
    );
    const tried = await tryPlace(requester.place, confirmation);
    if (tried?.outcome === 'rejected' && tried.invite !== undefined && !requester.direct) {
      // Nothing would be delivered. No subscription is better than one that looks active.
      await subscriptions.takeBack({
        account: requester.account,
        place: requester.place,
        by: requester.person,
        former: done.former,
      });
      const missing = { invite: tried.invite, inGroupMessage: requester.inGroupMessage ?? false };
      return { kind: 'form', form: notInChannelForm(missing, wanted), message: notInChannelMessage(requester.place, missing, wanted) };
    }
    if (tried !== null && tried.outcome !== 'sent')
      return toRequesterAlone(savedButRefused((context.platformName ?? usualPlatformName)(requester.place.kind), tried));
    await subscriptions.confirm({ account: requester.account, place: requester.place });
    if (tried === null) return toThePlace(requester, confirmation);
    return requester.standsHere?.(tried.messageRef) === false && requester.direct
      ? toRequesterAlone(subscribedElsewhere(requester.invokedAs))
      : { kind: 'done' };
  },
};

/** Ends the subscription of the place. */
export const unsubscribe: CommandKind<string> = {
  word: 'unsubscribe',
  help: null,
  changes: () => true,
  // People who may no longer see the figures can still unsubscribe.
  isOpen: (_typed, { direct }) => direct,
  parse: (rest) => presentable(rest, 450),
  async run(typed, context) {
    const { requester, subscriptions } = context;
    if (requester.place === null) return toRequesterAlone(noPlace(requester.invokedAs, 'unsubscribe'));
    const meant = elsewhere('unsubscribe', typed, requester);
    if ('refusal' in meant) return toRequesterAlone(meant.refusal);
    const refused = await refusal(context, 'unsubscribe');
    if (refused) return toRequesterAlone(refused);
    const { done } = await subscriptions.unsubscribe({
      account: requester.account,
      place: requester.place,
      by: requester.person,
    });
    if (done === 'managed-in-file') return toRequesterAlone(MANAGED_IN_FILE);
    return done === 'nothing'
      ? toRequester(nothingSubscribed(requester.invokedAs, requester.direct))
      : toThePlace(requester, unsubscribedMessage({ ...requester, by: requester.person }));
  },
};

/** Replies to everyone in a channel, because the change concerns them all. */
export function toThePlace({ direct }: Requester, message: Message): Reply {
  return { kind: 'message', message, to: direct ? 'requester' : 'everybody' };
}

type SubscribeArgs = { readonly meters: MeterSelector; readonly operations: boolean };

/** The most meters that a route lists; each alert searches the list. */
const MOST_NAMED = 500;

/** Parses a team, `all`, or names of meters. */
function commandOf(
  wanted: string,
  { meters, all }: { readonly meters: readonly MeterNow[]; readonly all: readonly Meter[] },
  requester: Requester,
): Result<SubscribeArgs, Message> {
  const word = wanted.toLowerCase();
  const team = teams.find((one) => one === word);
  if (team) return ok({ meters: teamMeters(team, [...new Set(meters.map(({ meter }) => meter.source))]), operations: false });
  if (word === 'all' || word === 'operations') return ok({ meters: 'all', operations: word === 'operations' });
  const names = new Set<string>();
  for (const part of partsOf(wanted, (name) => matchMeters(name, all).length > 0)) {
    const found = matchMeters(part, all);
    if (found.length === 0) return err(noSuchMeter(part, all, { requester, asking: (name) => `subscribe ${name}` }));
    for (const one of found) names.add(fullName(one));
    if (names.size > MOST_NAMED) return err(tooManyNamed(MOST_NAMED, requester.invokedAs));
  }
  return ok({ meters: [...names], operations: false });
}

/** The most words of a name that are compared with known names. */
const MOST_WORDS_OF_PART = 12;

/** Splits `campaigns, open ai` at its commas; without commas, into the longest known names. */
function partsOf(wanted: string, isKnown: (name: string) => boolean): readonly string[] {
  if (wanted.includes(','))
    return wanted
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const words = wanted.split(' ');
  const parts: string[] = [];
  for (let start = 0; start < words.length;) {
    let end = Math.min(words.length, start + MOST_WORDS_OF_PART);
    while (end > start + 1 && !isKnown(words.slice(start, end).join(' '))) end -= 1;
    parts.push(words.slice(start, end).join(' '));
    start = end;
  }
  return parts;
}

/** Builds the overview of the subscribed meters; null before there are figures. */
async function subscribedOverview(
  selector: MeterSelector,
  meters: readonly MeterNow[],
  { requester, queries, clock }: CommandContext,
): Promise<Message | null> {
  const chosen = meters.filter(({ meter }) => selects(selector, meter));
  if (chosen.length === 0) return null;
  const [rules, timeZone] = await Promise.all([queries.rules(requester.account), queries.timeZone(requester.account)]);
  return overviewMessage(overviewOf(chosen, rules, clock.now()), {
    timeZone,
    subscribeWith: null,
    invokedAs: requester.invokedAs,
    canShare: false,
  });
}

function withOverview(confirmation: Message, overview: Message | null): Message {
  return overview === null
    ? confirmation
    : { ...confirmation, lines: [overview.title, ...overview.lines], ...(overview.buttons && { buttons: overview.buttons }) };
}
