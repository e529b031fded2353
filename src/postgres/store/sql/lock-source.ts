import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { DestinationAddress } from '../../../core/notifications/route.ts';
import type { LockedSource } from '../../../ports/stores/action-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { toJson } from './json.ts';
import { ingestedByFromRow, heldFromMeter, meterFromRow, periodSpecFromRow, readingFromMeter, addressFromRow } from './rows.ts';
import { encodePerson } from '../../../core/text/person.ts';

/** Far above the deliveries that one reminder can have, even after it is forwarded to all admins and operations destinations. */
const MOST_REMINDED = 500;

/**
 * Locks a source and its meters as an ingest does, so that no reading is stored meanwhile. Returns null if the account has no such
 * source.
 */
export async function lockSource(queries: Prisma.TransactionClient, accountId: string, id: string): Promise<LockedSource | null> {
  await queries.$queryRaw`SELECT id FROM source WHERE account_id = ${accountId} AND id = ${id} FOR UPDATE`;
  await queries.$queryRaw`SELECT id FROM meter WHERE account_id = ${accountId} AND source_id = ${id} ORDER BY id FOR UPDATE`;
  const where = { accountId_id: { accountId, id } };
  const row = await queries.source.findUnique({ where, include: { meters: true } });
  if (row === null) return null;
  const period = periodSpecFromRow(row.period);
  return {
    source: { id, period },
    isManaged: period !== null && row.periodBy === null,
    ingestedBy: ingestedByFromRow(row.ingestedBy),
    figures: row.meters.flatMap((meter) => {
      const reading = readingFromMeter(meter);
      return reading === null ? [] : [{ meter: meterFromRow(meter, row), reading, held: heldFromMeter(meter) }];
    }),
    async savePeriod(spec, by) {
      await queries.source.update({ where, data: { period: toJson(spec), periodBy: encodePerson(by) } });
    },
    async saveReminderStopped(by) {
      await queries.source.update({ where, data: { reminderStoppedBy: encodePerson(by) } });
    },
    async lastReminder() {
      // Sorted by delivery, because several notifications may have the same timestamp.
      const deliveries = await queries.delivery.findMany({
        where: { notification: { accountId, kind: 'paste-reminder', snapshot: { path: ['source'], equals: id } }, action: 'post' },
        orderBy: { seq: 'desc' },
        take: MOST_REMINDED,
        select: {
          notificationId: true,
          notification: { select: { snapshot: true } },
          destination: { select: { kind: true, address: true, isDirect: true } },
        },
      });
      const said = deliveries.map((one) => ({ ...one, snapshot: decodeSnapshot(one.notification.snapshot) }));
      const snapshot = said[0]?.snapshot;
      if (snapshot?.kind !== 'paste-reminder') return null;
      const asked = new Map<string, DestinationAddress[]>();
      for (const one of said.toReversed()) {
        // A forwarded reminder is about the same digest; an earlier reminder is about another one.
        if (one.snapshot.kind !== 'paste-reminder' || one.snapshot.digestAt.getTime() !== snapshot.digestAt.getTime()) continue;
        asked.set(one.notificationId, [...(asked.get(one.notificationId) ?? []), addressFromRow(one.destination)]);
      }
      return { snapshot, asked: [...asked.values()] };
    },
    async savePeriodOf(meterId, derived) {
      await queries.meter.update({
        where: { id: meterId },
        data: { periodStart: derived?.start ?? null, periodEnd: derived?.end ?? null },
      });
    },
  };
}
