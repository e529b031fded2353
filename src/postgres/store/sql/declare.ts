import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { storedContactsSchema } from '../../../core/meters/source.ts';
import { encodePerson } from '../../../core/text/person.ts';
import type { MeterDetails } from '../../../core/meters/meter.ts';
import { spreadMs } from '../../../core/meters/poll.ts';
import { usuallyCurrentForMs } from '../../../core/status/staleness.ts';
import type { AccountDeclaration, DeclaredRule, DeclaredSource } from '../../../ports/stores/setup-store.ts';
import { holdRoutes } from '../subscription-store.ts';
import { Prisma } from '../../generated/client.ts';
import { holdMeters } from './hold-meters.ts';
import { declareRoutes } from './declare-routes.ts';
import { toJson } from './json.ts';
import type { Queries } from './queries.ts';

/**
 * Makes the stored setup of an account match creditwatch.yml. The number of statements does not depend on how many sources, meters, rules
 * and routes the file declares.
 */
export async function declare(queries: Queries, account: AccountDeclaration, now: Date): Promise<void> {
  // Several processes may start at the same time from the same file, so each waits for the one before.
  await holdRoutes(queries, account.id);
  const { id, timeZone, admins, viewers } = account;
  await holdMeters(queries, Prisma.sql`account_id = ${id}`);
  await queries.run`
    INSERT INTO account (id, time_zone, admins, viewers, viewers_limited, created_at)
    VALUES (${id}, ${timeZone}, ${admins.map(encodePerson)}, ${(viewers ?? []).map(encodePerson)}, ${viewers !== null}, ${now})
    ON CONFLICT (id) DO UPDATE SET time_zone = excluded.time_zone, admins = excluded.admins, viewers = excluded.viewers, viewers_limited = excluded.viewers_limited`;
  await declareSources(queries, account, now);
  await declarePolls(queries, account, now);
  if (await declareRules(queries, id, account.rules)) await lookAtOpenAlerts(queries, id, now);
  await declareRoutes(queries, account, now);
}

async function declareSources(queries: Queries, { id: accountId, sources }: AccountDeclaration, now: Date): Promise<void> {
  await queries.run`
    UPDATE source SET declared = false, key_expiry = NULL WHERE account_id = ${accountId} AND declared AND NOT id = ANY(${sources.map(({ id }) => id)})`;
  if (sources.length === 0) return;
  const rows = JSON.stringify(
    sources.map(({ id, kind, period, contacts, keyExpiry = null }) => ({
      id,
      kind,
      period,
      contacts: z.encode(storedContactsSchema, contacts),
      keyExpiry,
    })),
  );
  await queries.run`
    INSERT INTO source (account_id, id, kind, first_seen_at)
    SELECT ${accountId}, id, kind, ${now} FROM jsonb_to_recordset(${rows}::jsonb) AS spec(id text, kind text) ORDER BY id
    ON CONFLICT DO NOTHING`;
  await declareMeters(queries, accountId, sources, now);
  // A period set in chat applies until creditwatch.yml sets one. A period removed from creditwatch.yml no longer applies.
  await queries.run`
    UPDATE source SET kind = spec.kind, declared = true, contacts = spec.contacts, key_expiry = spec."keyExpiry",
      period = CASE WHEN spec.period IS NULL AND period_by IS NOT NULL THEN source.period ELSE spec.period END,
      period_by = CASE WHEN spec.period IS NULL THEN period_by END
    FROM jsonb_to_recordset(${rows}::jsonb) AS spec(id text, kind text, period jsonb, contacts jsonb, "keyExpiry" jsonb)
    WHERE source.account_id = ${accountId} AND source.id = spec.id`;
  // The timer finds out whether a warning is due, also after its date was changed.
  const expiring = sources.filter(({ keyExpiry = null }) => keyExpiry !== null).map(({ id }) => id);
  if (expiring.length > 0)
    await queries.run`
      INSERT INTO timer (account_id, kind, subject, due_at, set_at) SELECT ${accountId}, 'key-expiry', source, ${now}, ${now} FROM unnest(${expiring}::text[]) AS source
      ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at`;
}

/** Decimals of a known meter never change here, because stored amounts are counted in them. */
async function declareMeters(queries: Queries, accountId: string, sources: readonly DeclaredSource[], now: Date): Promise<void> {
  const declared = sources.flatMap(({ id: source, meters }) => Object.entries(meters).map(([key, one]) => ({ source, key, ...one })));
  if (declared.length === 0) return;
  const made = JSON.stringify(
    declared.map(({ source, key, initial, details }) => ({ id: randomUUID(), source, key, ...initial, owner: ownerOf(details) })),
  );
  await queries.run`
    INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, aliases, consequence, owner, created_at, managed)
    SELECT id, ${accountId}, source, key, label, unit, decimals, aliases, consequence, owner, ${now}, true
    FROM jsonb_to_recordset(${made}::jsonb)
      AS spec(id uuid, source text, key text, label text, unit text, decimals int, aliases text[], consequence text, owner text)
    ORDER BY source, key
    ON CONFLICT (account_id, source_id, key) DO NOTHING`;
  const stated = JSON.stringify(declared.map(({ source, key, details }) => ({ source, key, ...details, owner: ownerOf(details) })));
  await queries.run`
    UPDATE meter SET managed = true, owner = spec.owner, label = coalesce(spec.label, meter.label), unit = coalesce(spec.unit, meter.unit),
      aliases = coalesce(spec.aliases, meter.aliases), consequence = coalesce(spec.consequence, meter.consequence)
    FROM jsonb_to_recordset(${stated}::jsonb)
      AS spec(source text, key text, label text, unit text, aliases text[], consequence text, owner text)
    WHERE meter.account_id = ${accountId} AND meter.source_id = spec.source AND meter.key = spec.key`;
}

const ownerOf = ({ owner }: MeterDetails) => (owner ? encodePerson(owner) : undefined);

/**
 * Creates and updates the polls of an account. Due times survive a restart. A poll that failed is retried soon, as far as the
 * vendor's minimum interval allows. Polls that are new, retried or overdue are spread over time. Each source has a fixed offset,
 * which the next start does not change, so a service that restarts often still polls.
 */
async function declarePolls(queries: Queries, { id: accountId, sources }: AccountDeclaration, now: Date): Promise<void> {
  const polled = sources.flatMap(({ id, kind, poll }) => (poll === null ? [] : [{ id, kind, ...poll }]));
  // What operations were told of a source is over when it is no longer polled.
  await queries.run`
    WITH gone AS (DELETE FROM poll WHERE account_id = ${accountId} AND NOT source_id = ANY(${polled.map(({ id }) => id)}::text[]) RETURNING source_id)
    UPDATE source SET told_problems = NULL FROM gone WHERE account_id = ${accountId} AND id = gone.source_id`;
  if (polled.length === 0) return;
  const [stored] = countRows.parse(await queries.rows`SELECT count(*)::int AS count FROM poll`);
  const ofAllAccounts = Math.max(stored?.count ?? 0, polled.length);
  const rows = polled.map(({ id: source, kind, everyMs, leastGapMs }) => {
    const spread = spreadMs(everyMs, ofAllAccounts);
    return {
      id: randomUUID(),
      source,
      everyMs,
      leastGapMs,
      beginsAt: new Date(now.getTime() + Math.floor(placeOf(`${accountId}/${source}`) * spread)),
      overdueBefore: new Date(now.getTime() - spread),
      // A source that never reports becomes stale, too.
      staleAt: new Date(now.getTime() + usuallyCurrentForMs({ kind, everyMs })),
    };
  });
  const specs = JSON.stringify(rows);
  await queries.run`
    UPDATE poll SET every_ms = spec."everyMs", due_at = CASE
      WHEN poll.due_at < spec."overdueBefore" THEN spec."beginsAt"
      WHEN poll.failures > 0 OR poll.every_ms <> spec."everyMs"
      THEN least(poll.due_at, greatest(spec."beginsAt", poll.last_attempt_at + spec."leastGapMs" * interval '1 millisecond')) ELSE poll.due_at END
    FROM jsonb_to_recordset(${specs}::jsonb)
      AS spec(source text, "everyMs" int, "leastGapMs" float8, "beginsAt" timestamptz, "overdueBefore" timestamptz)
    WHERE poll.account_id = ${accountId} AND poll.source_id = spec.source`;
  await queries.run`
    INSERT INTO poll (id, account_id, source_id, every_ms, due_at)
    SELECT id, ${accountId}, source, "everyMs", "beginsAt"
    FROM jsonb_to_recordset(${specs}::jsonb) AS spec(id uuid, source text, "everyMs" int, "beginsAt" timestamptz)
    ON CONFLICT (account_id, source_id) DO NOTHING`;
  await queries.run`
    INSERT INTO timer (account_id, kind, subject, due_at, set_at)
    SELECT ${accountId}, 'staleness', source, "staleAt", ${now} FROM jsonb_to_recordset(${specs}::jsonb) AS spec(source text, "staleAt" timestamptz)
    ON CONFLICT DO NOTHING`;
}

/** Returns a number in [0, 1), always the same for one source. */
function placeOf(source: string): number {
  return createHash('sha256').update(source).digest().readUInt32BE() / 2 ** 32;
}

/** Stores the rules and returns whether any rule was added, removed or changed. */
async function declareRules(queries: Queries, accountId: string, rules: readonly DeclaredRule[]): Promise<boolean> {
  const stored = ruleRows.parse(await queries.rows`SELECT id, version, params, retired FROM rule WHERE account_id = ${accountId}`);
  const known = new Map(stored.map((rule) => [rule.id, rule]));
  const declared = new Set(rules.map(({ id }) => id));
  const gone = [...known.values()].filter(({ id, retired }) => !retired && !declared.has(id)).map(({ id }) => id);
  if (gone.length > 0) await queries.run`UPDATE rule SET retired = true WHERE account_id = ${accountId} AND id = ANY(${gone}::text[])`;
  let hasChanged = gone.length > 0;
  const rows: object[] = [];
  for (const { id, kind, meters, params } of rules) {
    const before = known.get(id);
    const kept = toJson(params);
    const version = before === undefined ? 1 : isDeepStrictEqual(before.params, kept) ? before.version : before.version + 1;
    hasChanged ||= before === undefined || before.retired || before.version !== version;
    rows.push({ id, kind, version, meters, params: kept });
  }
  if (rows.length > 0)
    await queries.run`
      INSERT INTO rule (account_id, id, kind, version, meters, params, retired)
      SELECT ${accountId}, id, kind, version, meters, params, false
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS spec(id text, kind text, version int, meters jsonb, params jsonb)
      ON CONFLICT (account_id, id)
      DO UPDATE SET kind = excluded.kind, version = excluded.version, meters = excluded.meters, params = excluded.params, retired = false`;
  return hasChanged;
}

const countRows = z.array(z.object({ count: z.int() }));
const ruleRows = z.array(z.object({ id: z.string(), version: z.number(), params: z.json(), retired: z.boolean() }));

/** Schedules an evaluation of each meter with an open alert, because its rule may have changed. */
async function lookAtOpenAlerts(queries: Queries, accountId: string, now: Date): Promise<void> {
  await queries.run`
    INSERT INTO timer (account_id, kind, subject, due_at, set_at)
    SELECT DISTINCT account_id, 'rules-changed', meter_id::text, ${now}::timestamptz, ${now}::timestamptz FROM alert WHERE account_id = ${accountId} AND open_topic IS NOT NULL
    ON CONFLICT DO NOTHING`;
}
