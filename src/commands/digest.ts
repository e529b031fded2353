import { presentable } from '../core/meters/meter.ts';
import { typedSchedule } from '../core/time/parse-schedule.ts';
import { digestMessage } from '../messages/notices/digest.ts';
import { shareButton } from '../messages/replies/overview.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { digestSetMessage, MANAGED_IN_FILE, misunderstoodDigest, noPlace, nothingSubscribed } from '../messages/replies/subscribed.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { elsewhere } from './elsewhere.ts';
import { canShare } from './overview.ts';
import { refusal } from './permissions.ts';
import { toThePlace } from './subscribe.ts';

/** Shows the digest as of now, or sets when it is posted here. */
export const digest: CommandKind<string> = {
  word: 'digest',
  help: null,
  changes: (when) => !isNow(when),
  parse: (rest) => presentable(rest, 60),
  run: (when, context) => (isNow(when) ? digestNow(context) : setDigest(when, context)),
};

function isNow(when: string): boolean {
  return when === '' || when.toLowerCase() === 'now';
}

async function digestNow({ requester, queries, subscriptions }: CommandContext): Promise<Reply> {
  if ((await queries.sources(requester.account)).length === 0) return toRequester(noFigures(requester));
  const snapshot = await subscriptions.digestNow(requester.account, requester.place);
  const message = digestMessage(snapshot, { timeZone: snapshot.timeZone, accountZone: await queries.timeZone(requester.account) });
  return toRequester(canShare(requester) ? { ...message, buttons: [shareButton('digest now'), ...(message.buttons ?? [])] } : message);
}

async function setDigest(typed: string, context: CommandContext): Promise<Reply> {
  const { requester, subscriptions } = context;
  const meant = elsewhere('digest', typed, requester);
  if ('refusal' in meant) return toRequesterAlone(meant.refusal);
  const when = meant.rest;
  const schedule = when.toLowerCase() === 'off' ? null : typedSchedule(when);
  if (schedule === null && when.toLowerCase() !== 'off') return toRequesterAlone(misunderstoodDigest(requester.invokedAs));
  if (requester.place === null) return toRequesterAlone(noPlace(requester.invokedAs, 'digest'));
  const refused = await refusal(context, `digest ${when}`);
  if (refused) return toRequesterAlone(refused);
  const set = await subscriptions.setDigest({
    account: requester.account,
    place: requester.place,
    by: requester.person,
    digest: schedule,
  });
  if (set.done === 'managed-in-file') return toRequesterAlone(MANAGED_IN_FILE);
  if (set.done === 'nothing') return toRequesterAlone(nothingSubscribed(requester.invokedAs, requester.direct));
  return toThePlace(requester, digestSetMessage(set.settings, set.nextAt, { ...requester, by: requester.person }));
}
