import { z } from 'zod';
import { keyExpirySchema, toldExpirySchema } from '../../core/meters/key-expiry.ts';
import { timerKinds, type Timer, type TimerKind } from '../../core/notifications/timer.ts';
import type { ImportedSource, SourceState, TimerResult, TimerStore, TimerTransaction } from '../../ports/stores/timer-store.ts';
import { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './sql/account-transaction.ts';
import { lockMeter, ofOpenAlert } from './action-store.ts';
import { readPeriodStatement } from './sql/period-statement.ts';
import type { Database } from './sql/database.ts';
import { decodeCauses, decodeTold, encodeTold } from './sql/drift.ts';
import { divert, holdSwitches, readLastDisabledNotice, readDisabledDestination, setNotifiedReason } from './sql/destinations.ts';
import { hasDeliveredTo, purge } from './sql/purge.ts';
import { readUndeliveredEnds } from './sql/undelivered.ts';
import { HAS_OPEN_ALERT } from './sql/digest.ts';
import { holdMeters } from './sql/hold-meters.ts';
import type { Queries } from './sql/queries.ts';
import { figureRows, FIGURE_COLUMNS, heldFromMeter, meterFromRow, readingFromMeter } from './sql/meter-rows.ts';
import { ingestedByFromRow, pollProblemFromRow } from './sql/rows.ts';

const headRows = z.array(z.object({ account_id: z.string(), kind: z.enum(timerKinds), time_zone: z.string() })).max(1);
const dueRows = z.array(z.object({ subject: z.string() }));
const claimedRows = z.array(z.object({ subject: z.string(), due_at: z.date() }));

/**
 * Stores timers. Timers are claimed with row locks that other processes skip, and are moved or deleted in the transaction that did
 * their work.
 */
export function createTimerStore(database: Database): TimerStore {
  return {
    async run(now, most, work) {
      // Outside of a transaction: a sweep mostly finds nothing to do. The lock only leaves out what another process works on.
      const [head] = headRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT account_id, kind, time_zone FROM timer JOIN account ON account.id = timer.account_id
            WHERE due_at <= ${now} ORDER BY due_at LIMIT 1 FOR UPDATE OF timer SKIP LOCKED`,
        ),
      );
      if (!head) return null;
      const account = { id: head.account_id, timeZone: head.time_zone };
      const { kind } = head;
      return database.transaction(async (queries) => {
        const due = dueRows.parse(
          await queries.rows`
            SELECT subject FROM timer WHERE account_id = ${account.id} AND kind = ${kind} AND due_at <= ${now}
            ORDER BY due_at LIMIT ${most(kind, account.id)}::int`,
        );
        const subjects = due.map(({ subject }) => subject);
        const meters = metersOf(account.id, kind, subjects);
        if (meters !== null) await holdMeters(queries, meters);
        const claimed = claimedRows.parse(
          await queries.rows`
            SELECT subject, due_at FROM timer WHERE account_id = ${account.id} AND kind = ${kind} AND subject = ANY(${subjects}::text[]) AND due_at <= ${now}
            ORDER BY due_at FOR UPDATE SKIP LOCKED`,
        );
        // Another process took them meanwhile.
        if (claimed.length === 0) return [];
        const timers = claimed.map(({ subject, due_at: dueAt }): Timer => ({ account: account.id, kind, subject, dueAt }));
        const transaction = {
          ...createAccountTransaction(queries, account, now),
          meter: (id) => lockMeter(queries, account.id, Prisma.sql`id = ${id}::uuid`, now),
          meterOfAlert: (id) => lockMeter(queries, account.id, ofOpenAlert(id), now),
          recordDigest: async (routeId, week, outcome) =>
            (await queries.run`
              INSERT INTO digest_run (account_id, route_id, week, outcome, ran_at) VALUES (${account.id}, ${routeId}, ${week}, ${outcome}, ${now}) ON CONFLICT DO NOTHING`) ===
            1,
          periodStatementOf: (source) => readPeriodStatement(queries, account.id, source),
          imported: () => readImported(queries, account.id),
          async setAsked(id, before) {
            const changed = await queries.run`
              UPDATE source SET asked_at = ${now} WHERE account_id = ${account.id} AND id = ${id} AND asked_at IS NOT DISTINCT FROM ${before}::timestamptz`;
            return changed === 1;
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
          divert: (from, to, reason) => divert(queries, { from, to, reason, now }),
          source: (id) => readSource(queries, account.id, id),
          async setStale(id, stale) {
            await queries.run`
              UPDATE source SET stale_since = ${stale?.since ?? null}, stale_thread = ${stale?.threadId ?? null}::uuid WHERE account_id = ${account.id} AND id = ${id}`;
          },
          async setToldProblems(id, told) {
            await queries.run`UPDATE source SET told_problems = ${encodeTold(told)}::jsonb WHERE account_id = ${account.id} AND id = ${id}`;
          },
          keyExpiryOf: (id) => readKeyExpiry(queries, account.id, id),
          async setKeyExpiryTold(id, told) {
            await queries.run`
              UPDATE source SET key_expiry_told = ${JSON.stringify(told)}::jsonb WHERE account_id = ${account.id} AND id = ${id}`;
          },
        } satisfies TimerTransaction;
        const results = await work(timers.length > 1 ? readingOnce(transaction) : transaction, timers);
        await setTimers(queries, timers, results, now);
        return [...new Set(results.flatMap(({ wake }) => wake))];
      });
    },

    async postpone({ account, kind, subject, dueAt }, to, now) {
      await database.query(
        (queries) => queries.run`
          UPDATE timer SET due_at = ${to}, set_at = ${now} WHERE account_id = ${account} AND kind = ${kind} AND subject = ${subject} AND due_at = ${dueAt}`,
      );
    },

    async nextTimerAt() {
      const [next] = nextRows.parse(
        await database.query((queries) => queries.rows`SELECT due_at AS "dueAt" FROM timer ORDER BY due_at LIMIT 1`),
      );
      return next?.dueAt ?? null;
    },
  };
}

/** Selects the meters that timers are about, to be locked before the timers; null for kinds that change no meter. */
function metersOf(accountId: string, kind: TimerKind, subjects: readonly string[]): Prisma.Sql | null {
  switch (kind) {
    case 'announce-open-alerts':
      return Prisma.sql`account_id = ${accountId} AND ${HAS_OPEN_ALERT}`;
    case 'renotify':
      return Prisma.sql`id IN (SELECT meter_id FROM alert WHERE alert.id = ANY(${[...subjects]}::uuid[]))`;
    case 'snooze-end':
    case 'rules-changed':
      return Prisma.sql`id = ANY(${[...subjects]}::uuid[])`;
    default:
      return null;
  }
}

/** Reads what several timers need once. A destination that one of them creates is found by the next. */
function readingOnce(transaction: TimerTransaction): TimerTransaction {
  const once = <T>(read: () => Promise<T>) => {
    let answer: Promise<T> | null = null;
    return { read: () => (answer ??= read()), forget: () => (answer = null) };
  };
  const [rules, routes, meters] = [once(() => transaction.rules()), once(() => transaction.routes()), once(() => transaction.meters())];
  const [destinations, operations] = [once(() => transaction.destinations()), once(() => transaction.operations())];
  return {
    ...transaction,
    rules: rules.read,
    routes: routes.read,
    meters: meters.read,
    destinations: destinations.read,
    operations: operations.read,
    async destination(address) {
      destinations.forget();
      return transaction.destination(address);
    },
  };
}

/** Sets the next due times of timers, and deletes those that have none. */
async function setTimers(queries: Queries, timers: readonly Timer[], results: readonly TimerResult[], now: Date): Promise<void> {
  if (results.length !== timers.length) throw new Error('a kind of timer gave fewer results than it had timers');
  const over: string[] = [];
  const next: { subject: string; due_at: Date }[] = [];
  for (const [index, { subject }] of timers.entries()) {
    const nextAt = results[index]?.nextAt ?? null;
    if (nextAt === null) over.push(subject);
    else next.push({ subject, due_at: nextAt });
  }
  const [{ account, kind } = { account: '', kind: '' }] = timers;
  if (over.length > 0)
    await queries.run`DELETE FROM timer WHERE account_id = ${account} AND kind = ${kind} AND subject = ANY(${over}::text[])`;
  if (next.length > 0)
    await queries.run`
      UPDATE timer SET due_at = new.due_at, set_at = ${now} FROM jsonb_to_recordset(${JSON.stringify(next)}::jsonb) AS new(subject text, due_at timestamptz)
      WHERE account_id = ${account} AND kind = ${kind} AND timer.subject = new.subject`;
}

/** Whether a key can send the pages of a row of `source`. */
const HAS_CAPTURE_KEY = Prisma.sql`EXISTS (SELECT FROM capture_key WHERE capture_key.account_id = source.account_id AND source.id = ANY(sources))`;

async function readSource(queries: Queries, accountId: string, id: string): Promise<SourceState | null> {
  const [row] = sourceRows.parse(
    await queries.rows`
      SELECT kind, period, first_seen_at AS "firstSeenAt", stale_since AS "staleSince", stale_thread AS "staleThread", every_ms AS "everyMs",
        last_error AS "lastError", last_error_remedy AS "lastErrorRemedy", last_error_at AS "lastErrorAt",
        told_problems AS "toldProblems", drift_causes AS "driftCauses",
        coalesce(ingested_via, kind) = 'import' AND ${HAS_CAPTURE_KEY} AS "isCaptured", ARRAY(SELECT jsonb_object_keys(answer_memory)) AS "answeredMeters"
      FROM source LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
      WHERE source.account_id = ${accountId} AND source.id = ${id}`,
  );
  if (row === undefined) return null;
  const meters = figureRows.parse(
    await queries.rows`SELECT ${FIGURE_COLUMNS} FROM meter WHERE account_id = ${accountId} AND source_id = ${id} ORDER BY key`,
  );
  const { kind, everyMs, firstSeenAt, staleSince, staleThread } = row;
  return {
    id,
    expectedInterval: { kind, everyMs },
    firstSeenAt,
    problem: pollProblemFromRow(row),
    isCaptured: row.isCaptured,
    stale: staleSince && staleThread ? { since: staleSince, threadId: staleThread } : null,
    drift: { causes: decodeCauses(row.driftCauses), meters: row.answeredMeters },
    told: decodeTold(row.toldProblems),
    meters: meters.flatMap((meter) => {
      const reading = readingFromMeter(meter);
      return reading === null ? [] : [{ meter: meterFromRow(meter, row), reading, held: heldFromMeter(meter) }];
    }),
  };
}

async function readKeyExpiry(queries: Queries, accountId: string, id: string): ReturnType<TimerTransaction['keyExpiryOf']> {
  const [row] = expiryRows.parse(
    await queries.rows`
      SELECT kind, key_expiry AS expiry, key_expiry_told AS told FROM source WHERE account_id = ${accountId} AND id = ${id} AND key_expiry IS NOT NULL`,
  );
  return row ?? null;
}

async function readImported(queries: Queries, accountId: string): Promise<readonly ImportedSource[]> {
  const rows = importedRows.parse(
    await queries.rows`
      SELECT id, ingested_by AS "ingestedBy", asked_at AS "askedAt", ${HAS_CAPTURE_KEY} AS "isCaptured" FROM source
      WHERE account_id = ${accountId} AND reminder_stopped_by IS NULL AND coalesce(ingested_via, kind) = 'import'
        AND NOT EXISTS (SELECT FROM poll WHERE poll.account_id = source.account_id AND poll.source_id = source.id)
      ORDER BY id`,
  );
  return rows.map(({ ingestedBy, ...source }) => ({ ...source, by: ingestedByFromRow(ingestedBy) }));
}

const nextRows = z.array(z.object({ dueAt: z.date() }));
const text = z.string().nullable();
const instant = z.date().nullable();
const sourceRows = z.array(
  z.object({
    kind: z.string(),
    period: z.unknown(),
    firstSeenAt: z.date(),
    staleSince: instant,
    staleThread: text,
    everyMs: z.number().nullable(),
    lastError: text,
    lastErrorRemedy: text,
    lastErrorAt: instant,
    toldProblems: z.unknown(),
    driftCauses: z.unknown(),
    answeredMeters: z.array(z.string()),
    isCaptured: z.boolean(),
  }),
);
const expiryRows = z.array(z.object({ kind: z.string(), expiry: keyExpirySchema, told: toldExpirySchema.nullable() }));
const importedRows = z.array(z.object({ id: z.string(), ingestedBy: z.json(), askedAt: instant, isCaptured: z.boolean() }));
