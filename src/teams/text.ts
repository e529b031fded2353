import { z } from 'zod';
import type { Activity } from './activity.ts';

const mentionSchema = z.object({
  type: z.literal('mention'),
  text: z.string().min(1),
  mentioned: z.object({ id: z.string(), name: z.string().nullish() }),
});

const ENTITIES: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", '#160': ' ' };

/**
 * What somebody typed, without the bot's own name in it. Teams hands it over as `<at>Bot</at> usage&nbsp;`, a name of several
 * words sometimes as several mentions, with line breaks and non-breaking spaces of its own, and a card that was submitted
 * has no text at all. Other people's names stay.
 */
export function typedText({ text, entities, recipient }: Pick<Activity, 'text' | 'entities' | 'recipient'>): string {
  let typed = text ?? '';
  for (const entity of entities ?? []) {
    const mention = mentionSchema.safeParse(entity);
    if (mention.success && mention.data.mentioned.id === recipient.id) typed = typed.replaceAll(mention.data.text, ' ');
  }
  return typed
    .replace(/<\/?(?:at|p|div|span|br)\b[^>]*>/gi, ' ')
    .replace(/&(#?\w{1,5});/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
    .replace(/[\s\u00A0\u200B\u2060\uFEFF]+/g, ' ')
    .trim();
}

/** What follows the command's own word: `/usage apollo`, `usage apollo` and `apollo` all ask for Apollo. */
export function asCommand(typed: string): string {
  return typed
    .replace(/^\/?usage(?=\s|$)/i, '')
    .replace(/^\//, '')
    .trim();
}
