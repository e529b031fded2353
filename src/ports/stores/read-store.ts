import type { NamedMeter } from '../../core/vendors/known-meters.ts';
import type { MailTally } from '../../core/meters/mail.ts';
import type { PastAlert } from '../../core/alerts/alert.ts';
import type { Actor } from '../../core/audit/audit.ts';
import type { DeliveryStatus } from '../../core/notifications/delivery.ts';
import type { RecordedReading } from '../../core/meters/export.ts';
import type { MeterFigures, MeterNow } from '../../core/status/meter-status.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { Source } from '../../core/meters/source.ts';
import type { Snapshot, UndeliveredEnd } from '../../core/notifications/notification.ts';
import type { Machine } from '../../core/audit/pasted.ts';
import type { PollLedger } from '../../core/meters/poll.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { DestinationAddress, Route } from '../../core/notifications/route.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { HeldReading } from '../../core/meters/held-reading.ts';
import type { PlatformId, Person } from '../../core/text/person.ts';

/** A meter with its current reading. `held`: a later, doubtful reading that waits to be confirmed. */
export type StoredMeter = { readonly meter: Meter; readonly reading: Reading; readonly held: HeldReading | null };

export type DestinationState = {
  readonly id: string;
  readonly account: string;
  readonly kind: PlatformId;
  readonly address: string;
  readonly fallback: boolean;
  readonly routes: readonly string[];
  readonly disabledReason: string | null;
  readonly pending: number;
  /** Why the first pending delivery has not been sent yet. */
  readonly trouble: string | null;
};

/** The destinations of an account on one platform. */
export type DestinationCount = { readonly account: string; readonly kind: PlatformId; readonly pending: number; readonly disabled: number };

/** A meter with its current figures, for monitoring. What is not known is null. */
export type MeterSample = Pick<Meter, 'account' | 'source' | 'key' | 'unit' | 'decimals'> &
  Pick<Reading, 'total' | 'observedAt'> & { readonly used: bigint | null; readonly remaining: bigint | null };

/** A delivery that ended without being delivered. */
export type Undelivered = {
  readonly id: string;
  readonly place: DestinationAddress;
  readonly ended: UndeliveredEnd;
  readonly reason: string;
  readonly at: Date;
  readonly snapshot: Snapshot;
};

/**
 * The meters of a source, or the meters that typed texts may mean: those with one of the texts as a name (`named`) or anywhere in a name
 * (`holding`), and both times the meters of a source of that name. Names are the key, the label and the aliases. Case, spaces
 * and punctuation do not matter, so there may be others among them: the caller compares the names.
 */
export type WhichMeters = { readonly source: string } | { readonly named: readonly string[] } | { readonly holding: readonly string[] };

/** The mails of a source that gave no figures, by their code. */
export type UnreadMails = { readonly source: string; readonly tallies: readonly MailTally[] };

export type ReadStore = {
  timeZone(account: string): Promise<string>;
  /** The people who may change rules and routes in chat. */
  admins(account: string): Promise<readonly Person[]>;
  /**
   * What sends a source's figures automatically; only admins may paste over those. Null for a source that people paste, and for an
   * unknown source. A new name that looks like that of an existing source (other case, other spaces, letters of another script) counts
   * as that source.
   */
  machineOf(account: string, source: string): Promise<Machine | null>;
  /**
   * Whether a person may see the figures: everyone if creditwatch.yml has no `viewers`; else the viewers, admins, owners of meters and
   * approvers of sources.
   */
  mayLook(account: string, person: Person): Promise<boolean>;
  /**
   * The source whose figures a person pasted last; if they have pasted none that are still current, the one that anyone in the account
   * pasted last. Null if no current figures were pasted.
   */
  lastPasted(account: string, person: Person): Promise<string | null>;
  /** Every meter that has a reading, with its current reading, by label and source. */
  meters(account: string): Promise<readonly MeterNow[]>;
  /** Some meters, in the order of their ids. Those that do not exist or have no reading are left out. */
  metersById(account: string, ids: readonly string[]): Promise<readonly MeterNow[]>;
  /**
   * Meters that have a reading, by label and source, in parts of bounded size: an account may have 50,000, and other work gets a turn
   * between the parts.
   *
   * @param which all if omitted
   */
  figures(account: string, which?: WhichMeters): AsyncIterable<readonly MeterFigures[]>;
  /** The meters of creditwatch.yml that have no reading yet, with the names that people type. */
  metersWithoutReading(account: string): Promise<readonly Meter[]>;
  /** What the meters of a source are called, also those without a reading. */
  namesOf(account: string, source: string): Promise<readonly NamedMeter[]>;
  /** The recent consumption of some meters, with the reading it ends with, in parts of bounded size. */
  histories(account: string, ids: readonly string[]): AsyncIterable<readonly Pick<MeterNow, 'history' | 'reading'>[]>;
  /** The sources of meters that have a reading, in the order of their first label. */
  sources(account: string): Promise<readonly Source[]>;
  /** The meter of an open alert; null if the alert is not open or unknown. The id is untrusted input. */
  meterOfAlert(account: string, id: string): Promise<MeterNow | null>;
  /** The first `most` readings of a meter observed in [since, until), in the order of their observation, including late ones. */
  readings(meterId: string, since: Date, until: Date, most?: number): Promise<readonly RecordedReading[]>;
  /** The last `most` readings observed before an instant, oldest first, from which the next change is computed. */
  readingsBefore(meterId: string, at: Date, most: number): Promise<readonly RecordedReading[]>;
  rules(account: string): Promise<readonly Rule[]>;
  /** Alerts that ended since an instant, latest first. */
  pastAlerts(account: string, since: Date): Promise<readonly PastAlert[]>;
  /** Deliveries that ended without being delivered since an instant, latest first. */
  undelivered(account: string, since: Date): Promise<readonly Undelivered[]>;
  /** A past alert by id; null if it is open or unknown. The id is untrusted input. */
  pastAlert(account: string, id: string): Promise<PastAlert | null>;
  routes(account: string): Promise<readonly Route[]>;
  /** The poll results of an account's sources, or of all accounts. */
  polls(account?: string): Promise<readonly PollLedger[]>;
  /** The mails since an instant that gave no figures, of the sources that are not polled. */
  unreadMails(account: string, since: Date): Promise<readonly UnreadMails[]>;
  /** The meters of an account, as `source/key`, whose total a person stated in chat. */
  statedTotals(account: string): Promise<ReadonlySet<string>>;
  /** The destinations of all accounts. */
  destinations(): Promise<readonly DestinationState[]>;
  /** How many deliveries are pending and how many destinations are disabled, of all accounts. */
  destinationCounts(): Promise<readonly DestinationCount[]>;
  /** The figures of all meters of all accounts that have a reading, in parts of bounded size. */
  samples(): AsyncIterable<readonly MeterSample[]>;
  accounts(): Promise<readonly string[]>;
  /** The latest snapshot of an open alert; null if there is none. */
  lastNotified(account: string): Promise<Snapshot | null>;
  ping(): Promise<void>;
};

/** The present content of a posted message: its snapshots, with the people they mention. */
export type CurrentMessageStore = {
  /** Empty if no delivery of the account posted the message. */
  currentMessageAt(
    account: string,
    kind: PlatformId,
    messageRef: string,
  ): Promise<readonly { readonly snapshot: Snapshot; readonly mentions: readonly Person[]; readonly timeZone: string }[]>;
};

export type TestStore = {
  /** Stores a test notification with one delivery, and enables the destination. */
  addTest(
    destinationId: string,
    route: string,
    ids: { readonly notification: string; readonly delivery: string },
    how: { readonly actor: Actor; readonly now: Date },
  ): Promise<void>;
  deliveryResult(
    deliveryId: string,
  ): Promise<{ readonly status: DeliveryStatus; readonly reason: string | null; readonly disabledReason: string | null } | null>;
};
