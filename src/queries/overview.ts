import { outlook } from '../core/meters/forecast.ts';
import { bindRules, type BoundRule } from '../core/rules/registry.ts';
import type { MeterFigures } from '../core/status/meter-status.ts';
import {
  isGreen,
  judge,
  linesOf,
  MOST_SHOWN,
  outlookWithoutHistory,
  rankOf,
  collectGreen,
  worstFirst,
  type Overview,
  type Rank,
} from '../core/status/overview.ts';
import { startTally } from '../core/status/tally.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/** The credits of an account, worst first, as `/usage` shows them. */
export type OverviewAnswer = { readonly overview: Overview; readonly asOf: Date };

/**
 * Reads the overview of meters: counts of all, and all data of the worst ones.
 *
 * @param figures the meters
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readOverview(
  { store, clock }: { readonly store: ReadStore; readonly clock: Clock },
  account: string,
  figures: AsyncIterable<readonly MeterFigures[]>,
): Promise<OverviewAnswer> {
  const rules = await readRules(store, account);
  const asOf = clock.now();
  const tally = startTally();
  const green = collectGreen();
  const unsure: string[] = [];
  let worst: readonly (Rank & { readonly id: string })[] = [];
  for await (const part of figures) {
    const last = worst[MOST_SHOWN - 1];
    const worse: (typeof worst)[number][] = [];
    for (const figure of part) {
      const one = judge(figure, rules, asOf);
      const rank = rankOf(one);
      if (last === undefined || worstFirst(rank, last) < 0) worse.push({ ...rank, id: one.meter.id });
      tally.add(one);
      if (!isGreen(one) || green.isDecided()) continue;
      const known = outlookWithoutHistory(one);
      if (known === null) unsure.push(one.meter.id);
      else green.add(known);
    }
    if (worse.length > 0) worst = [...worst, ...worse].sort(worstFirst).slice(0, MOST_SHOWN);
  }
  const shown = await store.metersById(
    account,
    worst.map(({ id }) => id),
  );
  if (!green.isDecided())
    for await (const part of store.histories(account, unsure)) {
      for (const { history, reading } of part) green.add(outlook(history, reading));
      if (green.isDecided()) break;
    }
  return { overview: { ...tally.end(), lines: linesOf(shown, rules, asOf), greenLasts: green.last() }, asOf };
}

/**
 * Reads the rules of an account, ready to evaluate.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readRules(store: Pick<ReadStore, 'rules'>, account: string): Promise<readonly BoundRule[]> {
  return bindRules(await store.rules(account));
}
