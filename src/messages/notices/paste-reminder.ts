import { DAY_MS } from '../../core/time/local-time.ts';
import type { PasteReminderSnapshot } from '../../core/notifications/notification.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import { pasteButton } from '../forms/import.ts';
import type { Message } from '../../core/text/message.ts';
import { code, joined, mention, placeNamed, richText, strong, when, type RichText } from '../../core/text/rich-text.ts';
import { readerOf, type DestinationAddress } from '../../core/notifications/route.ts';

/** Somebody has to paste, or the digest goes out with old figures. */
export function pasteReminderMessage({ source, observedAt, digestAt }: PasteReminderSnapshot): Message {
  const days = Math.round((digestAt.getTime() - observedAt.getTime()) / DAY_MS);
  const age = days === 1 ? '1 day' : `${String(days)} days`;
  const title = richText`📋 ${strong(`${vendorOf(source)?.name ?? source} figures are ${age} old`)}; the digest goes out at ${when(digestAt)}.`;
  return {
    summary: title,
    title,
    lines: [richText`Open the vendor's usage page, copy everything, and paste it here, or: ${code('npx creditwatch import <file>')}`],
    buttons: [
      pasteButton(source),
      { action: 'show', label: 'Ask someone else', value: `remind ${source} others` },
      { action: 'show', label: 'Stop asking', value: `remind ${source} stop` },
    ],
  };
}

/** It was handed on. */
export function askedInstead(whom: readonly DestinationAddress[]): Message {
  return line(
    richText`${joined(
      whom.map((one) => richText`${readerOf(one) ? mention({ platform: one.kind, id: one.address }) : placeNamed(one)}`),
      ', ',
    )} ${whom.length === 1 ? 'was' : 'were'} asked instead.`,
  );
}

export const NOBODY_ELSE = line(richText`I have no one else to ask: creditwatch.yml names no other admins and no route for operations.`);

/** Handing on is done once. */
export const ALREADY_REASSIGNED = line(richText`Someone else was already asked. Nothing to do.`);

/** To somebody who was not asked, whether anybody was or not. */
export const NOT_ASKED = line(richText`You were not asked for these figures. Nothing to do.`);

/** Of a source that never needed it, to an admin. */
export const NOTHING_TO_PASTE = line(richText`No one was asked for these figures. Nothing to do.`);

export function noMoreReminders(source: string): Message {
  return line(
    richText`Reminders for ${strong(vendorOf(source)?.name ?? source)} are off until someone pastes figures again. Digests still go out and show how old the figures are.`,
  );
}

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}
