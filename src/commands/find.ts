import { distance } from 'fastest-levenshtein';
import type { Meter } from '../core/meter.ts';
import type { MeterNow } from '../core/meter-now.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Message } from '../core/words/message.ts';
import type { Asker } from '../ports/answer.ts';
import { meantMeter, noFigures, noMeterYet, severalMeters, unknownMeter, whichMeter } from '../core/words/sorry.ts';
import { isFiller, wordsOf } from './small-talk.ts';

/**
 * The one meter that a typed name means, or what to say instead: none yet, no such meter with the nearest one, several.
 *
 * @param asking the command that asks for a meter by its full name, for the buttons: `request abmatic/campaigns`
 */
export function findOne(
  asked: string,
  meters: readonly MeterNow[],
  { asker, asking }: { readonly asker: Pick<Asker, 'invokedAs' | 'platform'>; readonly asking: (name: string) => string },
): Result<MeterNow, Message> {
  if (meters.length === 0) return err(asked === '' ? noFigures(asker) : noMeterYet(asked, asker));
  // What is open is asked about first.
  if (asked === '')
    return err(
      whichMeter(
        meters
          .toSorted((a, b) => b.alerts.length - a.alerts.length)
          .map(({ meter }) => ({ label: meter.label, command: asking(fullName(meter)) })),
        asker.invokedAs,
      ),
    );
  const all = meters.map((one) => one.meter);
  const matched = matchMeters(asked, all);
  const [only] = meters.filter((one) => matched.includes(one.meter));
  if (only && matched.length === 1) return ok(only);
  if (matched.length > 1)
    return err(
      severalMeters(
        asked,
        matched.map((one) => ({ label: one.label, source: one.source, command: asking(fullName(one)) })),
      ),
    );
  return err(noSuchMeter(asked, all, { asker, asking }));
}

/**
 * What to say where a typed name means no meter: which ones are named among other words (`apollo please`), else the nearest.
 *
 * @param meters not empty
 * @param asking the command that asks for the nearest by its full name, for the button
 */
export function noSuchMeter(
  asked: string,
  meters: readonly Meter[],
  { asker, asking }: { readonly asker: Pick<Asker, 'invokedAs' | 'platform'>; readonly asking: (name: string) => string },
): Message {
  const named = metersNamedIn(asked, meters);
  const [only] = named;
  if (only && named.length === 1) return meantMeter({ label: only.label, command: asking(fullName(only)) }, asker);
  if (named.length > 1)
    return severalMeters(
      asked,
      named.map((one) => ({ label: one.label, source: one.source, command: asking(fullName(one)) })),
    );
  const nearest = nearestMeter(asked, meters);
  return unknownMeter(
    asked,
    { nearest: nearest && { label: nearest.label, command: asking(fullName(nearest)) }, names: meters.map(fullName) },
    asker,
  );
}

/** Names exactly one meter, whatever others are called: `abmatic/campaigns`. */
export function fullName({ source, key }: Pick<Meter, 'source' | 'key'>): string {
  return `${source}/${key}`;
}

/**
 * The meters that a typed name means: exactly (key, source/key, label, alias), else by the beginning of a name, else all
 * of a source, else by a part of a name. Case and the difference between `_`, `-` and spaces do not matter.
 */
export function matchMeters(asked: string, meters: readonly Meter[]): readonly Meter[] {
  const wanted = plain(asked);
  if (wanted === '') return [];
  const tests: readonly ((one: Meter) => boolean)[] = [
    (one) => [...namesOf(one), plain(fullName(one))].includes(wanted),
    (one) => namesOf(one).some((name) => name.startsWith(wanted)),
    (one) => plain(one.source) === wanted,
    (one) => namesOf(one).some((name) => name.includes(wanted)),
  ];
  for (const test of tests) {
    const found = meters.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

/** Shorter words are in the names of meters by chance. */
const SHORTEST_WORD = 3;
/** More words than this name no meter. */
const MOST_WORDS = 40;

/**
 * The meters that some words of what was typed name, where others stand beside them: `show me apollo`, `apollo 🙏`. The longest
 * such part decides. Its words must be whole words of a name: `a` is the beginning of many.
 */
export function metersNamedIn(asked: string, meters: readonly Meter[]): readonly Meter[] {
  const words = wordsOf(asked).slice(0, MOST_WORDS);
  for (let length = words.length; length > 0; length -= 1) {
    for (let start = 0; start + length <= words.length; start += 1) {
      const part = words.slice(start, start + length);
      if (part.every(isFiller)) continue;
      const said = ` ${part.join(' ')} `;
      const exact = meters.filter((one) => namesOf(one).some((name) => ` ${wordsOf(name).join(' ')} ` === said));
      if (exact.length > 0) return exact;
      if (said.trim().length < SHORTEST_WORD) continue;
      const found = meters.filter((one) => namesOf(one).some((name) => ` ${wordsOf(name).join(' ')} `.includes(said)));
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Whether what was typed may be a slip for a meter, with or without what stands beside it. */
export function isNearMeter(asked: string, meters: readonly Meter[]): boolean {
  return nearestMeter(asked, meters) !== null;
}

/** The meter for which what was typed may be a slip, with or without what stands beside it; null when none is near enough. */
export function nearestMeter(asked: string, meters: readonly Meter[]): Meter | null {
  return nearestNamed(asked, meters) ?? nearestNamed(withoutFillers(asked), meters);
}

function withoutFillers(asked: string): string {
  return wordsOf(asked)
    .filter((word) => !isFiller(word))
    .join(' ');
}

/** The meter whose name is nearest to what was typed, when it is near enough to be a slip. */
function nearestNamed(asked: string, meters: readonly Meter[]): Meter | null {
  const wanted = plain(asked);
  if (wanted === '') return null;
  const ranked = meters
    .flatMap((one) =>
      namesOf(one)
        .flatMap((name) => [name, ...name.split(' ')])
        .map((name) => ({ one, slips: distance(wanted, name), length: name.length })),
    )
    .sort((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return best && best.slips <= Math.max(1, Math.floor(best.length / 3)) ? best.one : null;
}

function namesOf({ key, label, aliases }: Meter): readonly string[] {
  return [key, label, ...aliases].map(plain);
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}
