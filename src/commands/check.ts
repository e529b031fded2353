import { presentable } from '../core/meter.ts';
import type { Period } from '../core/period.ts';
import { parsePreflight } from '../core/preflight-question.ts';
import { preflight } from '../core/preflight.ts';
import type { Message } from '../core/words/message.ts';
import { misunderstoodPreflight, preflightWords, type PreflightAnswer } from '../core/words/preflight.ts';
import { noFigures, unknownMeter } from '../core/words/sorry.ts';
import { toAsker } from '../ports/answer.ts';
import type { StoredMeter } from '../ports/store.ts';
import type { CommandContext, CommandKind } from './command.ts';
import { fullName, matchMeters, nearestMeter } from './find.ts';

/** What a pre-flight needs to know of a meter beside its latest reading. */
type Outlook = {
  /** `never` for a balance; null when nobody said when it resets. */
  readonly period: Period | 'never' | null;
  /** Usual consumption a day, in thousandths of the smallest unit; null when it is too early to tell. */
  readonly pacePerDay: bigint | null;
  readonly stale: boolean;
};
export type OutlookOf = (stored: StoredMeter, context: CommandContext) => Promise<Outlook>;

/** The longest interval at which any source is expected to say something. */
const STALE_AFTER_MS = 7 * 86_400_000;

/** Known from the latest reading alone: its period and its age. There is no pace in one reading. */
const fromLatest: OutlookOf = async ({ reading }, { clock }) => ({
  period: reading.period,
  pacePerDay: null,
  stale: clock.now().getTime() - reading.observedAt.getTime() > STALE_AFTER_MS,
});

/** Whether amounts still fit, before they are used. */
export const check: CommandKind<string> = checkWith(fromLatest);

export function checkWith(outlookOf: OutlookOf): CommandKind<string> {
  return {
    word: 'check',
    help: { usage: 'check campaigns 50k open_ai 2M by 5 dec', shows: '' },
    parse: (rest) => presentable(rest, 400),
    run: async (asked, context) => toAsker(await answerCheck(asked, context, outlookOf)),
  };
}

async function answerCheck(asked: string, context: CommandContext, outlookOf: OutlookOf): Promise<Message> {
  const { asker, store, clock } = context;
  const [stored, timeZone] = await Promise.all([store.meters(asker.account), store.timeZone(asker.account)]);
  if (stored.length === 0) return noFigures(asker.invokedAs);
  const meters = stored.map((one) => one.meter);
  const now = clock.now();
  const question = parsePreflight(asked, (name) => matchMeters(name, meters), now, timeZone);
  if (!question.ok) {
    const why = question.error;
    if (why.kind === 'unknown-meter') {
      const nearest = nearestMeter(why.name, meters);
      return unknownMeter(why.name, nearest && { label: nearest.label, command: fullName(nearest) }, asker.invokedAs);
    }
    return misunderstoodPreflight(why, `${asker.invokedAs} check`);
  }
  const { items, by } = question.value;
  const answers = items.map(async ({ meter, amount }): Promise<PreflightAnswer[]> => {
    const known = stored.find((one) => one.meter.id === meter.id);
    if (!known) return [];
    return [{ meter, preflight: preflight({ amount, by, reading: known.reading, ...(await outlookOf(known, context)), now, timeZone }) }];
  });
  return preflightWords((await Promise.all(answers)).flat());
}
