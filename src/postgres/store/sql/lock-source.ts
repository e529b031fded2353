import { z } from 'zod';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { DestinationAddress } from '../../../core/notifications/route.ts';
import type { LockedSource } from '../../../ports/stores/action-store.ts';
import { Prisma } from '../../generated/client.ts';
import { holdMeters } from './hold-meters.ts';
import type { Queries } from './queries.ts';
import { figureRows, FIGURE_COLUMNS, heldFromMeter, meterFromRow, readingFromMeter } from './meter-rows.ts';
import { ingestedByFromRow, periodSpecFromRow, addressFromRow } from './rows.ts';
import { encodePerson } from '../../../core/text/person.ts';

/** Far above the deliveries that one reminder can have, even after it is forwarded to all admins and operations destinations. */
const MOST_REMINDED = 500;

/**
 * Locks a source and its meters as an ingest does, so that no reading is stored meanwhile. Returns null if the account has no such
 * source.
 */
export async function lockSource(queries: Queries, accountId: string, id: string): Promise<LockedSource | null> {
  const ofSource = Prisma.sql`account_id = ${accountId} AND source_id = ${id}`;
  await holdMeters(queries, ofSource);
  const [row] = sourceRows.parse(
    await queries.rows`
      SELECT period, period_by AS "periodBy", ingested_by AS "ingestedBy" FROM source WHERE account_id = ${accountId} AND id = ${id} FOR UPDATE`,
  );
  if (row === undefined) return null;
  // Also those that were added before the source was locked.
  await holdMeters(queries, ofSource);
  // Read after all locks are held, in a statement of its own, which sees what was committed meanwhile.
  const meters = figureRows.parse(await queries.rows`SELECT ${FIGURE_COLUMNS} FROM meter WHERE ${ofSource} ORDER BY key`);
  const period = periodSpecFromRow(row.period);
  return {
    source: { id, period },
    isManaged: period !== null && row.periodBy === null,
    ingestedBy: ingestedByFromRow(row.ingestedBy),
    figures: meters.flatMap((meter) => {
      const reading = readingFromMeter(meter);
      return reading === null ? [] : [{ meter: meterFromRow(meter, row), reading, held: heldFromMeter(meter) }];
    }),
    async savePeriod(spec, by) {
      await queries.run`
        UPDATE source SET period = ${JSON.stringify(spec)}::jsonb, period_by = ${encodePerson(by)} WHERE account_id = ${accountId} AND id = ${id}`;
    },
    async saveReminderStopped(by) {
      await queries.run`UPDATE source SET reminder_stopped_by = ${encodePerson(by)} WHERE account_id = ${accountId} AND id = ${id}`;
    },
    async lastReminder() {
      // Sorted by delivery, because several notifications may have the same timestamp.
      const deliveries = reminderRows.parse(
        await queries.rows`
          SELECT notification_id AS "notificationId", snapshot, destination.kind, address, is_direct AS "isDirect"
          FROM delivery JOIN notification ON notification.id = notification_id JOIN destination ON destination.id = destination_id
          WHERE notification.account_id = ${accountId} AND notification.kind = 'paste-reminder' AND snapshot ->> 'source' = ${id} AND action = 'post'
          ORDER BY delivery.seq DESC LIMIT ${MOST_REMINDED}::int`,
      );
      const said = deliveries.map(({ notificationId, snapshot, ...destination }) => ({
        notificationId,
        destination,
        snapshot: decodeSnapshot(snapshot),
      }));
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
      await queries.run`
        UPDATE meter SET period_start = ${derived?.start ?? null}, period_end = ${derived?.end ?? null} WHERE id = ${meterId}::uuid`;
    },
  };
}

const sourceRows = z.array(z.object({ period: z.unknown(), periodBy: z.string().nullable(), ingestedBy: z.json() }));
const reminderRows = z.array(
  z.object({ notificationId: z.string(), snapshot: z.unknown(), kind: z.string(), address: z.string(), isDirect: z.boolean() }),
);
