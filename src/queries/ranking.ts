import { merged } from '../async/parts.ts';
import type { Judged, MeterFigures } from '../core/status/meter-status.ts';
import { judge, rankOf, worstFirst, type Rank } from '../core/status/overview.ts';
import { startTally } from '../core/status/tally.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';
import { readRules } from './overview.ts';

/** Something about each meter, worst first, for lists that are not cut short. */
export type Ranking<T> = { readonly meters: readonly T[]; readonly needAttention: number; readonly asOf: Date };

export type JudgedMeter = MeterFigures & Judged;

/**
 * Reads figures and sorts them, in parts.
 *
 * @param take returns what to keep of a meter: all of many meters would take much memory
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readRanking<T>(
  { store, clock }: { readonly store: Pick<ReadStore, 'rules'>; readonly clock: Clock },
  account: string,
  figures: AsyncIterable<readonly MeterFigures[]>,
  take: (meter: JudgedMeter) => T,
): Promise<Ranking<T>> {
  const rules = await readRules(store, account);
  const asOf = clock.now();
  const tally = startTally();
  const sorted: (readonly (Rank & { readonly taken: T })[])[] = [];
  for await (const part of figures)
    sorted.push(
      part
        .map((figure) => {
          const one = judge(figure, rules, asOf);
          tally.add(one);
          return { ...rankOf(one), taken: take(one) };
        })
        .sort(worstFirst),
    );
  const all = await merged(sorted, worstFirst);
  return { meters: all.map(({ taken }) => taken), needAttention: tally.end().needAttention, asOf };
}
