import type { Button } from '../../core/text/message.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';

/** The buttons for what people can still do about an alert. Credits can be requested only if the alert is about running out. A snoozed alert gets the button that ends the snooze. */
export function alertButtons({
  alertId,
  topic,
  acknowledged,
  requested,
  isSnoozed,
}: Pick<AlertSnapshot, 'alertId' | 'topic' | 'acknowledged' | 'requested'> & { readonly isSnoozed: boolean }): readonly Button[] {
  return [
    ...(acknowledged === null ? [{ action: 'acknowledge', label: "I'm on it", value: alertId, primary: true } as const] : []),
    ...(requested === null && topic === 'running-out' ? [{ action: 'request', label: 'Request credits', value: alertId } as const] : []),
    isSnoozed ? endSnoozeButton(alertId, 'End snooze') : { action: 'snooze', label: 'Snooze', value: alertId },
  ];
}

/** The button that ends a snooze, for the alert itself and for the reply to a new snooze. */
export function endSnoozeButton(alertId: string, label: string): Button {
  return { action: 'snooze', label, value: `${alertId} ${SNOOZE_END}` };
}

/** Takes the place of the snooze choice in the value of a button that ends a snooze. */
export const SNOOZE_END = 'off';
