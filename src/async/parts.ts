import { setImmediate as otherWork } from 'node:timers/promises';
import { chunked } from '../core/chunked.ts';

/** Items that are worked on without a pause. */
const AT_ONCE = 250;

/** Yields items in parts, and lets other work have a turn between them. */
export async function* inParts<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (const [nth, part] of chunked(items, AT_ONCE).entries()) {
    if (nth > 0) await otherWork();
    yield part;
  }
}

/** Collects all items of parts. */
export async function collected<T>(parts: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(...part);
  return all;
}

/** Comparisons of a merge that are made without a pause: about a millisecond. */
const COMPARISONS_AT_ONCE = 1_000;

/** Merges sorted lists into one sorted list, and lets other work have turns meanwhile. Equal items stay in the order of their lists. */
export async function merged<T>(lists: readonly (readonly T[])[], compare: (a: T, b: T) => number): Promise<readonly T[]> {
  if (lists.length < 2) return lists[0] ?? [];
  const pairs: (readonly T[])[] = [];
  for (let at = 0; at < lists.length; at += 2) pairs.push(await mergedTwo(lists[at] ?? [], lists[at + 1] ?? [], compare));
  return merged(pairs, compare);
}

async function mergedTwo<T>(first: readonly T[], second: readonly T[], compare: (a: T, b: T) => number): Promise<readonly T[]> {
  const all: T[] = [];
  let [inFirst, inSecond] = [0, 0];
  for (;;) {
    const [a, b] = [first[inFirst], second[inSecond]];
    if (a === undefined || b === undefined) return [...all, ...first.slice(inFirst), ...second.slice(inSecond)];
    if (compare(a, b) <= 0) {
      all.push(a);
      inFirst += 1;
    } else {
      all.push(b);
      inSecond += 1;
    }
    if (all.length % COMPARISONS_AT_ONCE === 0) await otherWork();
  }
}
