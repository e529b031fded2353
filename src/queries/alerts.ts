import type { Alert, PastAlert } from '../core/alerts/alert.ts';
import type { MeterNow } from '../core/status/meter-status.ts';
import { DAY_MS } from '../core/time/local-time.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore, Undelivered } from '../ports/stores/read-store.ts';

const RECENT_MS = 7 * DAY_MS;

/** Open alerts, those that closed this week, and what was not delivered in that time. */
export type AlertsAnswer = {
  readonly open: readonly { readonly now: MeterNow; readonly alert: Alert }[];
  /** Latest first. */
  readonly closed: readonly PastAlert[];
  readonly undelivered: readonly Undelivered[];
  /** Of the account. */
  readonly timeZone: string;
  readonly asOf: Date;
};

/**
 * Reads the alerts of an account.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readAlerts(
  { store, clock }: { readonly store: ReadStore; readonly clock: Clock },
  account: string,
): Promise<AlertsAnswer> {
  const asOf = clock.now();
  const since = new Date(asOf.getTime() - RECENT_MS);
  const [meters, closed, undelivered, timeZone] = await Promise.all([
    store.meters(account),
    store.pastAlerts(account, since),
    store.undelivered(account, since),
    store.timeZone(account),
  ]);
  return { open: meters.flatMap((now) => now.alerts.map((alert) => ({ now, alert }))), closed, undelivered, timeZone, asOf };
}
