import type { Button } from '../../core/text/message.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';

/** What can still be done about an alert: not what somebody has done already. Only what runs out can be asked for; a snooze can be taken back. */
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

/** Takes a snooze back, where it stands or was just set. */
export function endSnoozeButton(alertId: string, label: string): Button {
  return { action: 'snooze', label, value: `${alertId} ${SNOOZE_END}` };
}

/** Stands in the button's value where else the choice does. */
export const SNOOZE_END = 'off';
