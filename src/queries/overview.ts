import { bindRules, type BoundRule } from '../core/rules/registry.ts';
import { overviewOf, selection, type Overview } from '../core/status/overview.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/** The credits of an account, worst first, as `/usage`, `GET /v1/usage` and `npx creditwatch usage` show them. */
export type OverviewAnswer = { readonly overview: Overview; readonly asOf: Date };

/**
 * Reads the overview.
 *
 * @param source one source; null for all
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readOverview(
  { store, clock }: { readonly store: ReadStore; readonly clock: Clock },
  account: string,
  source: string | null = null,
): Promise<OverviewAnswer> {
  const [meters, rules] = await Promise.all([store.meters(account), readRules(store, account)]);
  const asOf = clock.now();
  const all = overviewOf(meters, rules, asOf);
  return { overview: source === null ? all : selection(all.lines.filter((line) => line.meter.source === source)), asOf };
}

/**
 * Reads the rules of an account, ready to evaluate.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readRules(store: ReadStore, account: string): Promise<readonly BoundRule[]> {
  return bindRules(await store.rules(account));
}
