import { headlineOf } from '../../../messages/notices/notification.ts';
import { plainRichText } from '../../../messages/text/plain.ts';
import { post, saveNotifications } from '../../notify/save-notifications.ts';
import { peopleIn } from '../../../core/text/rich-text.ts';
import type { RunTimer } from './handler.ts';

/** An outage lasts for a while, so its failures are reported in few messages. */
const NOT_AGAIN_MS = 10 * 60_000;
const MOST_NAMED = 10;

/** Reports undelivered messages of a platform to operations, each once. */
export const undelivered: RunTimer = async (transaction, timer, { now, newId, platformName }) => {
  const platform = timer.subject;
  const { messages, lastReportedAt, hasMore } = await transaction.undelivered(platform);
  if (messages.length === 0) return { nextAt: null, wake: [] };
  // A clock that was set back does not delay the report.
  const againAt = lastReportedAt !== null && lastReportedAt <= now ? new Date(lastReportedAt.getTime() + NOT_AGAIN_MS) : now;
  if (againAt > now) return { nextAt: againAt, wake: [] };
  const { timeZone } = transaction.account;
  const named = messages.slice(0, MOST_NAMED).map(({ place, snapshot, ended, reason }) => {
    const headline = headlineOf(snapshot, timeZone);
    return { place, said: plainRichText(headline, { timeZone, now }), people: [...peopleIn(headline)], ended, reason };
  });
  const operations = await transaction.operations();
  const id = newId();
  const snapshot = {
    kind: 'undelivered' as const,
    platform,
    platformName: platformName(platform),
    messages: named,
    deliveries: messages.map((one) => one.id),
  };
  return {
    nextAt: hasMore ? new Date(now.getTime() + NOT_AGAIN_MS) : null,
    wake: await saveNotifications(transaction, [
      { id, alertId: null, threadId: id, snapshot, deliveries: operations.map((one) => post(newId(), one.id)) },
    ]),
  };
};
