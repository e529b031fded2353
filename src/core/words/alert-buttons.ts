import type { Button } from './message.ts';
import type { AlertSnapshot } from '../notification.ts';

/** What can still be done about an alert: not what somebody has done already. Only what runs out can be asked for. */
export function alertButtons({
  alertId,
  topic,
  acknowledged,
  requested,
}: Pick<AlertSnapshot, 'alertId' | 'topic' | 'acknowledged' | 'requested'>): readonly Button[] {
  return [
    ...(acknowledged === null ? [{ action: 'acknowledge', label: "I'm on it", value: alertId, primary: true } as const] : []),
    ...(requested === null && topic === 'running-out' ? [{ action: 'request', label: 'Request credits', value: alertId } as const] : []),
    { action: 'snooze', label: 'Snooze', value: alertId },
  ];
}
