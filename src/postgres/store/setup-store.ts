import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { storedContactsSchema } from '../../core/meters/source.ts';
import { spreadMs } from '../../core/meters/poll.ts';
import { usuallyCurrentForMs } from '../../core/status/staleness.ts';
import type { AccountDeclaration, DeclaredRule, DeclaredSource, SetupStore } from '../../ports/stores/setup-store.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from './sql/database.ts';
import { recordAudit } from './audit-store.ts';
import { contentsOf, deleteReadings } from './sql/delete-account.ts';
import { declareRoutes } from './sql/declare-routes.ts';
import { toJson } from './sql/json.ts';
import { holdRoutes } from './subscription-store.ts';
import { createSecretStore } from './secret-store.ts';
import type { Vault } from './sql/vault.ts';
import { encodePerson } from '../../core/text/person.ts';

type Queries = Prisma.TransactionClient;

const clockRows = z.array(z.object({ now: z.date() })).length(1);

/** Stores what `start` writes: the declarations of creditwatch.yml and the keys. */
export function createSetupStore(database: Database, vault: Vault): SetupStore {
  return {
    declare: (account, now) => database.transaction((queries) => declare(queries, account, now)),

    accountContents: (account) => database.query((queries) => contentsOf(queries, account)),

    async deleteAccount(account, again, { actor, now }) {
      // Recorded first, because the deletion takes more than one transaction. The account's own rows of the record are deleted with it.
      await database.transaction((queries) => recordAudit(queries, null, { action: 'account-deleted', actor, about: { account } }, now));
      await deleteReadings(database, account);
      await database.transaction(async (queries) => {
        await holdRoutes(queries, account);
        await holdMeters(queries, account);
        await queries.account.deleteMany({ where: { id: account } });
        if (again !== null) await declare(queries, again, now);
      });
    },

    ...createSecretStore(database, vault),

    async clockSkewMs(now) {
      const before = now().getTime();
      const [row] = clockRows.parse(await database.query((queries) => queries.$queryRaw`SELECT clock_timestamp() AS now`));
      const after = now().getTime();
      return (row?.now.getTime() ?? before) - (before + after) / 2;
    },
  };
}

async function declare(queries: Queries, account: AccountDeclaration, now: Date): Promise<void> {
  // Several processes may start at the same time from the same file, so each waits for the one before.
  await holdRoutes(queries, account.id);
  const { id, timeZone, admins, viewers } = account;
  await holdMeters(queries, id);
  const row = { timeZone, admins: admins.map(encodePerson), viewers: (viewers ?? []).map(encodePerson), viewersLimited: viewers !== null };
  await queries.account.upsert({ where: { id }, create: { id, createdAt: now, ...row }, update: row });
  await queries.source.updateMany({
    where: { accountId: id, declared: true, id: { notIn: account.sources.map((source) => source.id) } },
    data: { declared: false },
  });
  for (const source of account.sources) await declareSource(queries, id, source, now);
  await declarePolls(queries, account, now);
  if (await declareRules(queries, id, account.rules)) await lookAtOpenAlerts(queries, id, now);
  await declareRoutes(queries, account, now);
}

/**
 * Locks all meters of the account. Ingests lock meters before their source. A transaction that locked them in another order could
 * deadlock with an ingest, and PostgreSQL would end one of the two.
 */
async function holdMeters(queries: Queries, accountId: string): Promise<void> {
  await queries.$executeRaw`SELECT id FROM meter WHERE account_id = ${accountId} ORDER BY id FOR UPDATE`;
}

async function declareSource(
  queries: Queries,
  accountId: string,
  { id, kind, period, contacts, meters }: DeclaredSource,
  now: Date,
): Promise<void> {
  const where = { accountId_id: { accountId, id } };
  const known = await queries.source.findUnique({ where });
  // A period set in chat applies until creditwatch.yml sets one. A period removed from creditwatch.yml no longer applies.
  const saidInChat = period === null && known !== null && known.periodBy !== null;
  const row = {
    kind,
    declared: true,
    contacts: toJson(z.encode(storedContactsSchema, contacts)),
    ...(saidInChat ? {} : { period: period === null ? Prisma.DbNull : toJson(period), periodBy: null }),
  };
  await queries.source.createMany({ data: [{ accountId, id, firstSeenAt: now, ...row }], skipDuplicates: true });
  for (const [key, { initial, details }] of Object.entries(meters).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    // Decimals never change here, because stored amounts are counted in them.
    const { label, unit, aliases, consequence, owner } = details;
    await queries.meter.upsert({
      where: { accountId_sourceId_key: { accountId, sourceId: id, key } },
      create: {
        id: randomUUID(),
        accountId,
        sourceId: id,
        key,
        ...initial,
        aliases: [...initial.aliases],
        owner: owner ? encodePerson(owner) : null,
        createdAt: now,
        managed: true,
      },
      update: {
        managed: true,
        owner: owner ? encodePerson(owner) : null,
        ...(label !== undefined && { label }),
        ...(unit !== undefined && { unit }),
        ...(aliases !== undefined && { aliases }),
        ...(consequence !== undefined && { consequence }),
      },
    });
  }
  await queries.source.update({ where, data: row });
}

/**
 * Creates and updates the polls of an account. Due times survive a restart. A poll that failed is retried soon, as far as the
 * vendor's minimum interval allows. Polls that are new, retried or overdue are spread over time. Each source has a fixed offset,
 * which the next start does not change, so a service that restarts often still polls.
 */
async function declarePolls(queries: Queries, { id: accountId, sources }: AccountDeclaration, now: Date): Promise<void> {
  await queries.poll.deleteMany({
    where: { accountId, sourceId: { notIn: sources.flatMap((source) => (source.poll ? [source.id] : [])) } },
  });
  const polled = Math.max(await queries.poll.count(), sources.filter(({ poll }) => poll !== null).length);
  for (const { id, kind, poll } of sources) {
    if (poll === null) continue;
    const { everyMs, leastGapMs } = poll;
    const spread = spreadMs(everyMs, polled);
    const beginsAt = new Date(now.getTime() + Math.floor(placeOf(`${accountId}/${id}`) * spread));
    await queries.$executeRaw`
      INSERT INTO poll (id, account_id, source_id, every_ms, due_at) VALUES (${randomUUID()}::uuid, ${accountId}, ${id}, ${everyMs}, ${beginsAt})
      ON CONFLICT (account_id, source_id) DO UPDATE SET every_ms = excluded.every_ms, due_at = CASE
        WHEN poll.due_at < ${new Date(now.getTime() - spread)} THEN excluded.due_at
        WHEN poll.failures > 0 OR poll.every_ms <> excluded.every_ms
        THEN least(poll.due_at, greatest(excluded.due_at, poll.last_attempt_at + ${leastGapMs}::float8 * interval '1 millisecond')) ELSE poll.due_at END`;
    // A source that never reports becomes stale, too.
    const dueAt = new Date(now.getTime() + usuallyCurrentForMs({ kind, everyMs }));
    await queries.$executeRaw`INSERT INTO timer (account_id, kind, subject, due_at, set_at) VALUES (${accountId}, 'staleness', ${id}, ${dueAt}, ${now}) ON CONFLICT DO NOTHING`;
  }
}

/** Returns a number in [0, 1), always the same for one source. */
function placeOf(source: string): number {
  return createHash('sha256').update(source).digest().readUInt32BE() / 2 ** 32;
}

/** Stores the rules and returns whether any rule was added, removed or changed. */
async function declareRules(queries: Queries, accountId: string, rules: readonly DeclaredRule[]): Promise<boolean> {
  const gone = { accountId, id: { notIn: rules.map((rule) => rule.id) }, retired: false };
  let hasChanged = (await queries.rule.updateMany({ where: gone, data: { retired: true } })).count > 0;
  for (const { id, kind, meters, params } of rules) {
    const known = await queries.rule.findUnique({ where: { accountId_id: { accountId, id } } });
    const stored = toJson(params);
    const version = known === null ? 1 : isDeepStrictEqual(known.params, stored) ? known.version : known.version + 1;
    const row = { kind, version, meters: toJson(meters), params: stored, retired: false };
    hasChanged ||= known === null || known.retired || known.version !== version;
    await queries.rule.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, ...row }, update: row });
  }
  return hasChanged;
}

/** Schedules an evaluation of each meter with an open alert, because its rule may have changed. */
async function lookAtOpenAlerts(queries: Queries, accountId: string, now: Date): Promise<void> {
  await queries.$executeRaw`
    INSERT INTO timer (account_id, kind, subject, due_at, set_at)
    SELECT DISTINCT account_id, 'rules-changed', meter_id::text, ${now}::timestamptz, ${now}::timestamptz FROM alert WHERE account_id = ${accountId} AND open_topic IS NOT NULL
    ON CONFLICT DO NOTHING`;
}
