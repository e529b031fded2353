import { historyJson } from '../queries/answer-json.ts';
import { localDayOf } from '../core/time/local-time.ts';
import { presentable } from '../core/meters/meter.ts';
import { daysOfSpan } from '../core/time/parse-span.ts';
import { historyMessage, noPeriodKnown, spanNotUnderstood } from '../messages/replies/history.ts';
import { toRequester, toRequesterAlone } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { findMeters, findOne } from './find-meters.ts';
import { fullName } from './names.ts';
import { meterAndSpan } from './meter-and-span.ts';

const USUAL = '30d';

/** Shows the consumption of a meter over a span; the default is the last 30 days. */
export const history: CommandKind<string> = {
  word: 'history',
  help: { also: 'history' },
  parse: (rest) => presentable(rest, 450),
  async run(text, { requester, queries, clock }) {
    const timeZone = await queries.timeZone(requester.account);
    const finder = findMeters(queries, requester.account);
    const now = clock.now();
    const today = localDayOf(now, timeZone);
    const { what, span, typed, strange } = await finder.search((match) => meterAndSpan(text, match, today));
    if (strange) return toRequesterAlone(spanNotUnderstood(strange.rest, strange.name, requester.invokedAs));
    const found = await findOne(what, finder, { requester, asking: (name) => `history ${name} ${typed || USUAL}` });
    if (!found.ok) return toRequesterAlone(found.error);
    const { meter, reading, source } = found.value;
    const days = daysOfSpan(span ?? { first: today - 29, last: today }, { period: reading.period, spec: source.period, now, timeZone });
    if (days === null) return toRequesterAlone(noPeriodKnown(meter));
    const answer = await queries.history(meter, { days, timeZone });
    return toRequester(historyMessage(meter, answer.rows, { ...days, today, typed: typed || USUAL, fullName: fullName(meter) }), () =>
      historyJson(answer),
    );
  },
};
