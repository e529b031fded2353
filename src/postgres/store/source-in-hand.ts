import { decodeSnapshot } from '../../core/notification.ts';
import type { SourceInHand } from '../../ports/action-store.ts';
import type { Prisma } from '../generated/client.ts';
import { toJson } from './json.ts';
import { fedByFromRow, heldFromMeter, meterFromRow, periodSpecFromRow, readingFromMeter } from './rows.ts';

/** Locks a source and its meters as an ingest does, so that no reading comes between. Null when the account has no such source. */
export async function takeSource(queries: Prisma.TransactionClient, accountId: string, id: string): Promise<SourceInHand | null> {
  await queries.$queryRaw`SELECT id FROM source WHERE account_id = ${accountId} AND id = ${id} FOR UPDATE`;
  await queries.$queryRaw`SELECT id FROM meter WHERE account_id = ${accountId} AND source_id = ${id} ORDER BY id FOR UPDATE`;
  const where = { accountId_id: { accountId, id } };
  const row = await queries.source.findUnique({ where, include: { meters: true } });
  if (row === null) return null;
  const period = periodSpecFromRow(row.period);
  return {
    source: { id, period },
    isManaged: period !== null && row.periodBy === null,
    fedBy: fedByFromRow(row.fedBy),
    figures: row.meters.flatMap((meter) => {
      const reading = readingFromMeter(meter);
      return reading === null ? [] : [{ meter: meterFromRow(meter, row), reading, held: heldFromMeter(meter) }];
    }),
    async savePeriod(spec, by) {
      await queries.source.update({ where, data: { period: toJson(spec), periodBy: by } });
    },
    async saveAskedOff(by) {
      await queries.source.update({ where, data: { askedOffBy: by } });
    },
    async lastReminder() {
      const last = await queries.notification.findFirst({
        where: { accountId, kind: 'paste-reminder', snapshot: { path: ['source'], equals: id } },
        orderBy: { createdAt: 'desc' },
      });
      const said = last && decodeSnapshot(last.snapshot);
      return said?.kind === 'paste-reminder' ? said : null;
    },
    async savePeriodOf(meterId, derived) {
      await queries.meter.update({
        where: { id: meterId },
        data: { periodStart: derived?.start ?? null, periodEnd: derived?.end ?? null },
      });
    },
  };
}
