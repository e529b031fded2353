import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isDeepStrictEqual } from 'node:util';
import {
  encodeSettings,
  routeSettingsSchema,
  TERMINAL,
  type DestinationAddress,
  type RouteSettings,
} from '../../../core/notifications/route.ts';
import { nextRun, remindAt } from '../../../core/time/schedule.ts';
import type { TimerKind } from '../../../core/notifications/timer.ts';
import type { AccountDeclaration } from '../../../ports/stores/setup-store.ts';
import { scheduleOpenAlerts, turnOn } from './destinations.ts';
import type { Queries } from './queries.ts';

/**
 * Makes the routes of the account match creditwatch.yml. Subscriptions from chat stay, except where the file now has a route to the
 * same destination. A restart turns disabled destinations on again, because the operator may have fixed the cause.
 */
export async function declareRoutes(queries: Queries, account: AccountDeclaration, now: Date): Promise<void> {
  const { id: accountId, routes, fallback } = account;
  await turnOn(queries, { accountId }, now);
  const known = routeRows.parse(
    await queries.rows`
      SELECT route.id, settings, origin, kind, address FROM route JOIN destination ON destination.id = destination_id WHERE route.account_id = ${accountId}`,
  );
  const declared = new Set(routes.map(({ id }) => id));
  const places = new Set(routes.map(({ destination }) => placeOf(destination)));
  const gone = known.filter((route) => (route.origin === 'file' ? !declared.has(route.id) : places.has(placeOf(route))));
  if (gone.length > 0) {
    const ids = gone.map(({ id }) => id);
    await queries.run`DELETE FROM route WHERE account_id = ${accountId} AND id = ANY(${ids}::text[])`;
    await deleteDigestTimers(queries, accountId, ids);
  }
  // The terminal is the last fallback, for when all other destinations of the account are disabled.
  await declareDestinations(queries, accountId, { used: [...routes.map(({ destination }) => destination), TERMINAL], fallback });
  if (routes.length === 0) return;
  await saveRoutes(queries, account);
  const kept = known.filter((route) => !gone.includes(route));
  const settingsBefore = new Map(kept.map(({ id, settings }) => [id, routeSettingsSchema.parse(settings)]));
  await scheduleDigests(queries, account, settingsBefore, now);
  const changed = routes.filter(({ id, settings }) => !isDeepStrictEqual(settingsBefore.get(id)?.meters, settings.meters));
  await scheduleOpenAlerts(queries, accountId, { routes: changed.map(({ id }) => id), now });
}

const placeOf = ({ kind, address }: { readonly kind: string; readonly address: string }) => `${kind} ${address}`;

/** Creates the destinations that are new. Exactly the given ones are fallbacks afterwards. */
async function declareDestinations(
  queries: Queries,
  accountId: string,
  { used, fallback }: { readonly used: readonly DestinationAddress[]; readonly fallback: readonly DestinationAddress[] },
): Promise<void> {
  const rows = new Map<string, object>();
  for (const [destinations, isFallback] of [
    [used, false],
    [fallback, true],
  ] as const)
    for (const destination of destinations) {
      const { kind, address, direct = false } = destination;
      const before = rows.get(placeOf(destination));
      rows.set(placeOf(destination), {
        id: randomUUID(),
        kind,
        address,
        ...before,
        ...(direct && { direct }),
        ...(isFallback && { fallback: true }),
      });
    }
  const specs = JSON.stringify([...rows.values()]);
  await queries.run`
    INSERT INTO destination (id, account_id, kind, address, is_direct, fallback)
    SELECT id, ${accountId}, kind, address, coalesce(direct, false), coalesce(fallback, false)
    FROM jsonb_to_recordset(${specs}::jsonb) AS spec(id uuid, kind text, address text, direct bool, fallback bool)
    ON CONFLICT (account_id, kind, address) DO NOTHING`;
  // Locks only what changes: drains and failovers lock destinations in an order of their own.
  await queries.run`
    UPDATE destination SET is_direct = is_direct OR coalesce(direct, false), fallback = coalesce(spec.fallback, false)
    FROM jsonb_to_recordset(${specs}::jsonb) AS spec(kind text, address text, direct bool, fallback bool)
    WHERE account_id = ${accountId} AND destination.kind = spec.kind AND destination.address = spec.address
      AND (is_direct, destination.fallback) IS DISTINCT FROM (is_direct OR coalesce(direct, false), coalesce(spec.fallback, false))`;
  await queries.run`
    UPDATE destination SET fallback = false WHERE account_id = ${accountId} AND fallback
      AND NOT kind || ' ' || address = ANY(${fallback.map(placeOf)})`;
}

async function saveRoutes(queries: Queries, { id: accountId, routes }: AccountDeclaration): Promise<void> {
  const rows = routes.map(({ id, destination: { kind, address }, settings }) => ({
    id,
    kind,
    address,
    settings: encodeSettings(settings),
  }));
  await queries.run`
    INSERT INTO route (account_id, id, destination_id, settings, origin)
    SELECT ${accountId}, spec.id, destination.id, spec.settings, 'file'
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS spec(id text, kind text, address text, settings jsonb)
    JOIN destination ON destination.account_id = ${accountId} AND destination.kind = spec.kind AND destination.address = spec.address
    ORDER BY spec.id
    ON CONFLICT (account_id, id) DO UPDATE
      SET destination_id = excluded.destination_id, settings = excluded.settings, origin = 'file', created_by = NULL`;
}

/** A new or changed schedule starts now. An unchanged one keeps its due time, even if that passed while the service was down. */
async function scheduleDigests(
  queries: Queries,
  { id: accountId, routes, timeZone }: AccountDeclaration,
  before: ReadonlyMap<string, RouteSettings>,
  now: Date,
): Promise<void> {
  const timers = timerRows.parse(
    await queries.rows`SELECT kind, subject FROM timer WHERE account_id = ${accountId} AND kind = ANY(${DIGEST_TIMERS}::text[])`,
  );
  const scheduled = new Set(timers.filter(({ kind }) => kind === 'digest').map(({ subject }) => subject));
  const isUnchanged = ({ id, settings }: AccountDeclaration['routes'][number]) => {
    const earlier = before.get(id);
    return (
      earlier !== undefined &&
      scheduled.has(id) &&
      isDeepStrictEqual([earlier.digest, earlier.timeZone], [settings.digest, settings.timeZone])
    );
  };
  const without = new Set(routes.filter(({ settings }) => settings.digest === null).map(({ id }) => id));
  const over = timers.map(({ subject }) => subject).filter((subject) => without.has(subject));
  if (over.length > 0) await deleteDigestTimers(queries, accountId, over);
  const due = routes.flatMap((route) => {
    if (route.settings.digest === null || isUnchanged(route)) return [];
    const digestAt = nextRun(route.settings.digest, now, route.settings.timeZone ?? timeZone);
    return [
      { kind: 'digest', subject: route.id, dueAt: digestAt },
      { kind: 'paste-reminder', subject: route.id, dueAt: remindAt(digestAt) },
    ];
  });
  if (due.length > 0)
    await queries.run`
      INSERT INTO timer (account_id, kind, subject, due_at)
      SELECT ${accountId}, kind, subject, "dueAt" FROM jsonb_to_recordset(${JSON.stringify(due)}::jsonb) AS spec(kind text, subject text, "dueAt" timestamptz)
      ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at`;
}

const DIGEST_TIMERS: TimerKind[] = ['digest', 'paste-reminder'];

async function deleteDigestTimers(queries: Queries, accountId: string, routes: readonly string[]): Promise<void> {
  await queries.run`DELETE FROM timer WHERE account_id = ${accountId} AND kind = ANY(${DIGEST_TIMERS}::text[]) AND subject = ANY(${[...routes]}::text[])`;
}

const routeRows = z.array(z.object({ id: z.string(), settings: z.unknown(), origin: z.string(), kind: z.string(), address: z.string() }));
const timerRows = z.array(z.object({ kind: z.string(), subject: z.string() }));
