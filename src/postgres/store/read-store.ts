import { decodeSnapshot } from '../../core/notification.ts';
import type { ReadStore } from '../../ports/store.ts';
import type { Database } from './database.ts';
import { addressFromRow, meterFromRow, readingFromMeter, readingFromRow, ruleFromRow } from './rows.ts';

/** The read side: what commands, metrics and the doctor ask. */
export function createReadStore(database: Database): ReadStore {
  return {
    async timeZone(account) {
      const row = await database.query((queries) => queries.account.findUnique({ where: { id: account } }));
      return row?.timeZone ?? 'UTC';
    },
    async meters(account) {
      const rows = await database.query((queries) => queries.meter.findMany({ where: { accountId: account, observedAt: { not: null } } }));
      return rows.flatMap((row) => {
        const reading = readingFromMeter(row);
        return reading === null ? [] : [{ meter: meterFromRow(row), reading }];
      });
    },
    async readings(meterId, since, until) {
      const rows = await database.query((queries) => queries.reading.findMany({ where: { meterId, observedAt: { gte: since, lt: until } }, orderBy: { observedAt: 'asc' } }));
      return rows.map(readingFromRow);
    },
    async readingBefore(meterId, at) {
      const row = await database.query((queries) => queries.reading.findFirst({ where: { meterId, observedAt: { lt: at } }, orderBy: { observedAt: 'desc' } }));
      return row && readingFromRow(row);
    },
    async rules(account) {
      const rows = await database.query((queries) => queries.rule.findMany({ where: { accountId: account, retired: false } }));
      return rows.map(ruleFromRow);
    },
    async destinations() {
      const rows = await database.query((queries) =>
        queries.destination.findMany({
          include: { routes: { orderBy: { id: 'asc' } }, _count: { select: { deliveries: { where: { status: 'pending' } } } } },
          orderBy: [{ accountId: 'asc' }, { kind: 'asc' }, { address: 'asc' }],
        }),
      );
      return rows.map((row) => ({
        id: row.id,
        account: row.accountId,
        fallback: row.fallback,
        routes: row.routes.map((route) => route.id),
        offReason: row.offReason,
        pending: row._count.deliveries,
        ...addressFromRow(row),
      }));
    },
    async accounts() {
      const rows = await database.query((queries) => queries.account.findMany({ select: { id: true }, orderBy: { id: 'asc' } }));
      return rows.map((row) => row.id);
    },
    async lastTold(account) {
      const row = await database.query((queries) =>
        queries.notification.findFirst({
          where: { accountId: account, alert: { openTopic: { not: null } }, deliveries: { some: { status: 'sent' } } },
          orderBy: { createdAt: 'desc' },
        }),
      );
      return row && decodeSnapshot(row.snapshot);
    },
    async ping() {
      await database.query((queries) => queries.$queryRaw`SELECT 1`);
    },
  };
}
