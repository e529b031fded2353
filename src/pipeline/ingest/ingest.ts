import { isTerminal } from '../../core/notifications/route.ts';
import { limitsInChat, USUAL_LIMITS, type Limits } from '../../core/meters/limits.ts';
import type { MeterDetails } from '../../core/meters/meter.ts';
import { inZone } from '../../core/meters/reading.ts';
import { bindRules, type BoundRule } from '../../core/rules/registry.ts';
import { currentForMs, staleFrom, usuallyCurrentForMs } from '../../core/status/staleness.ts';
import { describeMeter } from '../../core/vendors/describe.ts';
import { withKnownKeys } from '../../core/vendors/known-meters.ts';
import { beyondLimit } from '../../messages/replies/limits.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Ingest, IngestReport, IngestRequest } from '../../ports/inbound/ingest.ts';
import type { Log } from '../../ports/log.ts';
import type { IngestOpening, IngestStore, IngestTransaction, NewMeter } from '../../ports/stores/ingest-store.ts';
import { checkEach, type Checked } from './check-request.ts';
import { announcementsOf, type Decided } from './decide.ts';
import { notifyOfResets } from './notify-of-resets.ts';
import { latestOf, recordImports } from './record-import.ts';
import { createNotifications } from '../notify/create-notifications.ts';
import { eventsWithoutEffect, reportsOf } from './reports.ts';
import { isForOneTransaction, joinedReport, shareOfTransaction, splitRequest } from './split-request.ts';
import { storeAndEvaluate, type IndexedDraft, type SubmittedReading } from './store-and-evaluate.ts';
import { createBatcher } from '../../async/batcher.ts';

type Committed = { readonly report: IngestReport; readonly woken: readonly string[] };

/**
 * Creates the ingest: it validates readings, stores them, evaluates them and stores the resulting notifications in one transaction,
 * which concurrent submissions share; a large submission takes several. Destinations are woken after the commit, so a lost wake costs
 * seconds and a failed commit leaves nothing behind.
 *
 * @throws {StoreUnavailable} from the ingest, if the database does not answer; nothing was committed, unless `isStoredInPart` is set
 */
export function createIngest(options: {
  readonly store: IngestStore;
  readonly log: Log;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
  /** The limits of an account. */
  readonly limits?: (account: string) => Limits;
}): Ingest {
  const { store, log, newId, wake, limits = () => USUAL_LIMITS } = options;
  const commit = createBatcher<Checked, Committed>({
    atOnce: AT_ONCE,
    most: 1,
    sizeOf: shareOfTransaction,
    groupOf: ({ submission: { account, source, via } }) => JSON.stringify([account, source, via]),
    // Submissions that took too long together are tried alone, until one takes too long again.
    failsAll: (error) => error instanceof StoreUnavailable && !error.tookTooLong,
    failsRest: (error) => error instanceof StoreUnavailable,
    run: (batch) => commitAll(batch).catch((error: unknown) => fail(batch, error)),
  });

  return async (given) => {
    // People write the names that a page shows; programs name the keys of meters.
    const isWritten = given.via === 'import' && given.areKeys !== true && given.readings.length > 0;
    const readings = isWritten
      ? withKnownKeys(given.source, given.readings, await store.namesOf(given.account, given.source))
      : given.readings;
    const submission = { ...given, readings };
    const checked = checkEach(submission);
    if (checked.drafts.length === 0) {
      const report = { accepted: 0, duplicates: 0, rejected: checked.rejected };
      logIngested(submission, [report]);
      return report;
    }
    if (!isForOneTransaction(checked)) return joinedReport(checked.rejected, await commitLists(splitRequest(checked)));
    const { report, woken } = await commit(checked);
    for (const destinationId of woken) wake(destinationId);
    return report;
  };

  /**
   * Commits the parts of one submission: lists at the same time, because one is prepared while the database works on another, and the
   * parts of a list one after the other. After a failure no further part is started. Destinations are woken at the end, because the
   * sender waits for the answer.
   */
  async function commitLists(lists: readonly (readonly Checked[])[]): Promise<readonly IngestReport[]> {
    const reports: IngestReport[] = [];
    const toWake = new Set<string>();
    const failures: unknown[] = [];
    const waiting = [...lists];
    const work = async (): Promise<void> => {
      for (let list = waiting.shift(); list !== undefined; list = waiting.shift()) {
        for (const part of list) {
          if (failures.length > 0) return;
          const { report, woken } = await commit(part);
          reports.push(report);
          for (const destinationId of woken) toWake.add(destinationId);
        }
      }
    };
    const lanes = Array.from({ length: AT_ONCE }, () => work().catch((error: unknown) => void failures.push(error)));
    await Promise.all(lanes);
    for (const destinationId of toWake) wake(destinationId);
    if (failures.length > 0) throw reports.length === 0 ? failures[0] : partly(failures[0]);
    return reports;
  }

  /** Commits submissions of one source in one transaction. Destinations are woken with the first, because one wake is enough. */
  async function commitAll(batch: readonly Checked[]): Promise<readonly Committed[]> {
    const opening = openingOf(batch, limits);
    const { reports, woken } = await store.ingest(opening, async (transaction) => {
      const counted = await onlyNew(batch, transaction);
      const drafts = inOrder(
        counted.flatMap((one) => one.drafts),
        transaction.account.timeZone,
      );
      const { opened: meters, refused: beyond } = await transaction.openMeters(describedMeters(opening.source, drafts, newId));
      if (beyond.size > 0)
        log.warn(
          { source: opening.source, rejected: beyond.size, limits: [...new Set(beyond.values())] },
          'new meters rejected: limit reached',
        );
      const rules = bindRules(await transaction.rules());
      const by = { rules, timeZone: transaction.account.timeZone, now: opening.arrivedAt, judgesFrom: judgesFrom(opening), newId };
      const whyNot = (meter: string): string | null => {
        const limit = beyond.get(meter);
        return limit === undefined ? null : beyondLimit(limit, { ...opening, meter });
      };
      const { added, refused, decided } = await storeAndEvaluate(drafts, meters, transaction, { cuts: opening.via === 'poll', by, whyNot });
      const announcements = announcementsOf(decided, await transaction.saveDecisions(decided));
      const after = new Map(decided.map(({ meterState }) => [meterState.meter.id, meterState]));
      const woken = await createNotifications(transaction, { announcements, meters: after, now: opening.arrivedAt, newId });
      if (added.length > 0) {
        await scheduleStalenessCheck(transaction, opening, { decided, rules });
        await transaction.saveIngestedBy(
          batch.findLast(({ submission }) => submission.by !== undefined)?.submission.by ?? null,
          latestOf(opening, decided, added),
        );
      }
      const toOperations = await notifyOfResets(transaction, opening, { decided, newId });
      for (const { key, stampedAt } of transaction.rewound()) log.warn({ meter: key, stampedAt }, 'future readings removed');
      for (const { announcements: said, meterState } of decided) {
        for (const { change, alert } of said)
          log.info({ alert: alert.id, meter: meterState.meter.key, change, severity: alert.severity }, 'alert decided');
      }
      const reports = reportsOf(batch, added, refused);
      if (opening.via === 'import') await recordImports(transaction, batch, reports);
      await transaction.forgetEvents(eventsWithoutEffect(counted, batch, reports));
      return { reports, woken: [...woken, ...toOperations] };
    });
    logIngested(opening, reports);
    return reports.map((report, index) => ({ report, woken: index === 0 ? [...new Set(woken)] : [] }));
  }

  /** Logs the size of what took too long: the sender only reads that it has to try again. */
  function fail(batch: readonly Checked[], error: unknown): never {
    if (error instanceof StoreUnavailable && error.tookTooLong) {
      const { account, source, via, keys, readings } = openingOf(batch, limits);
      log.error({ error, account, source, via, submissions: batch.length, readings, meters: keys.length }, 'ingest took too long');
    }
    throw error;
  }

  /** Logs one line per transaction, because under load there are thousands of submissions per second. */
  function logIngested(
    { account, source, via }: Pick<IngestRequest, 'account' | 'source' | 'via'>,
    reports: readonly IngestReport[],
  ): void {
    const sum = (count: (report: IngestReport) => number) => reports.reduce((total, report) => total + count(report), 0);
    log.info(
      {
        account,
        source,
        via,
        submissions: reports.length,
        accepted: sum((one) => one.accepted),
        duplicates: sum((one) => one.duplicates),
        rejected: sum((one) => one.rejected.length),
      },
      'readings ingested',
    );
  }
}

/** Two transactions at a time: while one waits for the database, the next is prepared. */
const AT_ONCE = 2;

/** The parts of a submission that were stored stay stored, and count as duplicates when it is sent again. */
function partly(error: unknown): unknown {
  if (!(error instanceof StoreUnavailable)) return error;
  return new StoreUnavailable(error.problem, { cause: error, tookTooLong: error.tookTooLong, isStoredInPart: true });
}

function openingOf(batch: readonly Checked[], limits: (account: string) => Limits): IngestOpening {
  const [first] = batch;
  if (!first) throw new Error('nothing to commit');
  const { account, source, via } = first.submission;
  const arrivedAt = new Date(Math.max(...batch.map(({ submission }) => submission.arrivedAt.getTime())));
  const isChat = batch.every(({ submission: { actor } }) => actor !== undefined && !isTerminal(actor.platform));
  const keys = [...new Set(batch.flatMap(({ drafts }) => drafts.map(({ draft }) => draft.meter)))];
  const readings = batch.reduce((sum, { drafts }) => sum + drafts.length, 0);
  return { account, source, via, arrivedAt, keys, readings, limits: isChat ? limitsInChat(limits(account)) : limits(account) };
}

/**
 * From when on readings are evaluated. An import records the past and should not alert about it: its figures stay current for a time, and
 * older ones are not evaluated. Nor is a notice whose period was over when it came.
 */
function judgesFrom({ via, arrivedAt }: IngestOpening): (reading: SubmittedReading) => Date | null {
  const always = via === 'import' ? new Date(arrivedAt.getTime() - usuallyCurrentForMs({ kind: 'import', everyMs: null })) : null;
  return ({ of, period }) => (of.isNotice === true && period !== null && period.end <= arrivedAt ? arrivedAt : always);
}

/** Leaves out submissions whose event was counted before, or is repeated in this batch. */
async function onlyNew(batch: readonly Checked[], transaction: IngestTransaction): Promise<readonly Checked[]> {
  const fresh = new Set(await transaction.rememberEvents(batch.flatMap(({ submission: { eventId } }) => eventId ?? [])));
  return batch.filter(({ submission: { eventId } }) => eventId === null || fresh.delete(eventId));
}

/** A timer further away than this cannot run before the current ingest commits. */
const LONGER_THAN_AN_INGEST_MS = 5 * 60_000;

/** Sets when the staleness of the source is checked; at once if it was stale. */
async function scheduleStalenessCheck(
  transaction: IngestTransaction,
  { source, arrivedAt }: IngestOpening,
  { decided, rules }: { readonly decided: readonly Decided[]; readonly rules: readonly BoundRule[] },
): Promise<void> {
  const { expectedInterval, isStale, looksAt } = transaction.source;
  if (isStale) return transaction.hastenTimer('staleness', source, arrivedAt);
  const staleAt = decided.flatMap(({ meterState: { meter, current } }) =>
    current ? [staleFrom(current.reading, currentForMs(expectedInterval, meter, rules), current.held).getTime()] : [],
  );
  // Times in the past are skipped: imported history is known to be old.
  const next = Math.min(...staleAt.filter((at) => at > arrivedAt.getTime()));
  // This runs in every transaction, and in most a timer is already set early enough.
  if (looksAt !== null && looksAt.getTime() <= next && looksAt.getTime() > arrivedAt.getTime() + LONGER_THAN_AN_INGEST_MS) return;
  if (Number.isFinite(next)) await transaction.hastenTimer('staleness', source, new Date(next));
}

/** The meters of the readings. Of several descriptions of one meter, the latest counts. */
function describedMeters(source: string, drafts: readonly IndexedDraft[], newId: () => string): ReadonlyMap<string, NewMeter> {
  const said = new Map<string, MeterDetails>();
  for (const {
    draft: { meter, details },
  } of drafts) {
    const known = said.get(meter);
    if (known === undefined || details.label !== undefined || details.unit !== undefined || details.decimals !== undefined)
      said.set(meter, { ...known, ...details });
  }
  return new Map([...said].map(([key, details]) => [key, { id: newId(), initial: describeMeter(source, key, details), details }]));
}

/** Sorts by observation, then by arrival. Days are those of the account's time zone. */
function inOrder(drafts: readonly IndexedDraft[], timeZone: string): readonly IndexedDraft[] {
  const placed = drafts.map((one) => (one.draft.day === null ? one : { ...one, draft: inZone(one.draft, timeZone) }));
  return placed.sort((a, b) => a.draft.observedAt.getTime() - b.draft.observedAt.getTime());
}
