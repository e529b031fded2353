import { announceOpenAlerts } from '../../notify/announce-open-alerts.ts';
import type { TimerHandler } from './handler.ts';

/** About as many messages are announced in one transaction. */
const MOST_MESSAGES = 5_000;

/** Posts the open alerts to routes that are new, or whose destinations work again: a start can declare thousands of routes. */
export const announceOpenAlertsTimer: TimerHandler = {
  atOnce: 5_000,
  async run(transaction, timers, context) {
    const open = await transaction.metersWithAlerts();
    const alerts = open.reduce((sum, meterState) => sum + meterState.alerts.size, 0);
    const most = Math.max(1, Math.floor(MOST_MESSAGES / Math.max(1, alerts)));
    const routes = new Set(timers.slice(0, most).map(({ subject }) => subject));
    const wake = await announceOpenAlerts(transaction, open, routes, context);
    // The others stay due.
    return timers.map(({ subject, dueAt }, index) => ({ nextAt: routes.has(subject) ? null : dueAt, wake: index === 0 ? wake : [] }));
  },
};
