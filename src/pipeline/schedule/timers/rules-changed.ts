import { endWithRule } from '../../../core/alerts/alert.ts';
import { isAskedFor } from '../../../core/alerts/asked-for.ts';
import { bindRules, rulesFor } from '../../../core/rules/registry.ts';
import type { Announcement } from '../../../core/alerts/evaluate.ts';
import { createNotifications } from '../../notify/create-notifications.ts';
import type { TimerHandler } from './handler.ts';

/**
 * The account's rules have changed: closes the alerts of a meter that none of them asks for any more. A rule that does not watch the
 * meter now starts afresh should it come back, so that what holds then is said again.
 */
export const rulesChanged: TimerHandler = async (transaction, { now, newId }) => {
  const done = { nextAt: null, wake: [] };
  // The meter is locked first: whoever declares rules holds it until they are written.
  const inHand = await transaction.meter(transaction.timer.subject);
  if (inHand === null) return done;
  const { meter, current, history, alerts, memories } = inHand.meterState;
  const rules = rulesFor(meter, bindRules(await transaction.rules()));
  await inHand.forgetRules([...memories.keys()].filter((id) => !rules.some(({ rule }) => rule.id === id)));
  if (current === null) return done;
  const ended = [...alerts.values()].filter((alert) => !isAskedFor(alert, rules)).map((alert) => endWithRule(alert, now));
  for (const alert of ended) await inHand.saveAlert(alert);
  const about = { meterId: meter.id, reading: current.reading, history, cause: null, findings: [] };
  const announcements = ended.map((alert): Announcement => ({ ...about, alert, change: 'closed' }));
  const routes = await transaction.routes();
  return {
    nextAt: null,
    wake: await createNotifications(transaction, { announcements, routes, meters: new Map([[meter.id, inHand.meterState]]), now, newId }),
  };
};
