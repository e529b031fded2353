import { expect, test } from 'vitest';
import type { DropReason } from '../../../src/core/notifications/delivery-plan.ts';
import { DELIVERY_REASONS, dropReasonText, NOT_RENDERED } from '../../../src/messages/notices/delivery-reasons.ts';

test.each<[DropReason, string]>([
  ['digest-too-old', 'The digest is too old'],
  ['alert-ended', 'The alert ended before it could be posted'],
  ['newer-posted', 'A newer message about the same alert was already posted'],
  ['newer-pending', 'A newer message about the same alert was pending too'],
  ['never-posted', 'The message that it belongs to was never posted'],
  ['no-replies', 'The platform does not support replies'],
  ['no-edits', 'The platform does not let Creditwatch edit messages'],
])('a delivery that is dropped for %s has a reason', (reason, text) => {
  expect(dropReasonText(reason)).toBe(text);
});

test('an attempt that sent nothing, and a look-up that settled nothing, have a reason', () => {
  expect(DELIVERY_REASONS).toEqual({
    leaseExpired: 'It was not sent: this process was suspended and its lease expired',
    mayStillArrive: 'It was not found, but the platform may still be posting it',
    deliveredElsewhere: 'The destination is disabled, and the message was delivered elsewhere',
    maybeInSummary: 'It may have been posted in one message with others',
  });
  expect(NOT_RENDERED).toEqual({
    reason: 'The message could not be rendered',
    remedy: 'This is a bug in Creditwatch. Please report the error in the log.',
  });
});
