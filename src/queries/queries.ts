import type { ConsumptionRow } from '../core/meters/export.ts';
import type { Meter } from '../core/meters/meter.ts';
import type { Source } from '../core/meters/source.ts';
import type { BoundRule } from '../core/rules/registry.ts';
import type { Days } from '../core/time/parse-days.ts';
import type { Clock } from '../ports/clock.ts';
import type { DestinationState, ReadStore } from '../ports/stores/read-store.ts';
import { readAlerts, type AlertsAnswer } from './alerts.ts';
import { consumptionSince, momentsOf, readHistory, type HistoryAnswer } from './history.ts';
import { readOverview, readRules, type OverviewAnswer } from './overview.ts';

/**
 * The queries of chat, the API and the command line. They return data, which the callers render as text or JSON.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer
 */
export type Queries = Pick<ReadStore, 'timeZone' | 'meters' | 'polls' | 'admins' | 'mayLook' | 'machineOf' | 'pastAlert'> & {
  /** @param source one source; all if omitted or null */
  overview(account: string, source?: string | null): Promise<OverviewAnswer>;
  /** Whether a route gets alerts of meters; if not, they go only to the fallback. */
  isRouted(account: string): Promise<boolean>;
  /** The sources that have a reading, each once. */
  sources(account: string): Promise<readonly Source[]>;
  rules(account: string): Promise<readonly BoundRule[]>;
  alerts(account: string): Promise<AlertsAnswer>;
  /**
   * Streams the daily consumption of a meter in parts of bounded size, oldest first, for spans of any length. `days`: null for the full
   * history.
   */
  consumption(meter: Meter, span: { readonly days: Days | null; readonly timeZone: string }): AsyncIterable<readonly ConsumptionRow[]>;
  history(meter: Meter, span: { readonly days: Days; readonly timeZone: string }): Promise<HistoryAnswer>;
  /** The destinations of some accounts, with their pending deliveries. */
  destinations(accounts: readonly string[]): Promise<readonly DestinationState[]>;
};

/** Creates the queries on the database and the clock. */
export function createQueries(parts: { readonly store: ReadStore; readonly clock: Clock }): Queries {
  const { store } = parts;
  return {
    timeZone: (account) => store.timeZone(account),
    admins: (account) => store.admins(account),
    mayLook: (account, user) => store.mayLook(account, user),
    machineOf: (account, source) => store.machineOf(account, source),
    pastAlert: (account, id) => store.pastAlert(account, id),
    meters: (account) => store.meters(account),
    polls: (account) => store.polls(account),
    overview: (account, source) => readOverview(parts, account, source),
    isRouted: async (account) => (await store.routes(account)).some(({ meters }) => meters !== null),
    sources: async (account) => [...new Map((await store.meters(account)).map(({ source }) => [source.id, source])).values()],
    rules: (account) => readRules(store, account),
    alerts: (account) => readAlerts(parts, account),
    consumption(meter, { days, timeZone }) {
      const now = parts.clock.now();
      return consumptionSince(store, meter, { ...(days === null ? { since: null, now } : momentsOf(days, now, timeZone)), timeZone });
    },
    history: (meter, span) => readHistory(parts, meter, span),
    destinations: async (accounts) => (await store.destinations()).filter((one) => accounts.includes(one.account)),
  };
}
