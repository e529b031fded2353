import type { NamedMeter } from '../../core/vendors/known-meters.ts';
import type { Alert } from '../../core/alerts/alert.ts';
import type { Meter, MeterDetails } from '../../core/meters/meter.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { LimitName, Limits } from '../../core/meters/limits.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Pasted } from '../../core/audit/pasted.ts';
import type { ExpectedInterval } from '../../core/status/staleness.ts';
import type { Firing, MeterState } from '../../core/alerts/evaluate.ts';
import type { AccountTransaction } from './account-transaction.ts';
import type { IngestRequest } from '../inbound/ingest.ts';

/** The part of a source that ingesting its readings needs. */
type SourceContext = {
  readonly timeZone: string;
  readonly periodSpec: PeriodSpec | null;
  readonly expectedInterval: ExpectedInterval;
  /** True if the source was reported as stale. */
  readonly isStale: boolean;
  /** When the staleness of the source is checked next; null if it is not. */
  readonly looksAt: Date | null;
};

/** A meter named by readings. `initial`: its values if it is new. `details`: those in the readings, which update a known meter. */
export type NewMeter = {
  readonly id: string;
  readonly initial: Pick<Meter, 'label' | 'unit' | 'decimals' | 'aliases' | 'consequence'>;
  readonly details: MeterDetails;
};

export type NewReading = Reading & { readonly meterId: string };

/** The decision for the readings of one meter, ready to be saved. */
export type MeterDecision = {
  readonly before: MeterState;
  readonly meterState: MeterState;
  readonly alerts: readonly Alert[];
  readonly firings: readonly Firing[];
};

/**
 * The parameters of an ingest. `arrivedAt`: the latest arrival of the submissions that share it. `keys`: all meters that they name.
 * `readings`: how many readings they have.
 */
export type IngestOpening = Pick<IngestRequest, 'account' | 'source' | 'via' | 'arrivedAt'> & {
  readonly limits: Limits;
  readonly keys: readonly string[];
  readonly readings: number;
};

/** The opened meters by key, and the new meters that were refused because a limit is reached. */
type OpenedMeters = { readonly opened: ReadonlyMap<string, MeterState>; readonly refused: ReadonlyMap<string, LimitName> };

/**
 * The transaction that ingests readings of one source.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer; the transaction is rolled back.
 */
export type IngestTransaction = AccountTransaction & {
  readonly source: SourceContext;
  /** Stores event ids and returns those that are new. */
  rememberEvents(eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Deletes event ids of which no reading was counted, so that a repeated event counts as new. */
  forgetEvents(eventIds: readonly string[]): Promise<void>;
  /**
   * Creates the new meters, locks all of them, and loads their states, by meter key. Readings and firings with times ahead of the
   * clock, written before the clock was set back, are deleted. New meters beyond the limits are refused; known meters never are.
   */
  openMeters(meters: ReadonlyMap<string, NewMeter>): Promise<OpenedMeters>;
  /** The opened meters from which readings were deleted, each with the time of its former current reading. */
  rewound(): readonly { readonly key: string; readonly stampedAt: Date }[];
  /** Prepares readings for the insert. The returned function inserts them and returns those that were new. */
  prepareReadings<R extends NewReading>(readings: readonly R[]): () => Promise<readonly R[]>;
  /** Saves meter states, rule states, alerts and firings. Returns the firings that the once-per-period key accepts. */
  saveDecisions(decisions: readonly MeterDecision[]): Promise<readonly Firing[]>;
  /**
   * Stores how the source's figures arrived, and who pasted them, if a person did.
   *
   * @param latest the meters that got a new current reading, by id, with the person who pasted or imported it; null if no person did
   */
  saveIngestedBy(by: DestinationAddress | null, latest: ReadonlyMap<string, Omit<Pasted, 'over'> | null>): Promise<void>;
};

export type IngestStore = {
  /** What the meters of a source are called, also those without a reading. */
  namesOf(account: string, source: string): Promise<readonly NamedMeter[]>;
  /**
   * Runs `work` in one transaction and commits it. After a deadlock `work` runs again from its start; only the effects and the result
   * of the last run count.
   *
   * @throws {StoreUnavailable} if the database does not answer; nothing was committed
   */
  ingest<T>(opening: IngestOpening, work: (transaction: IngestTransaction) => Promise<T>): Promise<T>;
  /** Deletes event ids received before an instant. */
  forgetEvents(before: Date): Promise<void>;
};
