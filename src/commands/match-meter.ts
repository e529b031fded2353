import { distance } from 'fastest-levenshtein';
import type { Meter } from '../core/meters/meter.ts';
import type { MeterNow } from '../core/status/meter-status.ts';
import type { Message } from '../core/text/message.ts';
import type { Requester } from '../ports/inbound/chat.ts';
import { meantMeter, severalMeters, unknownMeter } from '../messages/replies/errors.ts';
import { bitsApart, fullName, lettersOf, LONGEST_SPELLING, namesOf, plain, readNames } from './names.ts';
import { isFiller, tokensOf } from './small-talk.ts';

/** Returns the meters with their names indexed for the search, without blocking other work. */
export async function withNames(meters: readonly Pick<MeterNow, 'meter'>[]): Promise<readonly Meter[]> {
  return readNames(meters.map(({ meter }) => meter));
}

/**
 * Builds the answer if a typed name matches no meter: the meters named among other words (`apollo please`), else the nearest.
 *
 * @param meters not empty
 * @param asking returns the command for a meter by its full name, for the button
 */
export function noSuchMeter(
  asked: string,
  meters: readonly Meter[],
  { requester, asking }: { readonly requester: Pick<Requester, 'invokedAs'>; readonly asking: (name: string) => string },
): Message {
  const named = metersNamedIn(asked, meters);
  const [only] = named;
  if (only && named.length === 1) return meantMeter({ label: only.label, command: asking(fullName(only)) }, requester);
  if (named.length > 1)
    return severalMeters(
      asked,
      named.map((one) => ({ label: one.label, source: one.source, command: asking(fullName(one)) })),
    );
  const nearest = nearestMeter(asked, meters);
  return unknownMeter(
    asked,
    {
      nearest: nearest && { label: nearest.label, command: asking(fullName(nearest)) },
      names: meters.map(fullName),
      isCutShort: namesOf(meters).wasCutShort(),
    },
    requester,
  );
}

/**
 * Finds the meters of a typed name: exact matches (source/key; key, label, alias), else by the beginning of a name, else all of a
 * source, else by a part of a name. Case and the difference between `_`, `-` and spaces do not matter, unless a full name matches
 * exactly. The name of a source means its own meters, so that a label set by a sender cannot take its place.
 */
export function matchMeters(asked: string, meters: readonly Meter[]): readonly Meter[] {
  const wanted = plain(asked.slice(0, LONGEST_ASKED));
  if (wanted === '') return [];
  const { found, exactly } = namesOf(meters);
  const only = exactly.get(asked.trim());
  if (only) return [only];
  const before = found.get(wanted);
  if (before !== undefined) return before;
  const matched = search(wanted, meters);
  found.set(wanted, matched);
  return matched;
}

/** The longest `source/key`. */
export const LONGEST_ASKED = 401;

/** Finds the meters of a whole name as `matchMeters` does; null if no meter has that name, so that a part of a name may be meant. */
export function matchWholeName(asked: string, meters: readonly Meter[]): readonly Meter[] | null {
  const wanted = plain(asked.slice(0, LONGEST_ASKED));
  if (wanted === '') return [];
  const only = namesOf(meters).exactly.get(asked.trim());
  return only ? [only] : searchWhole(wanted, meters);
}

function searchWhole(wanted: string, meters: readonly Meter[]): readonly Meter[] | null {
  const names = namesOf(meters);
  const full = names.byFullName.get(wanted);
  if (full) return full;
  const exact = names.byName.get(wanted);
  if (!exact) return null;
  const ofSource = names.bySource.get(wanted) ?? [];
  if (ofSource.length === 0) return exact;
  const own = exact.filter(({ source }) => plain(source) === wanted);
  return own.length > 0 ? own : ofSource;
}

/** Searches by the beginning or a part of a name only within a limit on comparisons. Exact names are always found. */
function search(wanted: string, meters: readonly Meter[]): readonly Meter[] {
  const whole = searchWhole(wanted, meters);
  if (whole !== null) return whole;
  const names = namesOf(meters);
  const ofSource = names.bySource.get(wanted) ?? [];
  if (!mayBePart(wanted, names.byWord) || !names.spend(names.texts.length)) return ofSource;
  const [beginning, part] = [new Set<Meter>(), new Set<Meter>()];
  names.texts.forEach((name, at) => {
    const place = name.indexOf(wanted);
    const one = names.meters[at];
    if (place >= 0 && one) (place === 0 ? beginning : part).add(one);
  });
  if (beginning.size > 0) return [...beginning];
  return ofSource.length > 0 ? ofSource : [...part];
}

/** Whether a text may be part of a name: all words between its first and last must be whole words of a name. */
function mayBePart(wanted: string, byWord: ReadonlyMap<string, unknown>): boolean {
  return wanted
    .split(' ')
    .slice(1, -1)
    .every((word) => byWord.has(word) || !/^[a-z0-9]+$/.test(word));
}

/** Shorter words are part of names by chance. */
const SHORTEST_WORD = 3;
/** More words than this name no meter. */
const MOST_WORDS = 40;

/**
 * Finds the meters that part of a text names: `show me apollo`, `apollo 🙏`. The longest such part counts. Its words must be whole words
 * of a name: many names begin with `a`.
 */
export function metersNamedIn(asked: string, meters: readonly Meter[]): readonly Meter[] {
  const words = tokensOf(asked).slice(0, MOST_WORDS);
  for (let length = words.length; length > 0; length -= 1) {
    for (let start = 0; start + length <= words.length; start += 1) {
      const part = words.slice(start, start + length);
      if (part.every(isFiller)) continue;
      const found = namedBy(part, meters);
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Finds meters whose names are these words, else those whose names contain them. Only names with the rarest word are compared. */
function namedBy(words: readonly string[], meters: readonly Meter[]): readonly Meter[] {
  const names = namesOf(meters);
  const places = words.map((word) => names.byWord.get(word) ?? []).sort((a, b) => a.length - b.length)[0] ?? [];
  if (places.length === 0 || !names.spend(places.length)) return [];
  const said = words.join(' ');
  const [exact, holding] = [new Set<Meter>(), new Set<Meter>()];
  for (const at of places) {
    const [name, one] = [names.worded[at] ?? '', names.meters[at]];
    if (!one) continue;
    if (name === said) exact.add(one);
    else if (` ${name} `.includes(` ${said} `)) holding.add(one);
  }
  if (exact.size > 0) return [...exact];
  return said.length < SHORTEST_WORD ? [] : [...holding];
}

/** Whether a typed text may be a typo of a meter's name, with or without filler words. */
export function isNearMeter(asked: string, meters: readonly Meter[]): boolean {
  return nearestMeter(asked, meters) !== null;
}

/** Finds the meter that a typed text may be a typo of, with or without filler words; null if none is near enough. */
export function nearestMeter(asked: string, meters: readonly Meter[]): Meter | null {
  return nearestNamed(asked, meters) ?? nearestNamed(withoutFillers(asked), meters);
}

function withoutFillers(asked: string): string {
  return tokensOf(asked)
    .filter((word) => !isFiller(word))
    .join(' ');
}

/** The most spellings that are compared letter by letter. */
const MOST_CANDIDATES = 5_000;

/** Finds the meter with the nearest name, if it may be a typo of it. */
function nearestNamed(asked: string, meters: readonly Meter[]): Meter | null {
  const wanted = plain(asked.slice(0, LONGEST_ASKED));
  if (wanted === '' || wanted.length > 2 * LONGEST_SPELLING) return null;
  const { spellings, spend } = namesOf(meters);
  const letters = lettersOf(wanted);
  let compared = 0;
  // Tries small distances first, so that the nearest are compared before the limit is reached.
  for (const within of [1, 2, LONGEST_SPELLING]) {
    if (!spend(spellings.length)) return null;
    let best: { readonly of: Meter; readonly slips: number } | null = null;
    for (const { text, letters: its, of } of spellings) {
      const most = Math.min(within, slipsIn(text), best === null ? Infinity : best.slips - 1);
      // A large difference in length or letters rules out a typo.
      if (Math.abs(text.length - wanted.length) > most || bitsApart(letters, its) > 2 * most) continue;
      compared += 1;
      if (compared > MOST_CANDIDATES) return best?.of ?? null;
      const slips = distance(wanted, text);
      if (slips <= most) best = { of, slips };
    }
    if (best !== null) return best.of;
  }
  return null;
}

/** Returns how many letters of a name may be wrong. */
function slipsIn(name: string): number {
  return Math.max(1, Math.floor(name.length / 3));
}
