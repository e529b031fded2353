import { overviewOf, type Overview } from '../core/status/overview.ts';
import { overviewJson } from '../queries/overview-json.ts';
import { bindRules } from '../core/rules/registry.ts';
import { overviewMessage } from '../messages/replies/overview.ts';
import { failingPolls } from '../messages/text/polls.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { UNROUTED_IN_TERMINAL } from '../messages/replies/subscribed.ts';
import { toRequester, type Requester, type Reply } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';
import type { CommandContext, CommandKind } from './command.ts';

export const overview: CommandKind<null> = {
  word: '',
  help: { usage: '', shows: 'all credits, worst first' },
  parse: () => null,
  run: (_args, context) => answerOverview(context),
};

/** The same with pace and outlook of every meter. */
export const details: CommandKind<null> = {
  word: 'details',
  help: null,
  parse: () => null,
  run: (_args, context) => answerOverview(context, { inFull: true }),
};

async function answerOverview({ requester, store, clock }: CommandContext, how: { readonly inFull?: true } = {}): Promise<Reply> {
  const [now, routed, timeZone, polls] = await Promise.all([
    readOverview(store, requester.account, clock),
    isRouted(store, requester.account),
    store.timeZone(requester.account),
    store.polls(requester.account),
  ]);
  if (now.lines.length === 0) {
    const none = noFigures(requester);
    return toRequester({ ...none, lines: [...failingPolls(polls), ...none.lines] }, overviewJson(now, { routed, now: clock.now() }));
  }
  const inTerminal = requester.platform === 'terminal';
  const words = overviewMessage(now, {
    timeZone,
    subscribeWith: routed || inTerminal ? null : `${requester.invokedAs} subscribe`,
    invokedAs: requester.invokedAs,
    canShare: canShare(requester),
    polls,
    ...how,
  });
  const data = overviewJson(now, { routed, now: clock.now() });
  return toRequester(inTerminal && !routed ? { ...words, lines: [...words.lines, UNROUTED_IN_TERMINAL] } : words, data);
}

/** Whether others read where it was asked. */
export function canShare({ direct, place }: Requester): boolean {
  return !direct && place !== null;
}

/** Whether some route wants alerts of meters: else they go to the fallback alone. */
export async function isRouted(store: ReadStore, account: string): Promise<boolean> {
  return (await store.routes(account)).some(({ meters }) => meters !== null);
}

/** The account's meters as they stand, worst first. */
export async function readOverview(store: ReadStore, account: string, clock: Clock): Promise<Overview> {
  const [meters, rules] = await Promise.all([store.meters(account), store.rules(account)]);
  return overviewOf(meters, bindRules(rules), clock.now());
}
