import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { routeSettingsSchema, type RouteSettings } from '../../core/route.ts';
import { nextRun } from '../../core/schedule.ts';
import type { AccountDeclaration, DeclaredRule, DeclaredSource, SetupStore } from '../../ports/store.ts';
import type { Prisma } from '../generated/client.ts';
import type { Database } from './database.ts';
import { toJson } from './json.ts';
import { ensureDestination, holdRoutes } from './route-store.ts';
import type { Vault } from './vault.ts';

type Queries = Prisma.TransactionClient;

/** Says that the key of this deployment does not open what the database holds. */
class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

const clockRows = z.array(z.object({ now: z.date() })).length(1);

/** What `start` writes: the file's declarations and the keys. */
export function createSetupStore(database: Database, vault: Vault): SetupStore {
  return {
    declare: (account, now) => database.transaction((queries) => declare(queries, account, now)),

    secret: (account, name, make, now) =>
      database.transaction(async (queries) => {
        const place = { table: 'secret', column: 'ciphertext', row: name, account };
        const value = make();
        const made = await queries.$executeRaw`
          INSERT INTO secret (account_id, name, ciphertext, created_at) VALUES (${account}, ${name}, ${vault.seal(value, place)}, ${now}) ON CONFLICT DO NOTHING`;
        if (made === 1) return { value, made: true };
        const row = await queries.secret.findUniqueOrThrow({ where: { accountId_name: { accountId: account, name } } });
        const opened = vault.open(row.ciphertext, place);
        if (!opened.ok) throw new SecretUnreadable(opened.error === 'wrong-key' ? 'it was encrypted with another key' : 'it was altered');
        return { value: opened.value, made: false };
      }),

    async clockSkewMs(now) {
      const before = now().getTime();
      const [row] = clockRows.parse(await database.query((queries) => queries.$queryRaw`SELECT clock_timestamp() AS now`));
      const after = now().getTime();
      return (row?.now.getTime() ?? before) - (before + after) / 2;
    },
  };
}

async function declare(queries: Queries, account: AccountDeclaration, now: Date): Promise<void> {
  // Several processes start at once from the same file: one after the other.
  await holdRoutes(queries, account.id);
  const { id, timeZone } = account;
  await queries.account.upsert({ where: { id }, create: { id, timeZone, createdAt: now }, update: { timeZone } });
  for (const source of account.sources) await declareSource(queries, id, source, now);
  await declareRules(queries, id, account.rules);
  await declareRoutes(queries, account, now);
}

async function declareSource(queries: Queries, accountId: string, { id, kind, period, meters }: DeclaredSource, now: Date): Promise<void> {
  const row = { kind, ...(period === null ? {} : { period: toJson(period) }) };
  await queries.source.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, firstSeenAt: now, ...row }, update: row });
  for (const [key, { initial, said }] of Object.entries(meters)) {
    // Decimals stay as they were made: what is stored was counted in them.
    const { label, unit, aliases, consequence, owner } = said;
    await queries.meter.upsert({
      where: { accountId_sourceId_key: { accountId, sourceId: id, key } },
      create: { id: randomUUID(), accountId, sourceId: id, key, ...initial, aliases: [...initial.aliases], owner: owner ?? null, createdAt: now, managed: true },
      update: {
        managed: true, owner: owner ?? null,
        ...(label !== undefined && { label }), ...(unit !== undefined && { unit }), ...(aliases !== undefined && { aliases }), ...(consequence !== undefined && { consequence }),
      },
    });
  }
}

async function declareRules(queries: Queries, accountId: string, rules: readonly DeclaredRule[]): Promise<void> {
  await queries.rule.updateMany({ where: { accountId, id: { notIn: rules.map((rule) => rule.id) } }, data: { retired: true } });
  for (const { id, kind, meters, params } of rules) {
    const known = await queries.rule.findUnique({ where: { accountId_id: { accountId, id } } });
    const stored = toJson(params);
    const version = known === null ? 1 : isDeepStrictEqual(known.params, stored) ? known.version : known.version + 1;
    const row = { kind, version, meters: toJson(meters), params: stored, retired: false };
    await queries.rule.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, ...row }, update: row });
  }
}

async function declareRoutes(queries: Queries, account: AccountDeclaration, now: Date): Promise<void> {
  const { id: accountId, routes, fallback } = account;
  // The operator has started anew, so whatever switched a destination off is taken to be mended.
  await queries.destination.updateMany({ where: { accountId }, data: { offReason: null, fallback: false } });
  const places = routes.map(({ destination }) => destination);
  // What chat subscribed is the file's from now on where the file has a route to the same place.
  const gone = await queries.route.findMany({ where: { accountId, OR: [{ origin: 'file', id: { notIn: routes.map((route) => route.id) } }, { origin: 'chat', destination: { OR: places } }] } });
  const ids = gone.map((route) => route.id);
  await queries.route.deleteMany({ where: { accountId, id: { in: ids } } });
  await queries.timer.deleteMany({ where: { accountId, kind: 'digest', subject: { in: ids } } });
  for (const { id, destination, settings } of routes) {
    const destinationId = await ensureDestination(queries, accountId, destination);
    const row = { destinationId, settings: toJson(settings), origin: 'file', createdBy: null };
    const known = await queries.route.findUnique({ where: { accountId_id: { accountId, id } } });
    await queries.route.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, ...row }, update: row });
    await scheduleDigest(queries, account, id, settings, known && routeSettingsSchema.parse(known.settings), now);
  }
  for (const destination of fallback) await ensureDestination(queries, accountId, destination, { fallback: true });
}

/** A schedule that is new or changed begins now; one that stays as it was keeps its due time, which may have passed while nobody ran. */
async function scheduleDigest(queries: Queries, { id: accountId, timeZone }: AccountDeclaration, routeId: string, settings: RouteSettings, before: RouteSettings | null, now: Date): Promise<void> {
  const where = { accountId_kind_subject: { accountId, kind: 'digest', subject: routeId } };
  if (settings.digest === null) return void (await queries.timer.deleteMany({ where: { accountId, kind: 'digest', subject: routeId } }));
  const unchanged = before !== null && isDeepStrictEqual([before.digest, before.timeZone], [settings.digest, settings.timeZone]);
  if (unchanged && (await queries.timer.findUnique({ where })) !== null) return;
  const dueAt = nextRun(settings.digest, now, settings.timeZone ?? timeZone);
  await queries.timer.upsert({ where, create: { accountId, kind: 'digest', subject: routeId, dueAt }, update: { dueAt } });
}
