import { type ConsumptionRow } from '../core/meters/export.ts';
import { localDayOf, isoDay } from '../core/time/local-time.ts';
import { presentable } from '../core/meters/meter.ts';
import type { MeterFigures } from '../core/status/meter-status.ts';
import type { Days } from '../core/time/parse-days.ts';
import { daysOfSpan } from '../core/time/parse-span.ts';
import { exportMessage, tooManyToExport } from '../messages/replies/export.ts';
import { noPeriodKnown, spanNotUnderstood } from '../messages/replies/history.ts';
import { noFigures } from '../messages/replies/errors.ts';
import { toRequester, toRequesterAlone } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { findMeters, findOne } from './find-meters.ts';
import { fullName } from './names.ts';
import { meterAndSpan } from './meter-and-span.ts';

/** More meters need the command line, because a person waits for this answer. */
const MOST_METERS = 30;

/** Exports daily consumption as CSV. */
export const exportCommand: CommandKind<string> = {
  word: 'export',
  help: { also: 'export' },
  parse: (rest) => presentable(rest, 450),
  async run(text, { requester, queries, clock, actions }) {
    const [sources, timeZone] = await Promise.all([queries.sources(requester.account), queries.timeZone(requester.account)]);
    if (sources.length === 0) return toRequester(noFigures(requester));
    const finder = findMeters(queries, requester.account);
    const now = clock.now();
    const today = localDayOf(now, timeZone);
    const { what, span, typed, strange } = await finder.search((match) => meterAndSpan(text, match, today));
    const meant = finder.figuresOf(what === '' ? await finder.all() : await finder.search((match) => match(what)));
    if (strange) return toRequesterAlone(spanNotUnderstood(strange.rest, strange.name, requester.invokedAs));
    if (meant.length === 0) {
      const found = await findOne(what, finder, { requester, asking: (name) => `export ${name} ${typed}`.trimEnd() });
      return found.ok ? toRequester(noFigures(requester)) : toRequesterAlone(found.error);
    }
    const spans: { readonly now: MeterFigures; readonly days: Days }[] = [];
    for (const one of meant) {
      const days = daysOfSpan(span ?? { first: today - 29, last: today }, {
        period: one.reading.period,
        spec: one.source.period,
        now,
        timeZone,
      });
      if (days !== null) spans.push({ now: one, days });
    }
    const [only] = meant;
    if (only && spans.length === 0) return toRequesterAlone(noPeriodKnown(only.meter));
    const first = Math.min(...spans.map(({ days }) => days.first));
    const command = [
      'npx creditwatch export',
      ...(only && meant.length === 1 ? [fullName(only.meter)] : []),
      `--since ${isoDay(first)}`,
    ].join(' ');
    if (meant.length > MOST_METERS) return toRequesterAlone(tooManyToExport(meant.length, command));
    const rows: ConsumptionRow[] = [];
    for (const one of spans) rows.push(...(await queries.history(one.now.meter, { days: one.days, timeZone })).rows);
    const one = only && meant.length === 1 ? fullName(only.meter) : null;
    await actions.exported({ account: requester.account, by: requester.person, what: one });
    return toRequester(exportMessage(rows, first, command));
  },
};
