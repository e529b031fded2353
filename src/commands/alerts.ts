import { alertsMessage } from '../messages/alerts/alerts.ts';
import { headlineOf } from '../messages/notices/notification.ts';
import { alertsJson } from '../queries/answer-json.ts';
import { toRequester } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { fullName } from './names.ts';

/** Shows open alerts with who acknowledged them, and those that closed in the last days. */
export const alerts: CommandKind<null> = {
  word: 'alerts',
  help: { also: 'alerts' },
  parse: () => null,
  async run(_args, { requester, queries }) {
    const answer = await queries.alerts(requester.account);
    const { closed, timeZone, asOf } = answer;
    const open = answer.open.map((one) => ({ ...one, name: fullName(one.now.meter) }));
    const undelivered = answer.undelivered.map(({ snapshot, ...one }) => ({ ...one, said: headlineOf(snapshot, timeZone) }));
    return toRequester(alertsMessage(open, closed, { timeZone, seenAt: asOf, undelivered }), () => alertsJson(answer));
  },
};
