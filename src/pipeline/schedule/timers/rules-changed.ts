import { endWithRule } from '../../../core/alerts/alert.ts';
import { isAskedFor } from '../../../core/alerts/asked-for.ts';
import { bindRules, rulesFor } from '../../../core/rules/registry.ts';
import type { Announcement } from '../../../core/alerts/evaluate.ts';
import { createNotifications } from '../../notify/create-notifications.ts';
import type { RunTimer } from './handler.ts';

/**
 * Closes the alerts of a meter that no rule looks for after the rules of its account changed. A rule that does not apply to the meter
 * now starts fresh if it applies again, so that its alerts are posted again.
 */
export const rulesChanged: RunTimer = async (transaction, timer, { now, newId }) => {
  const done = { nextAt: null, wake: [] };
  // Locks the meter first, because a declaration holds it until its rules are written.
  const locked = await transaction.meter(timer.subject);
  if (locked === null) return done;
  const { meter, current, history, alerts, memories } = locked.meterState;
  const rules = rulesFor(meter, bindRules(await transaction.rules()));
  await locked.forgetRules([...memories.keys()].filter((id) => !rules.some(({ rule }) => rule.id === id)));
  if (current === null) return done;
  const ended = [...alerts.values()].filter((alert) => !isAskedFor(alert, rules)).map((alert) => endWithRule(alert, now));
  for (const alert of ended) await locked.saveAlert(alert);
  const about = { meterId: meter.id, reading: current.reading, history, cause: null, findings: [] };
  const announcements = ended.map((alert): Announcement => ({ ...about, alert, change: 'closed' }));
  return {
    nextAt: null,
    wake: await createNotifications(transaction, { announcements, meters: new Map([[meter.id, locked.meterState]]), now, newId }),
  };
};
