import { setImmediate as otherWork } from 'node:timers/promises';
import type { Meter } from '../core/meters/meter.ts';
import { tokensOf } from './small-talk.ts';

/** What is written one way or the other and means the same name: small letters, and one space for `_`, `-` and spaces. */
export function plain(name: string): string {
  if (/^[a-z0-9]+(?: [a-z0-9]+)*$/.test(name)) return name;
  return name
    .toLowerCase()
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}

/** Names exactly one meter, whatever others are called: `abmatic/campaigns`. */
export function fullName({ source, key }: Pick<Meter, 'source' | 'key'>): string {
  return `${source}/${key}`;
}

/** A name that may be mistyped, with what tells fast that another one is far from it. */
type Spelling = { readonly text: string; readonly letters: number; readonly of: Meter };

/**
 * The names of meters, ready to be searched. An account may have 50,000 meters, whose names come from outside, and the process answers
 * others meanwhile: so every look into it is counted, and `spend` says when there were enough.
 */
export type Names = {
  /** All names, plain, with their meters at the same place. */
  readonly texts: readonly string[];
  readonly meters: readonly Meter[];
  /** The same by their words alone, without punctuation. */
  readonly worded: readonly string[];
  /** By their full names, as they are. */
  readonly exactly: ReadonlyMap<string, Meter>;
  /** By the same, plain. They say of which source a meter is, so no name that others gave a meter stands before them. */
  readonly byFullName: ReadonlyMap<string, readonly Meter[]>;
  readonly byName: ReadonlyMap<string, readonly Meter[]>;
  readonly bySource: ReadonlyMap<string, readonly Meter[]>;
  /** Places of the names that hold a word. */
  readonly byWord: ReadonlyMap<string, readonly number[]>;
  readonly spellings: readonly Spelling[];
  /** What was found before, by what was asked. */
  readonly found: Map<string, readonly Meter[]>;
  /** Takes so many comparisons from what is left; false when that is too little. */
  readonly spend: (comparisons: number) => boolean;
  /** Whether it said so: then a name was perhaps not found though it is there. */
  readonly wasCutShort: () => boolean;
};

/** Some 20 ms of looking at one string after the other, or 20 searches through 50,000 names. */
const MOST_COMPARISONS = 1_000_000;
/** Meters read at a stretch: a few milliseconds. */
const AT_A_STRETCH = 2_000;
/** Words beyond these, and longer spellings, are not looked at one by one. */
const MOST_WORDS_OF_NAME = 12;
export const LONGEST_SPELLING = 64;

const known = new WeakMap<readonly Meter[], Names>();

/** Reads the names in parts, between which others have their turn. What is found by them later is sought at once. */
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

/** The names of few meters, or of those that were read before. */
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

/** Which letters a text holds, each as one of 32 bits. A slip changes two of them at most. */
export function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
  return letters;
}

/** How many bits differ. */
export function bitsApart(one: number, other: number): number {
  let bits = one ^ other;
  let count = 0;
  for (; bits !== 0; count += 1) bits &= bits - 1;
  return count;
}
