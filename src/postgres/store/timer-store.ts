import { z } from 'zod';
import { timerKinds } from '../../core/notifications/timer.ts';
import type { ImportedSource, SourceState, TimerStore } from '../../ports/stores/timer-store.ts';
import type { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './sql/account-transaction.ts';
import { lockMeter } from './action-store.ts';
import { readPeriodStatement } from './sql/period-statement.ts';
import type { Database } from './sql/database.ts';
import { divert, holdSwitches, readLastDisabledNotice, readDisabledDestination, setNotifiedReason } from './sql/destinations.ts';
import { hasDeliveredTo, purge } from './sql/purge.ts';
import { readUndeliveredEnds } from './sql/undelivered.ts';
import { ingestedByFromRow, heldFromMeter, ledgerFromRow, meterFromRow, readingFromMeter, expectedIntervalFromRow } from './sql/rows.ts';

const dueRows = z.array(z.object({ one: z.int() }));
const claimedRows = z
  .array(z.object({ account_id: z.string(), kind: z.enum(timerKinds), subject: z.string(), due_at: z.date(), time_zone: z.string() }))
  .max(1);

/**
 * Stores timers. A timer is claimed with a row lock that other processes skip, and is moved or deleted in the transaction that did
 * its work.
 */
export function createTimerStore(database: Database): TimerStore {
  return {
    async run(now, work) {
      // A sweep mostly finds nothing to do, and then opens no transaction.
      const due = dueRows.parse(
        await database.query((queries) => queries.$queryRaw`SELECT 1 AS one FROM timer WHERE due_at <= ${now} LIMIT 1`),
      );
      if (due.length === 0) return null;
      return database.transaction(async (queries) => {
        const [claimed] = claimedRows.parse(
          await queries.$queryRaw`
            SELECT timer.*, account.time_zone FROM timer JOIN account ON account.id = timer.account_id
            WHERE due_at <= ${now} ORDER BY due_at LIMIT 1 FOR UPDATE OF timer SKIP LOCKED`,
        );
        if (!claimed) return null;
        const account = { id: claimed.account_id, timeZone: claimed.time_zone };
        const { kind, subject, due_at: dueAt } = claimed;
        const transaction = createAccountTransaction(queries, account, now);
        const { nextAt, wake } = await work({
          ...transaction,
          timer: { account: account.id, kind, subject, dueAt },
          meter: (id) => lockMeter(queries, account.id, { id }),
          meterOfAlert: (id) => lockMeter(queries, account.id, { alerts: { some: { id, openTopic: { not: null } } } }),
          recordDigest: async (routeId, week, outcome) =>
            (await queries.$executeRaw`
              INSERT INTO digest_run (account_id, route_id, week, outcome, ran_at) VALUES (${account.id}, ${routeId}, ${week}, ${outcome}, ${now}) ON CONFLICT DO NOTHING`) ===
            1,
          periodStatementOf: (source) => readPeriodStatement(queries, account.id, source),
          imported: () => readImported(queries, account.id),
          async setAsked(id) {
            await queries.source.update({ where: { accountId_id: { accountId: account.id, id } }, data: { askedAt: now } });
          },
          disabledDestination: (id) => readDisabledDestination(queries, id),
          setNotifiedReason: (disabledDestination) => setNotifiedReason(queries, account.id, disabledDestination),
          lastDisabledNotice: (id) => readLastDisabledNotice(queries, account.id, id),
          undelivered: (kind) => readUndeliveredEnds(queries, account.id, kind, now),
          hasDeliveredTo: (destinations, since) => hasDeliveredTo(queries, account.id, destinations, { since, now }),
          async purge(platform) {
            await holdSwitches(queries);
            await purge(queries, account.id, platform, now);
          },
          divert: (from, to) => divert(queries, from, to, now),
          source: (id) => readSource(queries, account.id, id),
          async setStale(id, stale) {
            await queries.source.update({
              where: { accountId_id: { accountId: account.id, id } },
              data: { staleSince: stale?.since ?? null, staleThread: stale?.threadId ?? null },
            });
          },
        });
        await transaction.setTimer(kind, subject, nextAt);
        return wake;
      });
    },

    async postpone({ account, kind, subject, dueAt }, to, now) {
      await database.query((queries) =>
        queries.timer.updateMany({ where: { accountId: account, kind, subject, dueAt }, data: { dueAt: to, setAt: now } }),
      );
    },

    async nextTimerAt() {
      const next = await database.query((queries) => queries.timer.findFirst({ orderBy: { dueAt: 'asc' } }));
      return next?.dueAt ?? null;
    },
  };
}

async function readSource(queries: Prisma.TransactionClient, accountId: string, id: string): Promise<SourceState | null> {
  const row = await queries.source.findUnique({ where: { accountId_id: { accountId, id } }, include: { meters: true, poll: true } });
  return (
    row && {
      id,
      expectedInterval: expectedIntervalFromRow(row),
      firstSeenAt: row.firstSeenAt,
      problem: row.poll && ledgerFromRow(row.poll).problem,
      stale: row.staleSince && row.staleThread ? { since: row.staleSince, threadId: row.staleThread } : null,
      meters: row.meters.flatMap((meter) => {
        const reading = readingFromMeter(meter);
        return reading === null ? [] : [{ meter: meterFromRow(meter, row), reading, held: heldFromMeter(meter) }];
      }),
    }
  );
}

async function readImported(queries: Prisma.TransactionClient, accountId: string): Promise<readonly ImportedSource[]> {
  const rows = await queries.source.findMany({
    where: { accountId, poll: null, reminderStoppedBy: null, OR: [{ ingestedVia: 'import' }, { ingestedVia: null, kind: 'import' }] },
  });
  return rows.map(({ id, ingestedBy, askedAt }) => ({ id, by: ingestedByFromRow(ingestedBy), askedAt }));
}
