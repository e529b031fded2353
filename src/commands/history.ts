import type { ConsumptionRow } from '../core/export.ts';
import { localDayOf, startOfLocalDay } from '../core/local-time.ts';
import { presentable } from '../core/meter.ts';
import type { ChartDays } from '../core/words/consumption-chart.ts';
import { historyWords } from '../core/words/history.ts';
import { toAsker, toAskerAlone } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { consumptionSince } from './consumption.ts';
import { findOne, fullName } from './find.ts';

type Wish = { readonly what: string; readonly last: ChartDays };

const SPAN = /^(?:7|30|90)d$/i;

/** What a meter consumed over the last 7, 30 or 90 days. */
export const history: CommandKind<Wish> = {
  word: 'history',
  help: { also: 'history' },
  parse(rest) {
    const words = presentable(rest, 450).split(' ');
    const last = words.at(-1) ?? '';
    if (!SPAN.test(last)) return { what: words.join(' '), last: 30 };
    return { what: words.slice(0, -1).join(' '), last: last.startsWith('7') ? 7 : last.startsWith('9') ? 90 : 30 };
  },
  async run({ what, last }, { asker, store, clock }) {
    const [meters, timeZone] = await Promise.all([store.meters(asker.account), store.timeZone(asker.account)]);
    const found = findOne(what, meters, { asker, asking: (name) => `history ${name} ${String(last)}d` });
    if (!found.ok) return toAskerAlone(found.error);
    const { meter } = found.value;
    const now = clock.now();
    const today = localDayOf(now, timeZone);
    const since = startOfLocalDay(today - last + 1, timeZone);
    const rows: ConsumptionRow[] = [];
    for await (const part of consumptionSince(store, meter, { since, now, timeZone })) rows.push(...part);
    return toAsker(historyWords(meter, rows, { last, today, fullName: fullName(meter) }));
  },
};
