import type { ConsumptionRow } from '../core/meters/export.ts';
import { MAILS_TOLD_MS } from '../core/meters/mail.ts';
import type { Meter } from '../core/meters/meter.ts';
import type { BoundRule } from '../core/rules/registry.ts';
import type { Days } from '../core/time/parse-days.ts';
import type { MeterFigures } from '../core/status/meter-status.ts';
import type { Clock } from '../ports/clock.ts';
import type { DestinationState, ReadStore, UnreadMails } from '../ports/stores/read-store.ts';
import { readAlerts, type AlertsAnswer } from './alerts.ts';
import { consumptionSince, momentsOf, readHistory, type HistoryAnswer } from './history.ts';
import { readOverview, readRules, type OverviewAnswer } from './overview.ts';
import { readRanking, type JudgedMeter, type Ranking } from './ranking.ts';

/**
 * The queries of chat, the API and the command line. They return data, which the callers render as text or JSON.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer
 */
export type Queries = Pick<
  ReadStore,
  | 'timeZone'
  | 'meters'
  | 'metersById'
  | 'meterOfAlert'
  | 'figures'
  | 'metersWithoutReading'
  | 'namesOf'
  | 'sources'
  | 'polls'
  | 'admins'
  | 'mayLook'
  | 'machineOf'
  | 'lastPasted'
  | 'pastAlert'
> & {
  /** The mails of the last days that gave no figures, of the sources that are not polled. */
  unreadMails(account: string): Promise<readonly UnreadMails[]>;
  /** Counts of meters, and all data of the worst ones. @param figures all meters of the account if omitted */
  overview(account: string, figures?: AsyncIterable<readonly MeterFigures[]>): Promise<OverviewAnswer>;
  /** What `take` returns of each meter, worst first. @param figures all meters of the account if omitted */
  ranking<T>(account: string, take: (meter: JudgedMeter) => T, figures?: AsyncIterable<readonly MeterFigures[]>): Promise<Ranking<T>>;
  /** Whether a route gets alerts of meters; if not, they go only to the fallback. */
  isRouted(account: string): Promise<boolean>;
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
    lastPasted: (account, person) => store.lastPasted(account, person),
    pastAlert: (account, id) => store.pastAlert(account, id),
    meters: (account) => store.meters(account),
    metersById: (account, ids) => store.metersById(account, ids),
    meterOfAlert: (account, id) => store.meterOfAlert(account, id),
    figures: (account, which) => store.figures(account, which),
    metersWithoutReading: (account) => store.metersWithoutReading(account),
    namesOf: (account, source) => store.namesOf(account, source),
    unreadMails: (account) => store.unreadMails(account, new Date(parts.clock.now().getTime() - MAILS_TOLD_MS)),
    sources: (account) => store.sources(account),
    polls: (account) => store.polls(account),
    overview: (account, figures = store.figures(account)) => readOverview(parts, account, figures),
    ranking: (account, take, figures = store.figures(account)) => readRanking(parts, account, figures, take),
    isRouted: async (account) => (await store.routes(account)).some(({ meters }) => meters !== null),
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
