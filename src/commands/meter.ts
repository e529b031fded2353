import { distance } from 'fastest-levenshtein';
import { presentable, type Meter } from '../core/meter.ts';
import { selection, type Overview } from '../core/overview.ts';
import { meterWords } from '../core/words/meter.ts';
import { overviewWords } from '../core/words/overview.ts';
import type { Message } from '../core/words/message.ts';
import { noMeterYet, unknownMeter } from '../core/words/sorry.ts';
import { toAsker } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { readOverview } from './overview.ts';

/** Whatever no other command takes is the name of a meter. */
export const meter: CommandKind<string> = {
  word: null,
  help: { usage: '<meter>', shows: 'one meter' },
  parse: (rest) => presentable(rest, 80),
  async run(asked, { asker, store, clock }) {
    return toAsker(answerMeter(asked, await readOverview(store, asker.account, clock), asker.invokedAs));
  },
};

/** One meter in detail, several that the name fits as a list, or the nearest name. */
export function answerMeter(asked: string, overview: Overview, invokedAs: string): Message {
  if (overview.lines.length === 0) return noMeterYet(asked, invokedAs);
  const meters = overview.lines.map((line) => line.meter);
  const matched = matchMeters(asked, meters);
  const lines = overview.lines.filter((line) => matched.includes(line.meter));
  const [only] = lines;
  if (!only) return unknownMeter(asked, nearestMeter(asked, meters)?.label ?? null, invokedAs);
  if (lines.length === 1) return meterWords(only);
  return overviewWords(selection(lines), { routed: true, askForOne: `${invokedAs} <meter>` });
}

/**
 * The meters that a typed name means: exactly (key, source/key, label, alias), else by the beginning of a name, else all
 * of a source, else by a part of a name. Case and the difference between `_`, `-` and spaces do not matter.
 */
export function matchMeters(asked: string, meters: readonly Meter[]): readonly Meter[] {
  const wanted = plain(asked);
  if (wanted === '') return [];
  const tests: readonly ((one: Meter) => boolean)[] = [
    (one) => [...namesOf(one), plain(`${one.source}/${one.key}`)].includes(wanted),
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

/** The meter whose name is nearest to what was typed, when it is near enough to be a slip. */
export function nearestMeter(asked: string, meters: readonly Meter[]): Meter | null {
  const wanted = plain(asked);
  const ranked = meters
    .flatMap((one) => namesOf(one).flatMap((name) => [name, ...name.split(' ')]).map((name) => ({ one, slips: distance(wanted, name), length: name.length })))
    .sort((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return best && best.slips <= Math.max(1, Math.floor(best.length / 3)) ? best.one : null;
}

function namesOf({ key, label, aliases }: Meter): readonly string[] {
  return [key, label, ...aliases].map(plain);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, ' ').trim();
}
