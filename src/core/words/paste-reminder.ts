import { DAY_MS } from '../local-time.ts';
import type { PasteReminderSnapshot } from '../notification.ts';
import { vendorOf } from '../vendors/registry.ts';
import { pasteButton } from './imported.ts';
import type { Message } from './message.ts';
import { code, say, strong, when } from './phrase.ts';

/** Somebody has to paste, or the digest goes out with old figures. */
export function pasteReminderWords({ source, observedAt, digestAt }: PasteReminderSnapshot): Message {
  const days = Math.round((digestAt.getTime() - observedAt.getTime()) / DAY_MS);
  const age = days === 1 ? '1 day' : `${String(days)} days`;
  const title = say`📋 ${strong(`${vendorOf(source)?.name ?? source} figures are ${age} old`)}; the digest goes out at ${when(digestAt)}.`;
  return { summary: title, title, lines: [say`Open the vendor's usage page, copy everything, and paste it here, or: ${code('npx creditwatch import <file>')}`], buttons: [pasteButton(source)] };
}
