import { MAILS_SEARCHED_MS, noticeOutcome, type MailOutcome, type PostedNotice } from '../../core/meters/mail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ingest } from '../../ports/inbound/ingest.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { MailStore } from '../../ports/stores/mail-store.ts';

const ROUND_EVERY_MS = 60_000;
/** Of one round; the others wait for the next one. */
const MOST_TRIED = 50;

/** The total that the file states now for a meter; null if it states none, undefined if it has no such meter that mails are posted for. */
export type StatedInFile = (account: string, source: string, meter: string) => number | null | undefined;

/**
 * Ingests notices of posted mails again that wait for a total, until it is known, for as long as a mailbox is searched back. So a mail
 * counts the same on whatever way it came, and need not be sent again. Several processes may do so: the event ID of a notice counts once.
 */
export function createWaitingNotices(options: {
  readonly store: Pick<MailStore, 'waiting' | 'remember'>;
  readonly ingest: Ingest;
  readonly statedInFile: StatedInFile;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
  readonly everyMs?: number | undefined;
}): { run(): Promise<void>; runRound(): Promise<void> } {
  const { store, ingest, statedInFile, clock, log, metrics, signal, everyMs = ROUND_EVERY_MS } = options;

  return {
    /** Runs a round every minute until the signal aborts. */
    async run() {
      let failing = false;
      while (!signal.aborted) {
        try {
          await runRound();
          if (failing) log.info({}, 'waiting notices recovered');
          failing = false;
        } catch (error) {
          if (!failing) log.error({ error, retryEveryMs: everyMs }, 'waiting notices failed, retrying');
          failing = true;
        }
        await clock.sleep(everyMs, signal);
      }
    },
    runRound,
  };

  async function runRound(): Promise<void> {
    const since = new Date(clock.now().getTime() - MAILS_SEARCHED_MS);
    for (const { account, source, digest, sentAt, notice } of await store.waiting(since, MOST_TRIED)) {
      if (signal.aborted) return;
      const arrivedAt = clock.now();
      const outcome = await tryAgain(account, source, notice, arrivedAt);
      const waits = outcome === 'total-missing' && { notice };
      await store.remember(account, source, [{ digest, outcome, sentAt, ...waits }], arrivedAt);
      if (!waits) log.info({ account, source, mail: digest.slice(0, 12), outcome }, 'waiting notice decided');
    }
  }

  async function tryAgain(account: string, source: string, { eventId, reading }: PostedNotice, arrivedAt: Date): Promise<MailOutcome> {
    const { statedTotal: _before, ...figures } = reading;
    const stated = statedInFile(account, source, String(reading['meter']));
    // Its meter or its source is no longer in the file, and may come back.
    if (stated === undefined) return 'total-missing';
    const readings = [stated === null ? figures : { ...figures, statedTotal: stated }];
    const report = await ingest({ account, source, via: 'push', eventId, arrivedAt, readings, isNotice: true });
    metrics.ingested({ accepted: report.accepted, duplicates: report.duplicates, rejected: report.rejected.length });
    return noticeOutcome(report).outcome;
  }
}
