import { DAY_MS } from '../../core/time/local-time.ts';
import type { PasteReminderSnapshot } from '../../core/notifications/notification.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import { pasteButton } from '../forms/import.ts';
import { signInText } from '../text/sign-in.ts';
import type { Message } from '../../core/text/message.ts';
import { code, joined, mention, placeNamed, richText, strong, when, type RichText } from '../../core/text/rich-text.ts';
import { readerOf, type DestinationAddress } from '../../core/notifications/route.ts';

/** Reminds a person to paste figures, or to sign in where they are captured, because the digest would go out with old ones. */
export function pasteReminderMessage({ source, observedAt, digestAt, isCaptured }: PasteReminderSnapshot): Message {
  const days = Math.round((digestAt.getTime() - observedAt.getTime()) / DAY_MS);
  const age = days === 1 ? '1 day' : `${String(days)} days`;
  const title = richText`📋 ${strong(`${vendorOf(source)?.name ?? source} figures are ${age} old`)}; the digest goes out at ${when(digestAt)}.`;
  return {
    summary: title,
    title,
    lines: [
      isCaptured
        ? richText`${signInText(source)} in the browser with the extension: it then sends the figures by itself. You can also send the page with the bookmark, or paste it here.`
        : richText`Open the vendor's usage page, copy everything, and paste it here, or: ${code('npx creditwatch import <file>')}`,
    ],
    buttons: [
      pasteButton(source),
      { action: 'show', label: 'Ask someone else', value: `remind ${source} others` },
      { action: 'show', label: 'Stop asking', value: `remind ${source} stop` },
    ],
  };
}

/** Confirms that a reminder was passed on, and to whom. */
export function askedInstead(whom: readonly DestinationAddress[]): Message {
  return line(
    richText`${joined(
      whom.map((one) => richText`${readerOf(one) ? mention({ platform: one.kind, id: one.address }) : placeNamed(one)}`),
      ', ',
    )} ${whom.length === 1 ? 'was' : 'were'} asked instead.`,
  );
}

export const NOBODY_ELSE = line(richText`I have no one else to ask: creditwatch.yml names no other admins and no route for operations.`);

/** A reminder can be passed on only once. */
export const ALREADY_REASSIGNED = line(richText`Someone else was already asked. Nothing to do.`);

/** For a person who did not get the reminder. It does not reveal whether anybody else did. */
export const NOT_ASKED = line(richText`You were not asked for these figures. Nothing to do.`);

/** For an admin, about a source without reminders. */
export const NOTHING_TO_PASTE = line(richText`No one was asked for these figures. Nothing to do.`);

export function noMoreReminders(source: string): Message {
  return line(
    richText`Reminders for ${strong(vendorOf(source)?.name ?? source)} are off until someone pastes figures again. Digests still go out and show how old the figures are.`,
  );
}

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}
