import { encodeBody } from '../../core/meters/stored-history.ts';
import { storedContactsSchema } from '../../core/meters/source.ts';
import type { ActionStore, LockedMeter, MeterKey } from '../../ports/stores/action-store.ts';
import { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './sql/account-transaction.ts';
import type { Database } from './sql/database.ts';
import { toJson } from './sql/json.ts';
import { alertFromRow } from './sql/rows.ts';
import { lockSource } from './sql/lock-source.ts';
import { saveAlerts, saveSnooze } from './sql/save-meter-state.ts';
import { readMeterState } from './sql/read-meter-state.ts';
import { decodePerson } from '../../core/text/person.ts';

/** Transactions for what people do to the alerts of one meter or source. */
export function createActionStore(database: Database): ActionStore {
  return {
    withSource: (account, id, now, work) =>
      database.transaction(async (queries) => {
        const locked = await lockSource(queries, account, id);
        if (locked === null) return null;
        const { timeZone } = await queries.account.findUniqueOrThrow({ where: { id: account } });
        return work({ ...createAccountTransaction(queries, { id: account, timeZone }, now), ...locked });
      }),
    withMeter: (account, on, now, work) =>
      database.transaction(async (queries) => {
        const locked = await lockMeter(queries, account, whereOf(on));
        if (locked === null) return null;
        const { timeZone } = await queries.account.findUniqueOrThrow({ where: { id: account } });
        return work({ ...createAccountTransaction(queries, { id: account, timeZone }, now), ...locked });
      }),
  };
}

/** Selects the meter by its id or by the id of its open alert. An id from chat can be any text: one that is not a UUID matches nothing. */
function whereOf(on: MeterKey): Prisma.MeterWhereInput {
  const [id, where] =
    'meterId' in on ? [on.meterId, { id: on.meterId }] : [on.alertId, { alerts: { some: { id: on.alertId, openTopic: { not: null } } } }];
  return UUID.test(id) ? where : { id: { in: [] } };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Locks a meter as an ingest does, so that nothing else decides about it until the transaction ends. Returns null if the account
 * has no such meter.
 */
export async function lockMeter(
  queries: Prisma.TransactionClient,
  accountId: string,
  where: Prisma.MeterWhereInput,
): Promise<LockedMeter | null> {
  const found = await queries.meter.findFirst({ where: { ...where, accountId }, select: { id: true, sourceId: true } });
  if (found === null) return null;
  await queries.$queryRaw`SELECT id FROM meter WHERE id = ${found.id}::uuid FOR UPDATE`;
  const { period } = await queries.source.findUniqueOrThrow({ where: { accountId_id: { accountId, id: found.sourceId } } });
  const [meterState] = await readMeterState(queries, Prisma.sql`id = ${found.id}::uuid`, () => period);
  if (meterState === undefined) return null;
  return {
    meterState,
    saveAlert: (alert) => saveAlerts(queries, accountId, [{ meterId: found.id, alert }]),
    async closedByPeriodAt(observedAt) {
      const rows = await queries.alert.findMany({ where: { meterId: found.id, resolvedAt: observedAt, resolution: 'period-ended' } });
      return rows.map(alertFromRow);
    },
    saveSnooze: (snoozed) => saveSnooze(queries, found.id, snoozed),
    async forgetRules(ruleIds) {
      await queries.ruleMemory.updateMany({ where: { meterId: found.id, ruleId: { in: [...ruleIds] } }, data: { state: Prisma.JsonNull } });
    },
    async saveHistory(history) {
      await queries.meter.update({ where: { id: found.id }, data: { history: toJson(encodeBody(history)), historyTip: Prisma.DbNull } });
    },
    async markCorrection(observedAt) {
      await queries.reading.updateMany({ where: { meterId: found.id, observedAt }, data: { isCorrection: true } });
    },
    async approvers() {
      const source = await queries.source.findUniqueOrThrow({
        where: { accountId_id: { accountId, id: found.sourceId } },
        include: { account: true },
      });
      const named = storedContactsSchema.parse(source.contacts ?? {}).approver ?? meterState.meter.owner;
      return named === null ? source.account.admins.map(decodePerson) : [named];
    },
  };
}
