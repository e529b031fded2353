import type { KeyExpirySnapshot } from '../../core/notifications/source-snapshots.ts';
import type { Message } from '../../core/text/message.ts';
import { richText, strong } from '../../core/text/rich-text.ts';
import { expiryText, newKeyText } from '../text/key-expiry.ts';

/** Warns operations that the key of a source expires soon, or has expired. */
export function keyExpiryMessage({ source, sourceKind, expiry, daysLeft }: KeyExpirySnapshot): Message {
  const title = richText`🔑 ${strong(source)}: the key ${expiryText(expiry.on, daysLeft)}`;
  return { summary: title, title, lines: [richText`${newKeyText(source, sourceKind, expiry)}`] };
}
