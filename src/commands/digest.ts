import { presentable } from '../core/meters/meter.ts';
import { typedSchedule } from '../core/time/parse-schedule.ts';
import { digestWords } from '../messages/notices/digest.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { digestSetWords, MANAGED_IN_FILE, misunderstoodDigest, noPlace, nothingSubscribed } from '../messages/replies/subscribed.ts';
import { toAsker, toAskerAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { elsewhere } from './elsewhere.ts';
import { canShare } from './overview.ts';
import { refusal } from './permissions.ts';
import { toThePlace } from './subscribe.ts';

/** The digest as it would go out now, or when it goes out here. */
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

async function digestNow({ asker, store, subscriptions }: CommandContext): Promise<Reply> {
  if ((await store.meters(asker.account)).length === 0) return toAsker(noFigures(asker));
  const snapshot = await subscriptions.digestNow(asker.account, asker.place);
  const message = digestWords(snapshot, { timeZone: snapshot.timeZone, accountZone: await store.timeZone(asker.account) });
  return toAsker(
    canShare(asker)
      ? { ...message, buttons: [{ action: 'share', label: 'Share to channel', value: 'digest now' }, ...(message.buttons ?? [])] }
      : message,
  );
}

async function setDigest(typed: string, context: CommandContext): Promise<Reply> {
  const { asker, subscriptions } = context;
  const meant = elsewhere('digest', typed, asker);
  if ('told' in meant) return toAskerAlone(meant.told);
  const when = meant.rest;
  const schedule = when.toLowerCase() === 'off' ? null : typedSchedule(when);
  if (schedule === null && when.toLowerCase() !== 'off') return toAskerAlone(misunderstoodDigest(asker.invokedAs));
  if (asker.place === null) return toAskerAlone(noPlace(asker.invokedAs));
  const refused = await refusal(context, `digest ${when}`);
  if (refused) return toAskerAlone(refused);
  const set = await subscriptions.setDigest({
    account: asker.account,
    place: asker.place,
    by: asker.user,
    platform: asker.platform,
    digest: schedule,
  });
  if (set.done === 'managed-in-file') return toAskerAlone(MANAGED_IN_FILE);
  if (set.done === 'nothing') return toAskerAlone(nothingSubscribed(asker.invokedAs, asker.direct));
  return toThePlace(asker, digestSetWords(set.settings, set.nextAt, { ...asker, by: asker.user }));
}
