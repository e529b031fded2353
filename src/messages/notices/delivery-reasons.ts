import type { DropReason } from '../../core/notifications/delivery-plan.ts';

const DROPPED: Readonly<Record<DropReason, string>> = {
  'digest-too-old': 'The digest is too old',
  'alert-ended': 'The alert ended before it could be posted',
  'newer-posted': 'A newer message about the same alert was already posted',
  'newer-pending': 'A newer message about the same alert was pending too',
  'never-posted': 'The message that it belongs to was never posted',
  'no-replies': 'The platform does not support replies',
  'no-edits': 'The platform does not let Creditwatch edit messages',
};

/** Says why a pending delivery was dropped, without a full stop. */
export function dropReasonText(reason: DropReason): string {
  return DROPPED[reason];
}

/** Why a message is sent again or elsewhere, or why a look-up settled nothing. Without a full stop. */
export const DELIVERY_REASONS = {
  leaseExpired: 'It was not sent: this process was suspended and its lease expired',
  mayStillArrive: 'It was not found, but the platform may still be posting it',
  deliveredElsewhere: 'The destination is disabled, and the message was delivered elsewhere',
  maybeInSummary: 'It may have been posted in one message with others',
} as const;

/** A message that was not sent because of a bug in Creditwatch: the reason (without a full stop) and the next step. */
export const NOT_RENDERED = {
  reason: 'The message could not be rendered',
  remedy: 'This is a bug in Creditwatch. Please report the error in the log.',
} as const;
