import type { NoticePattern } from '../../core/meters/mail.ts';
import { figuresOfNotices, lowerOf, partsOf, type NoticeFigure, type PatternPart } from '../../core/text/notice-pattern.ts';
import type { Notice } from './notice.ts';
import { decimalOf, groupMarkOf, wholeFigures, type WholeFigure } from './whole-figures.ts';

/** How much `{any}` may stand for. */
const MOST_ANY = 120;
const MOST_STARTS = 200;
/** So far around a match, words tell the language of its numbers. */
const NEAR = 200;

/** A text, ready to be compared with patterns. */
type Comparable = {
  /** In lower case and in one line. */
  readonly plain: string;
  /** The whole figures by each place at which one begins. */
  readonly figures: ReadonlyMap<number, WholeFigure>;
};

function comparable(text: string): Comparable {
  const lines = text
    .split('\n')
    .map((line) => line.replaceAll(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
  const figures = wholeFigures(lines).flatMap((figure) => figure.starts.map((start) => [start, figure] as const));
  return { plain: lowerOf(lines.replaceAll('\n', ' ')), figures: new Map(figures) };
}

/**
 * Reads a mail by the first pattern that fits; null if none does. A figure is a whole number with its separators and magnitude, and never a
 * part of one. Takes time linear in the mail, for each pattern.
 */
export function readByPatterns(
  patterns: readonly NoticePattern[],
  mail: { readonly subject: string; readonly text: string },
): Notice | null {
  const [subject, text] = [comparable(mail.subject), comparable(mail.text)];
  for (const pattern of patterns) {
    const notice = readByPattern(pattern, { subject, text });
    if (notice !== null) return notice;
  }
  return null;
}

function readByPattern(pattern: NoticePattern, mail: { readonly subject: Comparable; readonly text: Comparable }): Notice | null {
  const found = new Map<NoticeFigure, string>();
  for (const [written, text] of [
    [pattern.subject, mail.subject],
    [pattern.text, mail.text],
  ] as const) {
    if (written === null) continue;
    const here = match(partsOf(written), text);
    if (here === null) return null;
    for (const [is, figure] of here) found.set(is, figure);
  }
  const [share, used, left, total] = figuresOfNotices.map((one) => found.get(one));
  return {
    meter: pattern.meter,
    isAtLeast: share !== undefined,
    ...(share !== undefined && { share }),
    ...(used !== undefined && { used }),
    ...(left !== undefined && { left }),
    ...(total !== undefined && { total }),
  };
}

type Found = ReadonlyMap<NoticeFigure, string>;

function match(written: readonly PatternPart[], text: Comparable): Found | null {
  // What comes before or behind a pattern does not matter, so {any} says nothing there.
  const parts = written.slice(written.findIndex(({ kind }) => kind !== 'any'));
  const [first] = parts;
  if (first === undefined) return null;
  let starts = 0;
  for (const start of startsOf(first, text)) {
    const found = matchAt(parts, text, start);
    if (found !== null) return found;
    starts += 1;
    if (starts === MOST_STARTS) return null;
  }
  return null;
}

function* startsOf(first: PatternPart, { plain, figures }: Comparable): Generator<number> {
  if (first.kind === 'number') yield* figures.keys();
  if (first.kind !== 'text') return;
  for (let at = plain.indexOf(first.text); at >= 0; at = plain.indexOf(first.text, at + 1))
    if (!isInside(plain.slice(Math.max(0, at - 2), at), first.text)) yield at;
}

/** Whether a text goes on from what is before it: `used` in `unused`, `5 of` in `15 of`. */
function isInside(before: string, text: string): boolean {
  return /^[\p{L}\p{N}]/u.test(text) && (/[\p{L}\p{N}]$/u.test(before) || (/^\d/.test(text) && /\d.$/.test(before)));
}

function matchAt(parts: readonly PatternPart[], { plain, figures }: Comparable, start: number): Found | null {
  const found: { readonly is: NoticeFigure; readonly figure: WholeFigure }[] = [];
  let at = start;
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.kind === 'text') {
      if (!plain.startsWith(part.text, at)) return null;
      at += part.text.length;
    } else if (part.kind === 'any') {
      const until = next?.kind === 'text' ? plain.indexOf(next.text, at) : at;
      if (until < 0 || until - at > MOST_ANY) return null;
      at = until;
    } else {
      const figure = figures.get(at);
      const end = figure?.ends.find((one) => next?.kind !== 'text' || plain.startsWith(next.text, one));
      if (figure === undefined || end === undefined || (figure.isShare && part.is !== 'percent')) return null;
      if (part.is === 'percent' && (figure.number.currency !== null || figure.number.magnitude !== '')) return null;
      // A date, a time or a fraction: the pattern does not say what it goes on with.
      if (index === 0 && /\d[/:]$/.test(plain.slice(Math.max(0, at - 2), at))) return null;
      if (next === undefined && /^[/:]\d/.test(plain.slice(end, end + 2))) return null;
      found.push({ is: part.is, figure });
      at = end;
    }
  }
  const groups = groupMarkOf(plain.slice(Math.max(0, start - NEAR), at + NEAR));
  const decimals = new Map<NoticeFigure, string>();
  for (const { is, figure } of found) {
    const decimal = decimalOf(figure.number, groups);
    if (decimal === null) return null;
    decimals.set(is, decimal);
  }
  return decimals;
}
