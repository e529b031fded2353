import { announceOpenAlerts } from '../../notify/announce-open-alerts.ts';
import type { TimerHandler } from './handler.ts';

/** Posts the open alerts to routes that are new, or whose destinations work again: a start can declare thousands of routes. */
export const announceOpenAlertsTimer: TimerHandler = {
  atOnce: 5_000,
  async run(transaction, timers, context) {
    const wake = await announceOpenAlerts(transaction, new Set(timers.map(({ subject }) => subject)), context);
    return timers.map((_, index) => ({ nextAt: null, wake: index === 0 ? wake : [] }));
  },
};
