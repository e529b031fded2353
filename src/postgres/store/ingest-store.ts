import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { encodeSnoozed } from '../../core/snoozed.ts';
import { encodeBody, encodeTip, hasSameBody } from '../../core/stored-history.ts';
import type { Firing } from '../../core/watch.ts';
import type { IngestOpening, IngestStore, IngestTransaction, MeterDecision, NewMeter, NewReading } from '../../ports/ingest-store.ts';
import { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './account-transaction.ts';
import type { Database } from './database.ts';
import { periodSpecFromRow, ruleFromRow } from './rows.ts';
import { saveAlerts } from './watched.ts';
import { readWatched } from './watched-rows.ts';

type Queries = Prisma.TransactionClient;

/** The write side of readings. Many rows go in one statement; meters are locked in one order, so that ingests queue and never deadlock. */
export function createIngestStore(database: Database): IngestStore {
  return {
    async ingest(opening, work) {
      const attempt = (makes: boolean) => database.transaction(async (queries) => work(await begin(queries, opening, makes)));
      try {
        return await attempt(false);
      } catch (error) {
        if (!(error instanceof NewMeters)) throw error;
        return attempt(true);
      }
    },
    async forgetEvents(before) {
      await database.query((queries) => queries.receivedEvent.deleteMany({ where: { receivedAt: { lt: before } } }));
    },
  };
}

/**
 * There are meters to make. That is rare, and must come before the locks, or two ingests could wait for each other: so it ends
 * the transaction, which begins anew.
 */
class NewMeters extends Error {}

async function begin(queries: Queries, opening: IngestOpening, makes: boolean): Promise<IngestTransaction> {
  const { account, source, arrivedAt } = opening;
  const { timeZone, period, rhythm, isQuiet, fedVia, isAskedOff, rules } = await openSource(queries, opening);
  return {
    ...createAccountTransaction(queries, { id: account, timeZone }, arrivedAt),
    // Read with the source, which saves a question.
    rules: async () => rules,
    source: { timeZone, periodSpec: periodSpecFromRow(period), rhythm, isQuiet },
    async rememberEvents(eventIds) {
      if (eventIds.length === 0) return new Set();
      // In one order, so that two that have the same events wait for each other and never both ways.
      const added = await queries.$queryRaw`
        INSERT INTO received_event (account_id, source_id, event_id, received_at)
        SELECT ${account}, ${source}, event_id, ${arrivedAt} FROM unnest(${[...new Set(eventIds)].sort()}::text[]) AS event_id
        ON CONFLICT DO NOTHING RETURNING event_id`;
      return new Set(eventRows.parse(added).map((row) => row.event_id));
    },
    openMeters: (meters) => openMeters(queries, opening, { meters, period, makes }),
    addReadings: (readings) => addReadings(queries, readings, arrivedAt),
    saveDecisions: (decisions) => saveDecisions(queries, opening, decisions),
    async saveFed(person) {
      // Pushes come often and change nothing here: their row is not to be waited for.
      const asksAgain = isAskedOff && opening.via === 'import';
      if (person === null && fedVia === opening.via && !asksAgain) return;
      const by = person && JSON.stringify(person);
      await queries.$executeRaw`
        UPDATE source SET fed_via = ${opening.via}, fed_by = coalesce(${by}::jsonb, fed_by), asked_off_by = CASE WHEN NOT ${asksAgain} THEN asked_off_by END
        WHERE account_id = ${account} AND id = ${source} AND (fed_via IS DISTINCT FROM ${opening.via} OR fed_by IS DISTINCT FROM coalesce(${by}::jsonb, fed_by) OR ${asksAgain})`;
    },
  };
}

const eventRows = z.array(z.object({ event_id: z.string() }));

async function openSource(queries: Queries, { account, source, via, arrivedAt }: IngestOpening) {
  const [found] = openedRows.parse(
    await queries.$queryRaw`
      SELECT account.time_zone, source.kind, source.period, poll.every_ms, source.quiet_since IS NOT NULL AS is_quiet, source.fed_via, source.asked_off_by IS NOT NULL AS is_asked_off,
        (SELECT json_agg(json_build_object('id', id, 'kind', kind, 'version', version, 'meters', meters, 'params', params)) FROM rule WHERE account_id = account.id AND NOT retired) AS rules
      FROM account
        LEFT JOIN source ON source.account_id = account.id AND source.id = ${source}
        LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
      WHERE account.id = ${account}`,
  );
  if (found === undefined) throw new Error(`there is no account ${account}`);
  const { time_zone: timeZone, kind, period, every_ms: everyMs, is_quiet: isQuiet, fed_via: fedVia, is_asked_off: isAskedOff, rules } = found;
  if (kind === null) {
    await queries.$executeRaw`
      INSERT INTO source (account_id, id, kind, first_seen_at) VALUES (${account}, ${source}, ${via}, ${arrivedAt}) ON CONFLICT DO NOTHING`;
  }
  return { timeZone, period: period ?? null, rhythm: { kind: kind ?? via, everyMs }, isQuiet, fedVia, isAskedOff, rules: (rules ?? []).map(ruleFromRow) };
}

/** Without a kind there is no such source yet. */
const openedRows = z.array(z.object({
  time_zone: z.string(), kind: z.string().nullable(), period: z.unknown(), every_ms: z.number().nullable(), is_quiet: z.boolean(), fed_via: z.string().nullable(), is_asked_off: z.boolean(),
  rules: z.array(z.object({ id: z.string(), kind: z.string(), version: z.number(), meters: z.unknown(), params: z.unknown() })).nullable(),
}));

async function openMeters(queries: Queries, { account, source, arrivedAt }: IngestOpening, { meters, period, makes }: { readonly meters: ReadonlyMap<string, NewMeter>; readonly period: unknown; readonly makes: boolean }) {
  const keys = [...meters.keys()];
  if (makes) await addMeters();
  const known = await lockMeters();
  if (keys.some((key) => !known.has(key))) throw new NewMeters('a meter is new');
  const renamed = [...meters].filter(([key, { said }]) => differs(known.get(key), said));
  if (renamed.length > 0) await rename(renamed);
  const watched = await readWatched(queries, Prisma.sql`id = ANY(${[...known.values()].map(({ id }) => id)}::uuid[])`, () => period);
  return new Map(watched.map((one) => [one.meter.key, one]));

  async function lockMeters() {
    const locked = await queries.$queryRaw`
      SELECT id, key, label, unit, managed FROM meter WHERE account_id = ${account} AND source_id = ${source} AND key = ANY(${keys}) ORDER BY id FOR UPDATE`;
    return new Map(lockedRows.parse(locked).map((row) => [row.key, row]));
  }

  async function addMeters(): Promise<void> {
    const specs = JSON.stringify([...meters].map(([key, { id, initial }]) => ({ id, key, ...initial })));
    await queries.$executeRaw`
      INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, aliases, consequence, created_at)
      SELECT id, ${account}, ${source}, key, label, unit, decimals, aliases, consequence, ${arrivedAt}
      FROM jsonb_to_recordset(${specs}::jsonb) AS spec(id uuid, key text, label text, unit text, decimals int, aliases text[], consequence text)
      ORDER BY key
      ON CONFLICT (account_id, source_id, key) DO NOTHING`;
  }

  async function rename(said: readonly (readonly [string, NewMeter])[]): Promise<void> {
    const specs = JSON.stringify(said.map(([key, one]) => ({ key, said_label: one.said.label, said_unit: one.said.unit })));
    await queries.$executeRaw`
      UPDATE meter SET label = CASE WHEN managed THEN meter.label ELSE coalesce(said_label, meter.label) END, unit = coalesce(said_unit, meter.unit)
      FROM jsonb_to_recordset(${specs}::jsonb) AS spec(key text, said_label text, said_unit text)
      WHERE meter.account_id = ${account} AND meter.source_id = ${source} AND meter.key = spec.key`;
  }
}

const lockedRows = z.array(z.object({ id: z.string(), key: z.string(), label: z.string(), unit: z.string(), managed: z.boolean() }));

/** Whether a reading names its meter anew. What creditwatch.yml says of a meter is not overruled; a unit that it leaves out is filled in. */
function differs(meter: z.infer<typeof lockedRows>[number] | undefined, { label, unit }: NewMeter['said']): boolean {
  if (meter === undefined || (meter.managed && meter.unit !== '')) return false;
  return (label !== undefined && label !== meter.label) || (unit !== undefined && unit !== meter.unit);
}

async function addReadings<R extends NewReading>(queries: Queries, readings: readonly R[], receivedAt: Date): Promise<readonly R[]> {
  const distinct = withoutRepeats(readings);
  if (distinct.length === 0) return [];
  const [answer] = addedRows.parse(
    await queries.$queryRaw`
      WITH new AS MATERIALIZED (
        SELECT meter_id, timestamptz 'epoch' + at * interval '1 millisecond' AS observed_at, used, total,
          timestamptz 'epoch' + start * interval '1 millisecond' AS period_start, timestamptz 'epoch' + "end" * interval '1 millisecond' AS period_end, nth
        FROM unnest(${array(distinct, (r) => r.meterId)}::uuid[], ${array(distinct, (r) => r.observedAt.getTime())}::float8[], ${array(distinct, (r) => r.used)}::bigint[],
          ${array(distinct, (r) => r.total)}::bigint[], ${array(distinct, (r) => r.period?.start.getTime())}::float8[], ${array(distinct, (r) => r.period?.end.getTime())}::float8[])
          WITH ORDINALITY AS new(meter_id, at, used, total, start, "end", nth)
      ), added AS (
        INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at)
        SELECT meter_id, observed_at, used, total, period_start, period_end, ${receivedAt} FROM new
        ON CONFLICT DO NOTHING
        RETURNING meter_id, observed_at
      )
      SELECT CASE WHEN (SELECT count(*) FROM added) < ${distinct.length} THEN (SELECT coalesce(json_agg(nth), '[]') FROM new JOIN added USING (meter_id, observed_at)) END AS nths`,
  );
  if (!answer?.nths) return distinct;
  const added = new Set(answer.nths);
  return distinct.filter((_, index) => added.has(index + 1));
}

/** Of two in one request for the same moment the first is the reading. */
function withoutRepeats<R extends NewReading>(readings: readonly R[]): readonly R[] {
  const seen = new Map<string, Set<number>>();
  return readings.filter(({ meterId, observedAt }) => {
    const moments = seen.get(meterId);
    if (moments === undefined) return seen.set(meterId, new Set([observedAt.getTime()]));
    return moments.size < moments.add(observedAt.getTime()).size;
  });
}

/** Null when all of them were added, which is nearly always: then nothing is told of each. */
const addedRows = z.array(z.object({ nths: z.array(z.number()).nullable() }));

/** A column as PostgreSQL writes an array: thousands of values, each handled once. Moments go as milliseconds since 1970, which both sides read faster than text. */
function array<R>(rows: readonly R[], pick: (row: R) => string | bigint | number | null | undefined): string {
  let text = '';
  for (const row of rows) text += `${text === '' ? '' : ','}${pick(row) ?? 'NULL'}`;
  return `{${text}}`;
}

const firingRows = z.array(z.object({ meter_id: z.string(), rule_id: z.string(), rule_version: z.number(), period_began_at: z.date(), condition: z.string(), occurrence: z.number() }));

async function saveDecisions(queries: Queries, { account, arrivedAt }: IngestOpening, decisions: readonly MeterDecision[]): Promise<readonly Firing[]> {
  if (decisions.length === 0) return [];
  const standings = decisions.flatMap(({ before, watched: { meter, standing, history, snoozed } }) => {
    if (standing === null) return [];
    const rests = before.history !== null && history !== null && hasSameBody(before.history, history);
    return [{
      id: meter.id, used: standing.reading.used.toString(), total: standing.reading.total?.toString() ?? null, observed_at: standing.reading.observedAt,
      period_start: standing.reading.period?.start ?? null, period_end: standing.reading.period?.end ?? null,
      period_began_at: standing.periodBeganAt, reset_pending: standing.resetPending, snoozed: snoozed && encodeSnoozed(snoozed),
      history: history && !rests ? encodeBody(history) : null, history_tip: history && encodeTip(history),
    }];
  });
  await queries.$executeRaw`
    UPDATE meter SET used = new.used, total = new.total, observed_at = new.observed_at, period_start = new.period_start,
      period_end = new.period_end, period_began_at = new.period_began_at, reset_pending = new.reset_pending, snoozed = new.snoozed,
      history = coalesce(new.history, meter.history), history_tip = new.history_tip
    FROM jsonb_to_recordset(${JSON.stringify(standings)}::jsonb) AS new(id uuid, used bigint, total bigint, observed_at timestamptz,
      period_start timestamptz, period_end timestamptz, period_began_at timestamptz, reset_pending boolean, snoozed jsonb, history jsonb, history_tip jsonb)
    WHERE meter.id = new.id`;
  await saveMemories(queries, decisions);
  for (const { watched, alerts } of decisions) await saveAlerts(queries, account, watched.meter.id, alerts);
  const firings = decisions.flatMap(({ watched, firings: all }) => all.map((firing) => ({ meterId: watched.meter.id, firing })));
  return firings.length === 0 ? [] : claimFirings(queries, firings, arrivedAt);
}

/** Those that changed: most rules have nothing new to remember of most readings. */
async function saveMemories(queries: Queries, decisions: readonly MeterDecision[]): Promise<void> {
  const changed = decisions.flatMap(({ before, watched: { meter, memories } }) =>
    [...memories].flatMap(([ruleId, memory]) =>
      isDeepStrictEqual(memory, before.memories.get(ruleId)) ? [] : [{ meter_id: meter.id, rule_id: ruleId, rule_version: memory.ruleVersion, state: memory.state, firings: memory.firings }]));
  if (changed.length === 0) return;
  await queries.$executeRaw`
    INSERT INTO rule_memory (meter_id, rule_id, rule_version, state, firings)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) AS new(meter_id uuid, rule_id text, rule_version int, state jsonb, firings jsonb)
    ON CONFLICT (meter_id, rule_id) DO UPDATE SET rule_version = excluded.rule_version, state = excluded.state, firings = excluded.firings`;
}

async function claimFirings(queries: Queries, all: readonly { meterId: string; firing: Firing }[], firedAt: Date): Promise<readonly Firing[]> {
  const rows = all.map(({ meterId, firing }) => ({
    meter_id: meterId, rule_id: firing.ruleId, rule_version: firing.ruleVersion, period_began_at: firing.periodBeganAt, condition: firing.condition,
    occurrence: firing.occurrence, alert_id: firing.alertId,
  }));
  const claimed = firingRows.parse(
    await queries.$queryRaw`
      INSERT INTO firing (meter_id, rule_id, rule_version, period_began_at, condition, occurrence, alert_id, fired_at)
      SELECT new.*, ${firedAt} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS new(meter_id uuid, rule_id text, rule_version int, period_began_at timestamptz, condition text, occurrence int, alert_id uuid)
      ON CONFLICT DO NOTHING
      RETURNING meter_id, rule_id, rule_version, period_began_at, condition, occurrence`,
  );
  const keys = new Set(claimed.map((row) => JSON.stringify([row.meter_id, row.rule_id, row.rule_version, row.period_began_at, row.condition, row.occurrence])));
  return all
    .filter(({ meterId, firing }) => keys.has(JSON.stringify([meterId, firing.ruleId, firing.ruleVersion, firing.periodBeganAt, firing.condition, firing.occurrence])))
    .map(({ firing }) => firing);
}
