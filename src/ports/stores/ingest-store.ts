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

/** A source as its readings need it. */
type SourceContext = {
  readonly timeZone: string;
  readonly periodSpec: PeriodSpec | null;
  readonly expectedInterval: ExpectedInterval;
  /** People were told that it sends no figures. */
  readonly isStale: boolean;
  /** When it is looked at anyway, should nothing come any more; null: not at all. */
  readonly looksAt: Date | null;
};

/** A meter that readings speak of: what it starts as if it is new, and what the readings say of it if it is not. */
export type NewMeter = {
  readonly id: string;
  readonly initial: Pick<Meter, 'label' | 'unit' | 'decimals' | 'aliases' | 'consequence'>;
  readonly said: MeterDetails;
};

export type NewReading = Reading & { readonly meterId: string };

/** What one meter's readings led to, ready to be written. */
export type MeterDecision = {
  readonly before: MeterState;
  readonly meterState: MeterState;
  readonly alerts: readonly Alert[];
  readonly firings: readonly Firing[];
};

/** What an ingest is begun with; `arrivedAt` is the latest of the submissions that share it. */
export type IngestOpening = Pick<IngestRequest, 'account' | 'source' | 'via' | 'arrivedAt'> & { readonly limits: Limits };

/** Meters by their keys, and those that were not made because a limit was reached. */
type OpenedMeters = { readonly opened: ReadonlyMap<string, MeterState>; readonly refused: ReadonlyMap<string, LimitName> };

/** One ingest, of one source: everything between begin and commit. */
export type IngestTransaction = AccountTransaction & {
  readonly source: SourceContext;
  /** Those of the events that were not counted before. */
  rememberEvents(eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Takes events back of which nothing was counted: sent again, they are new. */
  forgetEvents(eventIds: readonly string[]): Promise<void>;
  /**
   * Makes the meters that are new, locks all of them, and loads what deciding needs, by meter key. What a clock stamped that has
   * been set back since is removed: the readings, and that anything was said for a period to come. New meters
   * beyond the limits are refused, known ones never.
   */
  openMeters(meters: ReadonlyMap<string, NewMeter>): Promise<OpenedMeters>;
  /** Of which opened meters something was removed, with the stamp of where they stood. */
  rewound(): readonly { readonly key: string; readonly stampedAt: Date }[];
  /** Makes readings ready to be stored; what it gives stores them, and returns those that were not there yet. */
  prepareReadings<R extends NewReading>(readings: readonly R[]): () => Promise<readonly R[]>;
  /** Writes standings, memories, alerts and firings; returns the firings that the once-per-period key let through. */
  saveDecisions(decisions: readonly MeterDecision[]): Promise<readonly Firing[]>;
  /**
   * Remembers how the source's figures came, and from whom if somebody pasted them.
   *
   * @param latest the meters whose latest figures are new, by id: who pasted or imported them; null when nobody did
   */
  saveIngestedBy(by: DestinationAddress | null, latest: ReadonlyMap<string, Omit<Pasted, 'over'> | null>): Promise<void>;
};

export type IngestStore = {
  /** Runs `work` in one transaction and commits it. It may be run again from its start: what the last run did and gave counts alone. */
  ingest<T>(opening: IngestOpening, work: (transaction: IngestTransaction) => Promise<T>): Promise<T>;
  /** Forgets event ids received before an instant. */
  forgetEvents(before: Date): Promise<void>;
};
