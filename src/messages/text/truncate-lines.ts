import { richText, type RichText } from '../../core/text/rich-text.ts';

/** So many lines at the end are kept when lines have to go. */
const LAST_LINES = 2;

/**
 * The lines when they fit into `room`, else the first of them and the last, and between them how many are missing: what
 * comes last says how to get at the rest, or what to do.
 *
 * @param missing the line that says how many are missing
 */
export function truncateLines<T>(lines: readonly T[], room: number, weightOf: (line: T) => number, missing: (count: number) => T): T[] {
  if (lineCountWithin(lines, room, weightOf) === lines.length) return [...lines];
  const last = lineCountWithin(lines.toReversed().slice(0, LAST_LINES), room / 4, weightOf);
  const ending = last === 0 ? [] : lines.slice(-last);
  const others = lines.slice(0, lines.length - last);
  const first = lineCountWithin(others, room - ending.reduce((sum, line) => sum + weightOf(line), 0), weightOf);
  return [...others.slice(0, first), missing(others.length - first), ...ending];
}

/** How many of them fit into `room`, from the first on. */
export function lineCountWithin<T>(lines: readonly T[], room: number, weightOf: (line: T) => number): number {
  let left = room;
  const end = lines.findIndex((line) => {
    left -= weightOf(line);
    return left < 0;
  });
  return end === -1 ? lines.length : end;
}

export function moreLines(count: number): RichText {
  return count === 1 ? richText`… 1 more line does not fit here.` : richText`… ${String(count)} more lines do not fit here.`;
}

/** The same in a narrow card. */
export function moreText(count: number): string {
  return `+${String(count)} more`;
}
