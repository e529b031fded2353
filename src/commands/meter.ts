import { presentable } from '../core/meter.ts';
import { selection, type Overview } from '../core/overview.ts';
import { meterWords } from '../core/words/meter.ts';
import { overviewWords } from '../core/words/overview.ts';
import type { Message } from '../core/words/message.ts';
import { noMeterYet, unknownMeter } from '../core/words/sorry.ts';
import { toAsker } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { fullName, matchMeters, nearestMeter } from './find.ts';
import { readOverview } from './overview.ts';

/** Whatever no other command takes is the name of a meter. */
export const meter: CommandKind<string> = {
  word: null,
  help: { usage: 'apollo', shows: 'one meter' },
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
  const nearest = only ? null : nearestMeter(asked, meters);
  if (!only) return unknownMeter(asked, nearest && { label: nearest.label, command: fullName(nearest) }, invokedAs);
  if (lines.length === 1) return meterWords(only);
  return overviewWords(selection(lines), { routed: true, askForOne: `${invokedAs} <meter>` });
}
