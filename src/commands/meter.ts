import { presentable } from '../core/meter.ts';
import { selection } from '../core/overview.ts';
import { meterWords } from '../core/words/meter.ts';
import { overviewWords } from '../core/words/overview.ts';
import { noMeterYet } from '../core/words/sorry.ts';
import { toAsker, toAskerAlone, type Reply } from '../ports/answer.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { fullName, matchMeters, noSuchMeter } from './find.ts';
import { readOverview } from './overview.ts';

/** Whatever no other command takes is the name of a meter. */
export const meter: CommandKind<string> = {
  word: null,
  help: { usage: 'apollo', shows: 'one meter, with trend' },
  parse: (rest) => presentable(rest, 410),
  run: answerMeter,
};

/** One meter in detail, several that the name fits as a list, or the nearest name. */
async function answerMeter(asked: string, { asker, store, clock }: CommandContext): Promise<Reply> {
  const { invokedAs } = asker;
  const [overview, timeZone] = await Promise.all([readOverview(store, asker.account, clock), store.timeZone(asker.account)]);
  if (overview.lines.length === 0) return toAskerAlone(noMeterYet(asked, asker));
  const meters = overview.lines.map((line) => line.meter);
  const matched = matchMeters(asked, meters);
  const lines = overview.lines.filter((line) => matched.includes(line.meter));
  const [only] = lines;
  if (!only) return toAskerAlone(noSuchMeter(asked, meters, { asker, asking: (name) => name }));
  if (lines.length === 1) return toAsker(meterWords(only, { timeZone, now: clock.now(), fullName: fullName(only.meter) }));
  return toAsker(overviewWords(selection(lines), { timeZone, subscribeWith: null, invokedAs, canShare: false, inFull: true }));
}
