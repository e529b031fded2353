import { isoDay, type ConsumptionRow } from '../core/export.ts';
import { startOfLocalDay } from '../core/local-time.ts';
import { presentable } from '../core/meter.ts';
import { firstDay, typedSince, type Since } from '../core/since.ts';
import { exportedWords, tooManyToExport } from '../core/words/exported.ts';
import { noFigures } from '../core/words/sorry.ts';
import { toAsker, toAskerAlone } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { consumptionSince } from './consumption.ts';
import { findOne, fullName, matchMeters } from './find.ts';

/** `since` is null when nobody said. */
type Wish = { readonly what: string; readonly since: Since | null };

const USUAL: Since = { ago: 30 };
/** More are for the command line: people wait for this answer. */
const MOST_METERS = 30;

/** Consumption a day as CSV, for whoever keeps the budget. */
export const exportCommand: CommandKind<Wish> = {
  word: 'export',
  help: { also: 'export' },
  parse(rest) {
    const words = presentable(rest, 450).split(' ');
    const since = typedSince(words.at(-1) ?? '');
    const what = (since === null ? words : words.slice(0, -1)).join(' ').replace(/(?:^| )since$/i, '');
    return { what, since };
  },
  async run({ what, since }, { asker, store, clock }) {
    const [meters, timeZone] = await Promise.all([store.meters(asker.account), store.timeZone(asker.account)]);
    if (meters.length === 0) return toAsker(noFigures(asker));
    const now = clock.now();
    const first = firstDay(since ?? USUAL, now, timeZone);
    const matched = matchMeters(
      what,
      meters.map(({ meter }) => meter),
    );
    const meant = what === '' ? meters.map(({ meter }) => meter) : matched;
    if (meant.length === 0) {
      const found = findOne(what, meters, { asker, asking: (name) => `export ${name} since ${isoDay(first)}` });
      return found.ok ? toAsker(noFigures(asker)) : toAskerAlone(found.error);
    }
    const [only] = meant;
    const command = ['npx creditwatch export', ...(only && meant.length === 1 ? [fullName(only)] : []), `--since ${isoDay(first)}`].join(
      ' ',
    );
    if (meant.length > MOST_METERS) return toAskerAlone(tooManyToExport(meant.length, command));
    const from = startOfLocalDay(first, timeZone);
    const rows: ConsumptionRow[] = [];
    for (const meter of meant) for await (const part of consumptionSince(store, meter, { since: from, now, timeZone })) rows.push(...part);
    return toAsker(exportedWords(rows, first, command));
  },
};
