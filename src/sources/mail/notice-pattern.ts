import type { NoticePattern } from '../../core/meters/mail.ts';
import { figuresOfNotices, partsOf, type NoticeFigure, type PatternPart } from '../../core/text/notice-pattern.ts';
import { readNumber, settle } from '../../core/text/numbers/number.ts';
import { groupMarkOf } from './general-notice.ts';
import type { Notice } from './notice.ts';

/** How much `{any}` may stand for. */
const MOST_ANY = 120;
const MOST_STARTS = 200;
const NUMBER = /\d(?:[\d.,'’\u00A0\u202F ]{0,24}\d)?/uy;

/**
 * Reads a mail by a pattern; null if it does not fit. Takes time linear in the mail.
 *
 * @param mail as `plainOf` returns texts
 */
export function readByPattern(pattern: NoticePattern, mail: { readonly subject: string; readonly text: string }): Notice | null {
  const found = new Map<NoticeFigure, string>();
  const groups = groupMarkOf(`${pattern.text ?? ''} ${pattern.subject ?? ''}`);
  for (const [written, text] of [
    [pattern.subject, mail.subject],
    [pattern.text, mail.text],
  ] as const) {
    if (written === null) continue;
    const here = match(partsOf(written), text, groups);
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

function match(parts: readonly PatternPart[], text: string, groups: ',' | '.'): ReadonlyMap<NoticeFigure, string> | null {
  const [first] = parts;
  let from = 0;
  for (let starts = 0; starts < MOST_STARTS; starts += 1) {
    const at = startOf(first, text, from);
    if (at < 0) return null;
    const found = matchAt(parts, text, { start: at, groups });
    if (found !== null) return found;
    from = at + 1;
  }
  return null;
}

function startOf(first: PatternPart | undefined, text: string, from: number): number {
  if (first === undefined || first.kind === 'any') return from === 0 ? 0 : -1;
  if (first.kind === 'text') return text.indexOf(first.text, from);
  const at = text.slice(from).search(/(?<!\d)\d/);
  return at < 0 ? -1 : from + at;
}

function matchAt(
  parts: readonly PatternPart[],
  text: string,
  { start, groups }: { readonly start: number; readonly groups: ',' | '.' },
): ReadonlyMap<NoticeFigure, string> | null {
  const found = new Map<NoticeFigure, string>();
  let at = start;
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.kind === 'text') {
      if (!text.startsWith(part.text, at)) return null;
      at += part.text.length;
    } else if (part.kind === 'any') {
      const until = next?.kind === 'text' ? text.indexOf(next.text, at) : at;
      if (until < 0 || until - at > MOST_ANY) return null;
      at = until;
    } else {
      NUMBER.lastIndex = at;
      const written = NUMBER.exec(text)?.[0];
      const figure = written === undefined ? null : figureOf(written, groups);
      if (written === undefined || figure === null) return null;
      found.set(part.is, figure);
      at += written.length;
      // A pattern that ends in a figure does not end in the middle of one.
      if (next === undefined && /[\d.,]\d/.test(text.slice(at, at + 2))) return null;
    }
  }
  return found;
}

/** Reads a number in any of the usual forms; null if it may mean two amounts. */
function figureOf(written: string, groups: ',' | '.'): string | null {
  const number = readNumber(written);
  const settled = number === null ? null : settle(number, null, groups);
  return settled?.ok === true ? settled.value : null;
}
