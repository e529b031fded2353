import type { RichText, Span } from '../../core/text/rich-text.ts';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import { canMention, isSlackChannel, isSlackPerson } from './mention.ts';
import { momentInUtc } from './date.ts';

const MAX_SPAN = 500;
const MAX_LINE = 700;

/** The only characters that Slack's markup requires to be escaped (docs.slack.dev, "Formatting message text"). */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Renders one line for notifications and screen readers. Moments are in UTC, because a phone's lock screen may not format them and would
 * show `<!date^…>`. Mentions are kept, so that the phone shows the name of the person.
 */
export function plainLine(phrase: RichText): string {
  let line = '';
  for (const span of phrase) {
    const piece = plainSpan(span);
    if (line.length + piece.length > MAX_LINE) return `${line}…`;
    line += piece;
  }
  return line;
}

function plainSpan(span: Span): string {
  switch (span.span) {
    case 'moment':
      return momentInUtc(span);
    case 'mention':
      return canMention(span.person) ? `<@${span.person.id}>` : escaped(`@${span.person.id}`);
    case 'place':
      return isSlackChannel(span) ? `<#${span.text}>` : isSlackPerson(span) ? `<@${span.text}>` : escaped(span.text);
    default:
      return escaped(span.text);
  }
}

function escaped(text: string): string {
  return escape(sanitizeText(text, MAX_SPAN, (part) => escape(part).length));
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}
