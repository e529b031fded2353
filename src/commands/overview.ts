import { meterJson, overviewJson } from '../queries/overview-json.ts';
import { overviewMessage } from '../messages/replies/overview.ts';
import { unreadMailLines } from '../messages/text/mail.ts';
import { failingPolls } from '../messages/text/polls.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { UNROUTED_IN_TERMINAL } from '../messages/replies/subscribed.ts';
import { toRequester, type Requester, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';

export const overview: CommandKind<null> = {
  word: '',
  help: { usage: '', shows: 'all credits, worst first' },
  parse: () => null,
  run: (_args, context) => answerOverview(context),
};

/** Shows all meters with pace and forecast. */
export const details: CommandKind<null> = {
  word: 'details',
  help: null,
  parse: () => null,
  run: (_args, context) => answerOverview(context, { inFull: true }),
};

async function answerOverview({ requester, queries }: CommandContext, how: { readonly inFull?: true } = {}): Promise<Reply> {
  const { account } = requester;
  const [answer, isRouted, timeZone, polls, unreadMails] = await Promise.all([
    queries.overview(account),
    queries.isRouted(account),
    queries.timeZone(account),
    queries.polls(account),
    queries.unreadMails(account),
  ]);
  const now = answer.overview;
  const data = async () => overviewJson(await queries.ranking(account, meterJson), isRouted);
  if (now.count === 0) {
    const none = noFigures(requester);
    return toRequester({ ...none, lines: [...failingPolls(polls), ...unreadMailLines(unreadMails, timeZone), ...none.lines] }, data);
  }
  const inTerminal = requester.inTerminal === true;
  const message = overviewMessage(now, {
    timeZone,
    subscribeWith: isRouted || inTerminal ? null : `${requester.invokedAs} subscribe`,
    invokedAs: requester.invokedAs,
    canShare: canShare(requester),
    polls,
    unreadMails,
    ...how,
  });
  return toRequester(inTerminal && !isRouted ? { ...message, lines: [...message.lines, UNROUTED_IN_TERMINAL] } : message, data);
}

/** Whether others can read the place, so that sharing makes sense. */
export function canShare({ direct, place }: Requester): boolean {
  return !direct && place !== null;
}
