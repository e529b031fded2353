import { DAY_MS } from '../core/time/local-time.ts';
import { alertsWords } from '../messages/alerts/alerts.ts';
import { headlineOf } from '../messages/notices/notification.ts';
import { alertsJson } from '../queries/answer-json.ts';
import { toAsker } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { fullName } from './names.ts';

const RECENT_MS = 7 * DAY_MS;

/** What is open, who is on it, and what was in the last days. */
export const alerts: CommandKind<null> = {
  word: 'alerts',
  help: { also: 'alerts' },
  parse: () => null,
  async run(_args, { asker, store, clock }) {
    const seenAt = clock.now();
    const since = new Date(seenAt.getTime() - RECENT_MS);
    const [meters, past, lost, timeZone] = await Promise.all([
      store.meters(asker.account),
      store.pastAlerts(asker.account, since),
      store.undelivered(asker.account, since),
      store.timeZone(asker.account),
    ]);
    const open = meters.flatMap((now) => now.alerts.map((alert) => ({ now, alert, name: fullName(now.meter) })));
    const undelivered = lost.map(({ snapshot, ...one }) => ({ ...one, said: headlineOf(snapshot, timeZone) }));
    return toAsker(alertsWords(open, past, { timeZone, seenAt, undelivered }), alertsJson(open, past));
  },
};
