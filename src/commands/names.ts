import { setImmediate as otherWork } from 'node:timers/promises';
import type { Meter } from '../core/meters/meter.ts';
import { tokensOf } from './small-talk.ts';

/** Normalizes a name: lower case, and one space for `_`, `-` and spaces. */
export function plain(name: string): string {
  if (/^[a-z0-9]+(?: [a-z0-9]+)*$/.test(name)) return name;
  return name
    .toLowerCase()
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}

/** Returns the unique name of a meter: `abmatic/campaigns`. */
export function fullName({ source, key }: Pick<Meter, 'source' | 'key'>): string {
  return `${source}/${key}`;
}

/** A name that may be mistyped, with a quick test for names that are far from it. */
type Spelling = { readonly text: string; readonly letters: number; readonly of: Meter };

/**
 * The index of the names of meters. An account may have 50,000 meters with external names, and the process also serves others, so
 * comparisons are counted and limited by `spend`.
 */
export type Names = {
  /** All normalized names; `meters` has their meters at the same index. */
  readonly texts: readonly string[];
  readonly meters: readonly Meter[];
  /** The same names as words, without punctuation. */
  readonly worded: readonly string[];
  /** By exact full name. */
  readonly exactly: ReadonlyMap<string, Meter>;
  /** By normalized full name. It includes the source, so no label takes precedence over it. */
  readonly byFullName: ReadonlyMap<string, readonly Meter[]>;
  readonly byName: ReadonlyMap<string, readonly Meter[]>;
  readonly bySource: ReadonlyMap<string, readonly Meter[]>;
  /** The indices of the names that contain a word. */
  readonly byWord: ReadonlyMap<string, readonly number[]>;
  readonly spellings: readonly Spelling[];
  /** Earlier results, by search text. */
  readonly found: Map<string, readonly Meter[]>;
  /** Takes comparisons from the limit; false if too few are left. */
  readonly spend: (comparisons: number) => boolean;
  /** Whether the limit was reached, so that an existing name may not have been found. */
  readonly wasCutShort: () => boolean;
};

/** About 20 ms of comparisons, or 20 searches through 50,000 names. */
const MOST_COMPARISONS = 1_000_000;
/** The meters indexed without a pause: a few milliseconds. */
const AT_A_STRETCH = 2_000;
/** Further words, and longer spellings, are not compared one by one. */
const MOST_WORDS_OF_NAME = 12;
export const LONGEST_SPELLING = 64;

const known = new WeakMap<readonly Meter[], Names>();

/** Indexes the names in parts, so that other work gets a turn. */
export async function readNames(meters: readonly Meter[]): Promise<readonly Meter[]> {
  if (known.has(meters)) return meters;
  const reading = startReading();
  for (let from = 0; from < meters.length; from += AT_A_STRETCH) {
    if (from > 0) await otherWork();
    reading.add(meters.slice(from, from + AT_A_STRETCH));
  }
  known.set(meters, reading.names);
  return meters;
}

/** Returns the index of meters that are few or already indexed. */
export function namesOf(meters: readonly Meter[]): Names {
  const before = known.get(meters);
  if (before !== undefined) return before;
  const reading = startReading();
  reading.add(meters);
  known.set(meters, reading.names);
  return reading.names;
}

function startReading(): { readonly names: Names; add(meters: readonly Meter[]): void } {
  const texts: string[] = [];
  const owners: Meter[] = [];
  const worded: string[] = [];
  const exactly = new Map<string, Meter>();
  const byFullName = new Map<string, Meter[]>();
  const byName = new Map<string, Meter[]>();
  const bySource = new Map<string, Meter[]>();
  const byWord = new Map<string, number[]>();
  const spellings: Spelling[] = [];
  const spelt = new Set<string>();
  let left = MOST_COMPARISONS;
  let wasCutShort = false;
  const names: Names = {
    texts,
    meters: owners,
    worded,
    exactly,
    byFullName,
    byName,
    bySource,
    byWord,
    spellings,
    found: new Map(),
    spend(comparisons) {
      if (comparisons > left) {
        wasCutShort = true;
        return false;
      }
      left -= comparisons;
      return true;
    },
    wasCutShort: () => wasCutShort,
  };
  return {
    names,
    add(meters) {
      for (const one of meters) {
        const own = new Set([one.key, one.label, ...one.aliases].map(plain));
        for (const text of own) addName(text, one);
        for (const text of own) push(byName, text, one);
        const full = fullName(one);
        exactly.set(full, one);
        push(byFullName, plain(full), one);
        push(bySource, plain(one.source), one);
      }
    },
  };

  function addName(text: string, of: Meter): void {
    const words = /^[a-z0-9 ]+$/.test(text) ? text.split(' ') : tokensOf(text);
    for (const word of new Set(words.slice(0, MOST_WORDS_OF_NAME))) push(byWord, word, texts.length);
    texts.push(text);
    owners.push(of);
    worded.push(words.join(' '));
    const parts = text.split(' ', MOST_WORDS_OF_NAME);
    for (const part of parts.length > 1 ? [text, ...parts] : [text]) {
      if (part.length > LONGEST_SPELLING || spelt.has(part)) continue;
      spelt.add(part);
      spellings.push({ text: part, letters: lettersOf(part), of });
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}

/** Returns the letters of a text as 32 bits. One typo changes at most two of them. */
export function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
  return letters;
}

/** Counts the bits that differ. */
export function bitsApart(one: number, other: number): number {
  let bits = one ^ other;
  let count = 0;
  for (; bits !== 0; count += 1) bits &= bits - 1;
  return count;
}
