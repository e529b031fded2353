import { z } from 'zod';
import type { Activity } from './activity.ts';
import { quotesMessage, readText } from './markup.ts';

const mentionSchema = z.object({
  type: z.literal('mention'),
  text: z.string().min(1).max(500).nullish(),
  mentioned: z.object({ id: z.string(), name: z.string().nullish() }),
});
const htmlSchema = z.object({ contentType: z.literal('text/html'), content: z.string() });

/** Teams accepts messages of about 28 kB. A command is one line. */
const LONGEST_TEXT = 30_000;
const MOST_ENTITIES = 100;

/** The name of the bot in the app package. An organization may rename it. */
const MANIFEST_NAME = 'Creditwatch';

/**
 * Returns the text that the sender typed, without the name of the bot in front, mentions, quoted messages, attachments, emphasis and
 * invisible characters. Teams sends `<at>Bot</at> usage&nbsp;`, a name of several words sometimes as several mentions, `<quoted
 * messageId="…"/>` for a reply, and no text for a submitted card.
 */
export function typedText({
  text,
  entities,
  attachments,
  recipient,
}: Pick<Activity, 'text' | 'entities'> & {
  readonly attachments?: Activity['attachments'];
  readonly recipient: Pick<Activity['recipient'], 'id' | 'name'>;
}): string {
  const raw = (text ?? '').slice(0, LONGEST_TEXT);
  const mentions = mentionsIn(entities);
  const own = mentions.filter(({ mentioned }) => mentioned.id === recipient.id);
  let typed = readText(withoutQuotedText(raw, attachments));
  for (const { text: shown, mentioned } of mentions) {
    // Tags are already removed. A plain name counts as a mention only if it is the bot's.
    const isPlain = shown !== undefined && shown !== null && !shown.includes('<');
    if (isPlain && (shown.startsWith('@') || mentioned.id === recipient.id)) typed = typed.replaceAll(shown, ' ');
  }
  const line = withoutEmphasis(withoutQuotedLines(typed.replace(/\p{Cf}+/gu, '')))
    .replace(/\s+/g, ' ')
    .trim();
  return withoutName(line, [recipient.name, MANIFEST_NAME, ...own.map(({ mentioned }) => mentioned.name)]);
}

/** Returns the text after the name of the command: `/usage apollo`, `usage apollo` and `apollo` all ask for Apollo. */
export function asCommand(typed: string): string {
  return typed
    .replace(/^\/?usage[:,.!?]*(?=\s|$)/i, '')
    .replace(/^\s*\//, '')
    .trim();
}

function mentionsIn(entities: Activity['entities']): z.infer<typeof mentionSchema>[] {
  return (entities ?? []).slice(0, MOST_ENTITIES).flatMap((entity) => {
    const mention = mentionSchema.safeParse(entity);
    return mention.success ? [mention.data] : [];
  });
}

/** Removes a quoted message. Older clients put it in front of the text without a mark, so it is taken from the HTML version. */
function withoutQuotedText(raw: string, attachments: Activity['attachments']): string {
  for (const attachment of (attachments ?? []).slice(0, MOST_ENTITIES)) {
    const html = htmlSchema.safeParse(attachment);
    if (!html.success || !quotesMessage(html.data.content)) continue;
    const reply = squeezed(readText(html.data.content.slice(0, LONGEST_TEXT)));
    if (reply !== '' && squeezed(readText(raw)).endsWith(reply)) return escaped(reply);
  }
  return raw;
}

/** Removes lines that quote in Markdown, unless there are no others. */
function withoutQuotedLines(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const own = lines.filter((line) => !line.trimStart().startsWith('>'));
  return own.some((line) => line.trim() !== '') ? own.join('\n') : text;
}

/** Removes Markdown: stars, underscores around words, strokes, code marks, links, headings and bullets. `open_ai` stays. */
function withoutEmphasis(text: string): string {
  return text
    .replace(/\[([^\][\n]{1,200})\]\([^()\s]{1,500}\)/g, '$1')
    .replace(/\\([\\`*_~[\]()#>+.!|{}-])/g, '$1')
    .replace(/[*`]+|~~+/g, '')
    .replace(/(?<![\p{L}\p{N}_])_+(?=[\p{L}\p{N}@/])/gu, '')
    .replace(/(?<!_)_+(?![\p{L}\p{N}_])/gu, '')
    .replace(/^\s*(?:#{1,6}|[-+•])\s/, '');
}

/** Removes the bot's name in front, as typed by hand without a selected mention: `Creditwatch usage`, `@creditwatch: usage`. */
function withoutName(line: string, names: readonly (string | null | undefined)[]): string {
  const known = [...new Set(names.map((name) => squeezed(name ?? '')))].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const bare = line.replace(/^@\s?/, '');
  for (const name of known) {
    const rest = bare.slice(name.length);
    if (bare.slice(0, name.length).toLowerCase() === name.toLowerCase() && !/^[\p{L}\p{N}_-]/u.test(rest))
      return rest.replace(/^[\s,:;]+/, '');
  }
  return line;
}

function squeezed(text: string): string {
  return text
    .replace(/\p{Cf}+/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
