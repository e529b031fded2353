import type { CardElement, IContainer } from '@microsoft/teams.cards';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import { undated } from './text-blocks.ts';

const MAX_LINE = 500;

/** Builds text to copy: a code block in clients that support it, else lines in a fixed-width font. Cut to `room` bytes. */
export function verbatimElement(text: string, room: number, drawn: boolean): CardElement {
  // A code block contains the text twice, and each line of the fallback adds about 90 bytes.
  const lines = firstLines(text.split('\n'), drawn ? room / 2 : room);
  const fallback: IContainer = {
    type: 'Container',
    items: lines.map((line) => ({
      type: 'RichTextBlock',
      spacing: 'None',
      inlines: [{ type: 'TextRun', text: undated(line) || ' ', fontType: 'Monospace' }],
    })),
  };
  return drawn ? { type: 'CodeBlock', codeSnippet: lines.join('\n'), language: 'PlainText', fallback } : fallback;
}

function firstLines(lines: readonly string[], room: number): string[] {
  let left = room - 200;
  const shown: string[] = [];
  for (const line of lines) {
    const cut = sanitizeText(line, MAX_LINE, (part) => part.length);
    left -= Buffer.byteLength(JSON.stringify(cut)) + 100;
    if (left < 0) return [...shown, `+${String(lines.length - shown.length)} more`];
    shown.push(cut);
  }
  return shown;
}
