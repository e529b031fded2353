import { announceOpenAlerts } from '../../notify/announce-open-alerts.ts';
import type { TimerHandler } from './handler.ts';

/** Posts the open alerts to a route that is new, or whose destination works again. */
export const announceOpenAlertsTimer: TimerHandler = async (transaction, context) => {
  const routes = await transaction.routes();
  const route = routes.find(({ id }) => id === transaction.timer.subject);
  return { nextAt: null, wake: route ? await announceOpenAlerts(transaction, route, context) : [] };
};
