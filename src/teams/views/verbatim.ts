import type { CardElement, IContainer } from '@microsoft/teams.cards';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import { undated } from './text-blocks.ts';

const MAX_LINE = 500;

/** Text to copy as it is: as a block of code where that is known, else line by line in a fixed-width face. Cut to fit `room` bytes. */
export function verbatimElement(text: string, room: number, drawn: boolean): CardElement {
  // It stands twice where it is drawn, and every line of the fallback brings some 90 bytes of its own.
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
