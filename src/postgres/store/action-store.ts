import { z } from 'zod';
import { encodeBody } from '../../core/meters/stored-history.ts';
import { storedContactsSchema } from '../../core/meters/source.ts';
import type { ActionStore, LockedMeter, MeterKey } from '../../ports/stores/action-store.ts';
import { Prisma } from '../generated/client.ts';
import { createAccountTransaction, readAccount } from './sql/account-transaction.ts';
import type { Database } from './sql/database.ts';
import type { Queries } from './sql/queries.ts';
import { alertFromRow, alertRows, ALERT_COLUMNS } from './sql/rows.ts';
import { lockSource } from './sql/lock-source.ts';
import { saveDecisions } from './sql/save-decisions.ts';
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
        return work({ ...createAccountTransaction(queries, await readAccount(queries, account), now), ...locked });
      }),
    withMeter: (account, on, now, work) =>
      database.transaction(async (queries) => {
        const locked = await lockMeter(queries, account, whereOf(on), now);
        if (locked === null) return null;
        return work({ ...createAccountTransaction(queries, await readAccount(queries, account), now), ...locked });
      }),
  };
}

/** Selects the meter by its id or by the id of its open alert. An id from chat can be any text: one that is not a UUID matches nothing. */
function whereOf(on: MeterKey): Prisma.Sql {
  const id = 'meterId' in on ? on.meterId : on.alertId;
  if (!UUID.test(id)) return Prisma.sql`false`;
  return 'meterId' in on ? Prisma.sql`id = ${id}::uuid` : ofOpenAlert(id);
}

/** Selects the meter of an alert, if the alert is open. */
export function ofOpenAlert(alertId: string): Prisma.Sql {
  return Prisma.sql`id IN (SELECT meter_id FROM alert WHERE alert.id = ${alertId}::uuid AND open_topic IS NOT NULL)`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Locks a meter as an ingest does, so that nothing else decides about it until the transaction ends. Returns null if the account
 * has no such meter.
 */
export async function lockMeter(queries: Queries, accountId: string, which: Prisma.Sql, now: Date): Promise<LockedMeter | null> {
  const [found] = foundRows.parse(
    await queries.rows`SELECT id, source_id AS source FROM meter WHERE ${which} AND account_id = ${accountId} FOR UPDATE`,
  );
  if (found === undefined) return null;
  const [source] = sourceRows.parse(
    await queries.rows`
      SELECT period, contacts, account.admins FROM source JOIN account ON account.id = account_id WHERE account_id = ${accountId} AND source.id = ${found.source}`,
  );
  if (source === undefined) throw new Error('a meter without its source');
  const [meterState] = await readMeterState(queries, Prisma.sql`id = ${found.id}::uuid`, () => source.period);
  if (meterState === undefined) return null;
  return {
    meterState,
    saveAlert: (alert) => saveAlerts(queries, accountId, [{ meterId: found.id, alert }]),
    async closedByPeriodAt(observedAt) {
      const rows = await queries.rows`
        SELECT ${ALERT_COLUMNS} FROM alert WHERE meter_id = ${found.id}::uuid AND resolved_at = ${observedAt} AND resolution = 'period-ended'`;
      return alertRows.parse(rows).map(alertFromRow);
    },
    saveSnooze: (snoozed) => saveSnooze(queries, found.id, snoozed),
    async saveStatedTotal(total) {
      await queries.run`UPDATE meter SET stated_total = ${total}::bigint WHERE id = ${found.id}::uuid`;
    },
    async saveMeasured({ observedAt, used, total }, decisions) {
      await queries.run`
        UPDATE reading SET used = ${used}::bigint, total = ${total}::bigint WHERE meter_id = ${found.id}::uuid AND observed_at = ${observedAt} AND NOT is_at_least`;
      return saveDecisions(queries, { account: accountId, arrivedAt: now }, decisions);
    },
    async forgetRules(ruleIds) {
      await queries.run`UPDATE rule_memory SET state = 'null' WHERE meter_id = ${found.id}::uuid AND rule_id = ANY(${[...ruleIds]}::text[])`;
    },
    async saveHistory(history) {
      await queries.run`
        UPDATE meter SET history = ${JSON.stringify(encodeBody(history))}::jsonb, history_tip = NULL WHERE id = ${found.id}::uuid`;
    },
    async markCorrection(observedAt) {
      await queries.run`UPDATE reading SET is_correction = true WHERE meter_id = ${found.id}::uuid AND observed_at = ${observedAt}`;
    },
    async approvers() {
      const named = storedContactsSchema.parse(source.contacts ?? {}).approver ?? meterState.meter.owner;
      return named === null ? source.admins.map(decodePerson) : [named];
    },
  };
}

const foundRows = z.array(z.object({ id: z.string(), source: z.string() }));
const sourceRows = z.array(z.object({ period: z.unknown(), contacts: z.unknown(), admins: z.array(z.string()) }));
