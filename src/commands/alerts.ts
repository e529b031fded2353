import { DAY_MS } from '../core/time/local-time.ts';
import { alertsMessage } from '../messages/alerts/alerts.ts';
import { headlineOf } from '../messages/notices/notification.ts';
import { alertsJson } from '../queries/answer-json.ts';
import { toRequester } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { fullName } from './names.ts';

const RECENT_MS = 7 * DAY_MS;

/** What is open, who is on it, and what was in the last days. */
export const alerts: CommandKind<null> = {
  word: 'alerts',
  help: { also: 'alerts' },
  parse: () => null,
  async run(_args, { requester, store, clock }) {
    const seenAt = clock.now();
    const since = new Date(seenAt.getTime() - RECENT_MS);
    const [meters, past, lost, timeZone] = await Promise.all([
      store.meters(requester.account),
      store.pastAlerts(requester.account, since),
      store.undelivered(requester.account, since),
      store.timeZone(requester.account),
    ]);
    const open = meters.flatMap((now) => now.alerts.map((alert) => ({ now, alert, name: fullName(now.meter) })));
    const undelivered = lost.map(({ snapshot, ...one }) => ({ ...one, said: headlineOf(snapshot, timeZone) }));
    return toRequester(alertsMessage(open, past, { timeZone, seenAt, undelivered }), alertsJson(open, past));
  },
};
