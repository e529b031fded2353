import type { PollLedger } from '../core/meters/poll.ts';
import { bindRules, type BoundRule } from '../core/rules/registry.ts';
import { overviewOf, selection, type Overview } from '../core/status/overview.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/** The credits of an account, worst first, as `/usage`, `GET /v1/usage` and `npx creditwatch usage` show them. */
export type OverviewAnswer = {
  readonly overview: Overview;
  /** Whether a route gets alerts of meters; if not, they go only to the fallback. */
  readonly isRouted: boolean;
  /** Of the account. */
  readonly timeZone: string;
  /** The last result of each poll of the account's sources. */
  readonly polls: readonly PollLedger[];
  readonly asOf: Date;
};

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
  const [meters, rules, routes, timeZone, polls] = await Promise.all([
    store.meters(account),
    readRules(store, account),
    store.routes(account),
    store.timeZone(account),
    store.polls(account),
  ]);
  const asOf = clock.now();
  const all = overviewOf(meters, rules, asOf);
  return {
    overview: source === null ? all : selection(all.lines.filter((line) => line.meter.source === source)),
    isRouted: routes.some((route) => route.meters !== null),
    timeZone,
    polls,
    asOf,
  };
}

/**
 * Reads the rules of an account, ready to evaluate.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readRules(store: ReadStore, account: string): Promise<readonly BoundRule[]> {
  return bindRules(await store.rules(account));
}
