import { isDeepStrictEqual } from 'node:util';
import { encodeSettings, routeSettingsSchema, TERMINAL, type RouteSettings } from '../../../core/notifications/route.ts';
import { nextRun, remindAt } from '../../../core/time/schedule.ts';
import type { TimerKind } from '../../../core/notifications/timer.ts';
import type { AccountDeclaration } from '../../../ports/stores/setup-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { toJson } from './json.ts';
import { ensureDestination, scheduleOpenAlerts, turnOn } from './destinations.ts';

type Queries = Prisma.TransactionClient;

/**
 * Makes the routes of the account match creditwatch.yml. Subscriptions from chat stay, except where the file now has a route to the
 * same destination. A restart turns disabled destinations on again, because the operator may have fixed the cause.
 */
export async function declareRoutes(queries: Queries, account: AccountDeclaration, now: Date): Promise<void> {
  const { id: accountId, routes, fallback } = account;
  await turnOn(queries, { accountId }, now);
  await queries.destination.updateMany({ where: { accountId }, data: { fallback: false } });
  const places = routes.map(({ destination: { kind, address } }) => ({ kind, address }));
  const gone = await queries.route.findMany({
    where: {
      accountId,
      OR: [
        { origin: 'file', id: { notIn: routes.map((route) => route.id) } },
        { origin: 'chat', destination: { OR: places } },
      ],
    },
  });
  const ids = gone.map((route) => route.id);
  await queries.route.deleteMany({ where: { accountId, id: { in: ids } } });
  await queries.timer.deleteMany({ where: { accountId, kind: { in: DIGEST_TIMERS }, subject: { in: ids } } });
  for (const { id, destination, settings } of routes) {
    const destinationId = await ensureDestination(queries, accountId, destination);
    const row = { destinationId, settings: toJson(encodeSettings(settings)), origin: 'file', createdBy: null };
    const known = await queries.route.findUnique({ where: { accountId_id: { accountId, id } } });
    await queries.route.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, ...row }, update: row });
    const before = known && routeSettingsSchema.parse(known.settings);
    await scheduleDigest(queries, account, id, settings, before, now);
    if (!isDeepStrictEqual(before?.meters, settings.meters)) await scheduleOpenAlerts(queries, accountId, id, now);
  }
  // The terminal is the last fallback, for when all other destinations of the account are disabled.
  await ensureDestination(queries, accountId, TERMINAL);
  for (const destination of fallback) await ensureDestination(queries, accountId, destination, { fallback: true });
}

/** A new or changed schedule starts now. An unchanged one keeps its due time, even if that passed while the service was down. */
async function scheduleDigest(
  queries: Queries,
  { id: accountId, timeZone }: AccountDeclaration,
  routeId: string,
  settings: RouteSettings,
  before: RouteSettings | null,
  now: Date,
): Promise<void> {
  if (settings.digest === null)
    return void (await queries.timer.deleteMany({ where: { accountId, kind: { in: DIGEST_TIMERS }, subject: routeId } }));
  const unchanged = before !== null && isDeepStrictEqual([before.digest, before.timeZone], [settings.digest, settings.timeZone]);
  if (
    unchanged &&
    (await queries.timer.findUnique({ where: { accountId_kind_subject: { accountId, kind: 'digest', subject: routeId } } })) !== null
  )
    return;
  const digestAt = nextRun(settings.digest, now, settings.timeZone ?? timeZone);
  for (const [kind, dueAt] of [
    ['digest', digestAt],
    ['paste-reminder', remindAt(digestAt)],
  ] as const) {
    await queries.timer.upsert({
      where: { accountId_kind_subject: { accountId, kind, subject: routeId } },
      create: { accountId, kind, subject: routeId, dueAt },
      update: { dueAt },
    });
  }
}

const DIGEST_TIMERS: TimerKind[] = ['digest', 'paste-reminder'];
