import { presentable, selects, type Meter, type MeterSelector } from '../core/meters/meter.ts';
import type { MeterNow } from '../core/status/meter-status.ts';
import { overviewOf } from '../core/status/overview.ts';
import { err, ok, type Result } from '../core/result.ts';
import { bindRules } from '../core/rules/registry.ts';
import { teamMeters } from '../core/vendors/team-meters.ts';
import { teams } from '../core/vendors/vendor.ts';
import type { Message } from '../core/text/message.ts';
import { notThereForm, notThereWords, savedButRefused } from '../messages/forms/not-in-channel.ts';
import { overviewWords } from '../messages/replies/overview.ts';
import {
  MANAGED_IN_FILE,
  noPlace,
  nothingSubscribed,
  subscribedElsewhere,
  subscribedWords,
  subscribeWhat,
  tooManyNamed,
  unsubscribedWords,
} from '../messages/replies/subscribed.ts';
import { toAsker, toAskerAlone, type Asker, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { elsewhere } from './elsewhere.ts';
import { matchMeters, noSuchMeter, withNames } from './match-meter.ts';
import { fullName } from './names.ts';
import { refusal } from './permissions.ts';

/** `only sales` instead of what came there before; `sales` as well. */
const ONLY = /^(only )?(.*)$/i;

/** Alerts and a weekly digest for the channel at hand, or for oneself in a direct message. */
export const subscribe: CommandKind<string> = {
  word: 'subscribe',
  help: { usage: 'subscribe sales', shows: 'alerts and Monday digest here (in a DM: for you)', inChat: true },
  changes: () => true,
  parse: (rest) => presentable(rest, 450),
  async run(typed, context) {
    const { asker, store, subscriptions, tryPlace } = context;
    if (asker.place === null) return toAskerAlone(noPlace(asker.invokedAs));
    const meant = elsewhere('subscribe', typed, asker);
    if ('told' in meant) return toAskerAlone(meant.told);
    const wanted = meant.rest;
    const refused = await refusal(context, `subscribe ${wanted}`);
    if (refused) return toAskerAlone(refused);
    if (wanted === '') return toAsker(subscribeWhat(asker));
    const meters = await store.meters(asker.account);
    const [, only, named = ''] = ONLY.exec(wanted) ?? [];
    const wish = wishOf(named, { meters, all: await withNames(meters) }, asker);
    if (!wish.ok) return toAskerAlone(wish.error);
    const done = await subscriptions.subscribe({
      account: asker.account,
      place: asker.place,
      by: asker.user,
      platform: asker.platform,
      ...wish.value,
      replaces: only !== undefined,
    });
    if (done.done === 'managed-in-file') return toAskerAlone(MANAGED_IN_FILE);
    const said = withOverview(
      subscribedWords(
        done.settings,
        meters.map(({ meter }) => meter),
        { ...asker, by: asker.user, instead: done.former !== null && only === undefined ? `subscribe only ${named}` : null },
      ),
      await shown(wish.value.meters, meters, context),
    );
    const tried = await tryPlace(asker.place, said);
    if (tried?.outcome === 'rejected' && tried.invite !== undefined && !asker.direct) {
      // Nothing would arrive: better none than one that everybody takes for on.
      await subscriptions.takeBack({
        account: asker.account,
        place: asker.place,
        by: asker.user,
        platform: asker.platform,
        former: done.former,
      });
      const missing = { invite: tried.invite, inGroupMessage: asker.inGroupMessage ?? false };
      return { kind: 'form', form: notThereForm(missing, wanted), message: notThereWords(asker.place, missing, wanted) };
    }
    if (tried !== null && tried.outcome !== 'sent') return toAskerAlone(savedButRefused(asker.place, tried));
    await subscriptions.confirm({ account: asker.account, place: asker.place });
    if (tried === null) return toThePlace(asker, said);
    return asker.standsHere?.(tried.messageRef) === false && asker.direct
      ? toAskerAlone(subscribedElsewhere(asker.invokedAs))
      : { kind: 'done' };
  },
};

/** Ends what `subscribe` began. */
export const unsubscribe: CommandKind<string> = {
  word: 'unsubscribe',
  help: null,
  changes: () => true,
  // Who may not look any more need not go on hearing.
  isOpen: (_typed, { direct }) => direct,
  parse: (rest) => presentable(rest, 450),
  async run(typed, context) {
    const { asker, subscriptions } = context;
    if (asker.place === null) return toAskerAlone(noPlace(asker.invokedAs));
    const meant = elsewhere('unsubscribe', typed, asker);
    if ('told' in meant) return toAskerAlone(meant.told);
    const refused = await refusal(context, 'unsubscribe');
    if (refused) return toAskerAlone(refused);
    const { done } = await subscriptions.unsubscribe({
      account: asker.account,
      place: asker.place,
      by: asker.user,
      platform: asker.platform,
    });
    if (done === 'managed-in-file') return toAskerAlone(MANAGED_IN_FILE);
    return done === 'nothing'
      ? toAsker(nothingSubscribed(asker.invokedAs, asker.direct))
      : toThePlace(asker, unsubscribedWords({ ...asker, by: asker.user }));
  },
};

/** What changes for everybody in a channel is said to everybody there. */
export function toThePlace({ direct }: Asker, message: Message): Reply {
  return { kind: 'message', message, to: direct ? 'asker' : 'everybody' };
}

type Wish = { readonly meters: MeterSelector; readonly operations: boolean };

/** A route names its meters one by one, and each alert looks through them. */
const MOST_NAMED = 500;

/** A team, `all`, or meters by their names. */
function wishOf(
  wanted: string,
  { meters, all }: { readonly meters: readonly MeterNow[]; readonly all: readonly Meter[] },
  asker: Asker,
): Result<Wish, Message> {
  const word = wanted.toLowerCase();
  const team = teams.find((one) => one === word);
  if (team) return ok({ meters: teamMeters(team, [...new Set(meters.map(({ meter }) => meter.source))]), operations: false });
  if (word === 'all' || word === 'operations') return ok({ meters: 'all', operations: word === 'operations' });
  const names = new Set<string>();
  for (const part of partsOf(wanted, (name) => matchMeters(name, all).length > 0)) {
    const found = matchMeters(part, all);
    if (found.length === 0) return err(noSuchMeter(part, all, { asker, asking: (name) => `subscribe ${name}` }));
    for (const one of found) names.add(fullName(one));
    if (names.size > MOST_NAMED) return err(tooManyNamed(MOST_NAMED, asker.invokedAs));
  }
  return ok({ meters: [...names], operations: false });
}

/** Names have fewer words than this. */
const MOST_WORDS_OF_PART = 12;

/** `campaigns, open ai` by its commas; without them the longest names that are known, one after the other. */
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

/** The present of what was subscribed; null before there are figures. */
async function shown(
  selector: MeterSelector,
  meters: readonly MeterNow[],
  { asker, store, clock }: CommandContext,
): Promise<Message | null> {
  const chosen = meters.filter(({ meter }) => selects(selector, meter));
  if (chosen.length === 0) return null;
  const [rules, timeZone] = await Promise.all([store.rules(asker.account), store.timeZone(asker.account)]);
  return overviewWords(overviewOf(chosen, bindRules(rules), clock.now()), {
    timeZone,
    subscribeWith: null,
    invokedAs: asker.invokedAs,
    canShare: false,
  });
}

function withOverview(said: Message, overview: Message | null): Message {
  return overview === null
    ? said
    : { ...said, lines: [overview.title, ...overview.lines], ...(overview.buttons && { buttons: overview.buttons }) };
}
