import { age } from './age.ts';
import { richText, when, type RichText } from '../../core/text/rich-text.ts';

/** Reports figures with a time that is ahead of this machine's clock: `abmatic/campaigns is stamped 2 Dec 09:00, …`. */
export function aheadOfClock(name: string, stampedAt: Date, now: Date): RichText {
  return richText`${name} is stamped ${when(stampedAt)}, ${age(stampedAt.getTime() - now.getTime())} ahead of this machine's clock. The next figures replace it. Check the clock of this machine and the clock of the sender.`;
}
