import { followAnswer, type Drift } from '../../core/meters/drift.ts';
import { isWorthTelling } from '../../core/meters/drift-cause.ts';
import { nextPollAt, type PollOutcome, type PollProblem } from '../../core/meters/poll.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ingest, IngestReport, IngestRequest } from '../../ports/inbound/ingest.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PollLease, PollStore } from '../../ports/stores/poll-store.ts';
import type { PolledMails, Poller } from '../../ports/outbound/poller.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import { driftProblem } from '../../messages/text/drift.ts';
import { POLL_PROBLEMS, rejectedReadingsText } from '../../messages/text/poll-failure.ts';

/** Longer than a request, an evaluation and a commit together. */
const LEASE_MS = 45_000;
/** The retry delay for a source that this process does not know; a process started from another file may know it. */
const UNKNOWN_AGAIN_MS = 60_000;

export type Poll = (pollId: string) => Promise<void>;

/**
 * Creates the poll, which requests one due source and ingests its figures like other readings. Polls may be called concurrently for one
 * source, here and in other processes; one works and the others return.
 *
 * @throws {StoreUnavailable} from the poll, if the database does not answer
 */
export function createPoll(options: {
  readonly store: PollStore;
  readonly poller: Poller;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Identifies this process in the lease. */
  readonly owner: string;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborts when the service stops. A running request is cancelled and is due again as soon as the vendor allows. */
  readonly signal: AbortSignal;
}): Poll {
  const { store, poller, ingest, clock, log, metrics, owner, random, signal } = options;

  return async (pollId) => {
    if (signal.aborted) return;
    const lease = await store.claimPoll(pollId, owner, clock.now(), LEASE_MS);
    if (lease === null) return;
    const { account, source } = lease;
    const pace = poller.paceOf(account, source);
    const outcome = pace && (await ask(lease));
    if (signal.aborted) return store.releasePoll(lease, pace?.leastGapMs ?? 0);
    const at = clock.now();
    if (pace === null || outcome === null) {
      log.warn({ account, source }, 'poll skipped: source not in the creditwatch.yml of this process');
      await store.finishPoll(lease, {
        at,
        nextAt: new Date(at.getTime() + UNKNOWN_AGAIN_MS),
        succeeded: false,
        problem: POLL_PROBLEMS['source-unknown'],
        drift: null,
      });
      return;
    }
    const shape = outcome.outcome === 'mails' ? ({ kind: 'reached' } as const) : outcome.shape;
    const drift = followAnswer(lease.drift, shape, { at, everyMs: pace.everyMs });
    const taken = await takeOutcome(lease, outcome, { drift, at });
    const { succeeded } = taken;
    const problem =
      taken.problem ??
      driftProblem(
        source,
        drift.causes.filter((cause) => isWorthTelling(cause, pace.everyMs)),
      );
    const nextAt = nextPollAt(outcome, pace, { failures: lease.failures + 1, now: at, random: random() });
    await store.finishPoll(lease, { at, nextAt, succeeded, problem, drift });
    metrics.polled({ account, source, succeeded });
    if (problem === null) log.info({ account, source, nextAt }, 'poll succeeded');
    else
      log.warn(
        { account, source, reason: problem.reason, remedy: problem.remedy, failures: lease.failures + 1, nextAt },
        'poll failed or incomplete',
      );
  };

  async function takeOutcome(
    lease: PollLease,
    outcome: PollOutcome | PolledMails,
    { drift, at }: { readonly drift: Drift; readonly at: Date },
  ): Promise<Taken> {
    switch (outcome.outcome) {
      case 'failed':
        return { succeeded: false, problem: outcome.problem };
      case 'mails':
        return takeMails(lease, outcome, at);
      case 'understood':
        return take(lease, { ...outcome, readings: countable(outcome.readings, drift) }, at);
    }
  }

  /** A mailbox without new mails is a success: vendors write rarely. */
  async function takeMails({ account, source }: PollLease, { mails, settle }: PolledMails, arrivedAt: Date): Promise<Taken> {
    const reports: IngestReport[] = [];
    for (const { eventId, reading } of mails)
      reports.push(await ingestCounted({ account, source, via: 'poll', eventId, arrivedAt, readings: [reading], isNotice: true }));
    return { succeeded: true, problem: await settle(reports) };
  }

  async function ask({ account, source }: PollLease): Promise<PollOutcome | PolledMails | null> {
    try {
      return await poller.poll(account, source, signal);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // A bug must not delay the other sources.
      log.error({ error, account, source }, 'poll crashed');
      return { outcome: 'failed', shape: { kind: 'unknown' }, problem: POLL_PROBLEMS.crashed, passing: true, retryAfterMs: null };
    }
  }

  async function take(
    { account, source }: PollLease,
    { readings, problem }: Extract<PollOutcome, { outcome: 'understood' }>,
    arrivedAt: Date,
  ): Promise<Taken> {
    const report = await ingestCounted({ account, source, via: 'poll', eventId: null, arrivedAt, readings });
    return { succeeded: report.accepted + report.duplicates > 0, problem: rejectedBecause(report, readings, source, problem) };
  }

  async function ingestCounted(request: IngestRequest): Promise<IngestReport> {
    const report = await ingest(request);
    metrics.ingested({ accepted: report.accepted, duplicates: report.duplicates, rejected: report.rejected.length });
    return report;
  }
}

type Taken = { readonly succeeded: boolean; readonly problem: PollProblem | null };

/** Leaves out figures that must not count, and adds the last known period where its expression no longer fits. */
function countable(readings: readonly unknown[], { withheld, periods }: Drift): readonly unknown[] {
  if (withheld.size === 0 && periods.size === 0) return readings;
  return readings.flatMap((reading) => {
    const meter = meterOf(reading) ?? '';
    const period = periods.get(meter);
    if (withheld.has(meter)) return [];
    if (period === undefined || typeof reading !== 'object') return [reading];
    return [{ ...reading, period: { start: period.start.toISOString(), end: period.end.toISOString() } }];
  });
}

/** Adds the reasons of rejected readings to the problem of a poll. */
function rejectedBecause(
  { rejected }: IngestReport,
  readings: readonly unknown[],
  source: string,
  problem: PollProblem | null,
): PollProblem | null {
  if (rejected.length === 0) return problem;
  const named = rejected.map(({ index, reason }) => ({ meter: meterOf(readings[index]), reason }));
  return rejectedReadingsText(named, source, problem);
}

/** The meter that a reading names; null if it names none. */
function meterOf(reading: unknown): string | null {
  return typeof reading === 'object' && reading !== null && 'meter' in reading ? String(reading.meter) : null;
}
