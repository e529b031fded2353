import { z } from 'zod';
import { grouped } from '../../core/grouped.ts';
import { forgedCodes, unreadCodes } from '../../core/meters/mail.ts';
import { decodeSnapshot } from '../../core/notifications/notification.ts';
import { looksAlike } from '../../core/text/look-alike.ts';
import { machineOf } from '../../core/audit/pasted.ts';
import type { ReadStore } from '../../ports/stores/read-store.ts';
import type { Database } from './sql/database.ts';
import { readMeterNames } from './sql/meter-names.ts';
import { readingFromRow } from './sql/meter-rows.ts';
import { addressFromRow, ledgerFromRow, machineFromSource, pastAlertFrom, routeFromRow, ruleFromRow } from './sql/rows.ts';
import { readAllMeters, readFigures, readHistories, readMeters, readMetersWithoutReading, readSources } from './sql/read-meters.ts';
import { countDestinations, readSamples } from './sql/samples.ts';
import { readUndelivered } from './sql/undelivered.ts';
import { decodePerson, encodePerson } from '../../core/text/person.ts';

const namedRows = z.array(z.object({ name: z.string() }));
const unreadMailRows = z.array(
  z.object({ source: z.string(), code: z.enum([...forgedCodes, ...unreadCodes]), count: z.int(), latest: z.date() }),
);
const pastedRows = z.array(z.object({ source: z.string() }));

/** The read side, for commands, metrics and `doctor`. */
export function createReadStore(database: Database): ReadStore {
  return {
    async timeZone(account) {
      const row = await database.models((models) => models.account.findUnique({ where: { id: account } }));
      return row?.timeZone ?? 'UTC';
    },
    async admins(account) {
      const row = await database.models((models) => models.account.findUnique({ where: { id: account } }));
      return (row?.admins ?? []).map(decodePerson);
    },
    async machineOf(accountId, id) {
      const sources = await database.models((models) => models.source.findMany({ where: { accountId } }));
      const machineOfRow = (row: (typeof sources)[number]) => machineOf({ ...row, automatedVia: machineFromSource(row) });
      const itself = sources.find((row) => row.id === id);
      if (itself) return machineOfRow(itself);
      return (
        sources
          .filter((row) => looksAlike(row.id, id))
          .map(machineOfRow)
          .find((machine) => machine !== null) ?? null
      );
    },
    async lastPasted(account, { platform, id }) {
      const [last] = pastedRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT source_id AS source FROM meter WHERE account_id = ${account} AND pasted IS NOT NULL
            ORDER BY (pasted ->> 'platform' = ${platform} AND pasted ->> 'by' IS NOT DISTINCT FROM ${id}) DESC, (pasted ->> 'at')::timestamptz DESC, source_id LIMIT 1`,
        ),
      );
      return last?.source ?? null;
    },
    async mayLook(account, person) {
      const user = encodePerson(person);
      return database.models(async (models) => {
        const row = await models.account.findUnique({ where: { id: account } });
        if (row?.viewersLimited !== true || row.viewers.includes(user) || row.admins.includes(user)) return true;
        const [owned, approved] = await Promise.all([
          models.meter.findFirst({ where: { accountId: account, owner: user }, select: { id: true } }),
          models.source.findFirst({ where: { accountId: account, contacts: { path: ['approver'], equals: user } }, select: { id: true } }),
        ]);
        return owned !== null || approved !== null;
      });
    },
    meters: (account) => readAllMeters(database, account),
    metersById: (account, ids) => readMeters(database, account, ids),
    figures: (account, which) => readFigures(database, account, which),
    metersWithoutReading: (account) => readMetersWithoutReading(database, account),
    namesOf: (account, source) => readMeterNames(database, account, source),
    histories: (account, ids) => readHistories(database, account, ids),
    sources: (account) => readSources(database, account),
    async meterOfAlert(account, id) {
      if (!z.uuid().safeParse(id).success) return null;
      const row = await database.models((models) =>
        models.alert.findFirst({ where: { accountId: account, id, openTopic: { not: null } } }),
      );
      return row === null ? null : ((await readMeters(database, account, [row.meterId]))[0] ?? null);
    },
    async readings(meterId, since, until, most) {
      const rows = await database.models((models) =>
        models.reading.findMany({
          where: { meterId, observedAt: { gte: since, lt: until } },
          orderBy: { observedAt: 'asc' },
          ...(most !== undefined && { take: most }),
        }),
      );
      return rows.map(readingFromRow);
    },
    async readingsBefore(meterId, at, most) {
      const rows = await database.models((models) =>
        models.reading.findMany({ where: { meterId, observedAt: { lt: at } }, orderBy: { observedAt: 'desc' }, take: most }),
      );
      return rows.toReversed().map(readingFromRow);
    },
    async rules(account) {
      const rows = await database.models((models) => models.rule.findMany({ where: { accountId: account, retired: false } }));
      return rows.map(ruleFromRow);
    },
    async pastAlerts(account, since) {
      const rows = await database.models((models) =>
        models.alert.findMany({
          where: { accountId: account, resolvedAt: { gte: since } },
          include: { meter: true },
          orderBy: { resolvedAt: 'desc' },
        }),
      );
      return rows.flatMap(pastAlertFrom);
    },
    async pastAlert(account, id) {
      if (!z.uuid().safeParse(id).success) return null;
      const row = await database.models((models) =>
        models.alert.findFirst({ where: { accountId: account, id }, include: { meter: true } }),
      );
      return row === null ? null : (pastAlertFrom(row)[0] ?? null);
    },
    undelivered: (account, since) => database.query((queries) => readUndelivered(queries, account, since)),
    async routes(account) {
      const rows = await database.models((models) =>
        models.route.findMany({ where: { accountId: account }, include: { destination: true }, orderBy: { id: 'asc' } }),
      );
      return rows.map(routeFromRow);
    },
    async statedTotals(account) {
      const rows = namedRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT source_id || '/' || key AS name FROM meter WHERE account_id = ${account} AND stated_total IS NOT NULL`,
        ),
      );
      return new Set(rows.map(({ name }) => name));
    },

    async unreadMails(account, since) {
      const rows = unreadMailRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT source_id AS source, outcome AS code, count(*)::int AS count, max(sent_at) AS latest FROM mail
            WHERE account_id = ${account} AND read_at >= ${since} AND outcome NOT IN ('stored', 'away')
              AND NOT EXISTS (SELECT FROM poll WHERE poll.account_id = mail.account_id AND poll.source_id = mail.source_id)
            GROUP BY source_id, outcome ORDER BY source_id, min(sent_at), outcome`,
        ),
      );
      const bySource = grouped(rows, ({ source }) => source);
      return [...bySource].map(([source, of]) => ({ source, tallies: of.map(({ code, count, latest }) => ({ code, count, latest })) }));
    },

    async polls(account) {
      const rows = await database.models((models) =>
        models.poll.findMany({
          ...(account !== undefined && { where: { accountId: account } }),
          orderBy: [{ accountId: 'asc' }, { sourceId: 'asc' }],
          omit: { answerMemory: true, driftCauses: true },
        }),
      );
      return rows.map(ledgerFromRow);
    },
    async destinations() {
      const rows = await database.models((models) =>
        models.destination.findMany({
          include: {
            routes: { orderBy: { id: 'asc' } },
            deliveries: {
              where: { status: 'pending' },
              orderBy: { seq: 'asc' },
              take: 1,
              include: { attempts: { orderBy: { number: 'desc' }, take: 1 } },
            },
            _count: { select: { deliveries: { where: { status: 'pending' } } } },
          },
          orderBy: [{ accountId: 'asc' }, { kind: 'asc' }, { address: 'asc' }],
        }),
      );
      return rows.map((row) => ({
        id: row.id,
        account: row.accountId,
        fallback: row.fallback,
        routes: row.routes.map((route) => route.id),
        disabledReason: row.disabledReason,
        pending: row._count.deliveries,
        trouble: row.deliveries[0]?.attempts[0]?.reason ?? null,
        ...addressFromRow(row),
      }));
    },
    destinationCounts: () => database.query(countDestinations),
    samples: () => readSamples(database),
    async accounts() {
      const rows = await database.models((models) => models.account.findMany({ select: { id: true }, orderBy: { id: 'asc' } }));
      return rows.map((row) => row.id);
    },
    async lastNotified(account) {
      const row = await database.models((models) =>
        models.notification.findFirst({
          where: { accountId: account, alert: { openTopic: { not: null } }, deliveries: { some: { status: 'sent' } } },
          orderBy: { createdAt: 'desc' },
        }),
      );
      return row && decodeSnapshot(row.snapshot);
    },
    async ping() {
      await database.check();
    },
  };
}
