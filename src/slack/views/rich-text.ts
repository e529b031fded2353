import type { types } from '@slack/bolt';
import type { RichText, Span } from '../../core/text/rich-text.ts';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import { canMention, isSlackChannel, isSlackPerson } from './mention.ts';
import { dateFormat, momentInUtc } from './date.ts';

export type RichTextElement = types.RichTextElement;

/** The largest weight of one span: 1,200 plain characters, or 200 outside ASCII. */
const MAX_SPAN = 1200;
/** The largest weight of one line as JSON. */
const MAX_LINE = 2500;

/**
 * Renders one line as elements of a `rich_text` block, in which text is never read as markup: names are shown unchanged and mention no one
 * (docs.slack.dev, "Rich text block").
 *
 * @param quiet for the footer: all in italics
 */
export function richLine(phrase: RichText, quiet = false): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let weight = 0;
  for (const span of phrase) {
    const element = richElement(span, quiet);
    if (element === null) continue;
    weight += weigh(element);
    if (weight > MAX_LINE) return [...elements, { type: 'text', text: '…' }];
    elements.push(element);
  }
  return elements;
}

export const LINE_BREAK: RichTextElement = { type: 'text', text: '\n' };

/** Joins lines with line breaks. */
export function underOneAnother(lines: readonly (readonly RichTextElement[])[]): RichTextElement[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [LINE_BREAK, ...line]));
}

function richElement(span: Span, quiet: boolean): RichTextElement | null {
  switch (span.span) {
    case 'text':
      return textElement(span.text, quiet ? { italic: true } : {});
    case 'strong':
      return textElement(span.text, quiet ? { bold: true, italic: true } : { bold: true });
    case 'code':
      return textElement(span.text, { code: true });
    case 'mention':
      return canMention(span.person) ? { type: 'user', user_id: span.person.id } : textElement(`@${span.person.id}`, {});
    case 'place':
      return isSlackChannel(span)
        ? { type: 'channel', channel_id: span.text }
        : isSlackPerson(span)
          ? { type: 'user', user_id: span.text }
          : textElement(span.text, {});
    case 'moment':
      if (Number.isNaN(span.at.getTime())) return textElement(momentInUtc(span), {});
      return {
        type: 'date',
        timestamp: Math.floor(span.at.getTime() / 1000),
        format: dateFormat(span),
        fallback: momentInUtc(span),
        ...(quiet ? { style: { italic: true } } : {}),
      };
  }
}

function textElement(text: string, style: { bold?: true; italic?: true; code?: true }): RichTextElement | null {
  const shown = sanitizeText(text, MAX_SPAN, weighText);
  // Slack rejects an element without text.
  if (shown === '') return null;
  return { type: 'text', text: shown, ...(Object.keys(style).length > 0 ? { style } : {}) };
}

/**
 * Returns the weight of a value: the length of its longest JSON form, in which each character outside ASCII is `\uXXXX`. Slack documents
 * no limit for all blocks together, but rejects messages somewhat above 13,000 (`msg_blocks_too_long`; slackapi/bolt-js issues 2509 and
 * 2867) and does not say what it counts.
 */
export function weigh(value: unknown): number {
  return weighJson(JSON.stringify(value));
}

function weighText(text: string): number {
  return weighJson(JSON.stringify(text)) - 2;
}

function weighJson(json: string): number {
  let weight = 0;
  for (let index = 0; index < json.length; index += 1) weight += json.charCodeAt(index) < 0x80 ? 1 : 6;
  return weight;
}
