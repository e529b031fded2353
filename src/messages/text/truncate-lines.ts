import { richText, type RichText } from '../../core/text/rich-text.ts';

/** The number of lines at the end that are kept. */
const LAST_LINES = 2;

/**
 * Returns the lines if they fit into `room`; otherwise the first and the last ones, with a line between them that says how many are
 * missing. The last lines are kept because they say what to do, or how to get the rest.
 *
 * @param missing returns the line that says how many are missing
 */
export function truncateLines<T>(lines: readonly T[], room: number, weightOf: (line: T) => number, missing: (count: number) => T): T[] {
  if (lineCountWithin(lines, room, weightOf) === lines.length) return [...lines];
  const last = lineCountWithin(lines.toReversed().slice(0, LAST_LINES), room / 4, weightOf);
  const ending = last === 0 ? [] : lines.slice(-last);
  const others = lines.slice(0, lines.length - last);
  const first = lineCountWithin(others, room - ending.reduce((sum, line) => sum + weightOf(line), 0), weightOf);
  return [...others.slice(0, first), missing(others.length - first), ...ending];
}

/** Returns how many lines fit into `room`, counted from the first. */
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

/** The same for a narrow card. */
export function moreText(count: number): string {
  return `+${String(count)} more`;
}
