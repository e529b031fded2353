import type { RichText, Span } from '../../core/text/rich-text.ts';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import { isSlackChannel, isSlackPerson, isSlackUser } from './mention.ts';
import { momentInUtc } from './date.ts';

const MAX_SPAN = 500;
const MAX_LINE = 700;

/** The three characters that Slack's markup starts with, and all that has to be escaped (docs.slack.dev, "Formatting message text"). */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * One line as text for notifications and screen readers. Moments are in UTC: what a phone shows on its lock screen is not
 * sure to be formatted by Slack, and a bare `<!date^…>` would be read out. A mention stays one, so that the phone names the person.
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
      return isSlackUser(span.user) ? `<@${span.user}>` : escaped(`@${span.user}`);
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
