import { z } from 'zod';
import { isAheadOfClock } from '../../core/alerts/rewind.ts';
import { encodePasted, machines } from '../../core/audit/pasted.ts';
import type { LimitName } from '../../core/meters/limits.ts';
import type { IngestOpening, IngestStore, IngestTransaction, NewMeter } from '../../ports/stores/ingest-store.ts';
import { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './sql/account-transaction.ts';
import { addReadings } from './sql/add-readings.ts';
import type { Database } from './sql/database.ts';
import { growDecimals } from './sql/grow-decimals.ts';
import { holdMaking, makeMeters, makeSource } from './sql/make-meters.ts';
import type { Queries } from './sql/queries.ts';
import { readMeterNames } from './sql/meter-names.ts';
import { periodSpecFromRow, ruleFromRow, ruleRows } from './sql/rows.ts';
import { saveDecisions } from './sql/save-decisions.ts';
import { removeFutureReadings } from './sql/remove-future-readings.ts';
import { readMeterState } from './sql/read-meter-state.ts';

/** From here on, the foreign keys of the rows cost more than to parse each statement anew. */
const BULK_READINGS = 100;

/** Stores readings. One statement writes many rows. Meters are locked in one order, so that ingests queue and never deadlock. */
export function createIngestStore(database: Database): IngestStore {
  return {
    namesOf: (account, source) => readMeterNames(database, account, source),
    ingest: (opening, work) =>
      database.transaction(async (queries) => work(await begin(queries, opening)), { isBulk: opening.readings >= BULK_READINGS }),
    async forgetEvents(before) {
      await database.query((queries) => queries.run`DELETE FROM received_event WHERE received_at < ${before}`);
    },
  };
}

async function begin(queries: Queries, opening: IngestOpening): Promise<IngestTransaction> {
  const { account, source, arrivedAt } = opening;
  const { timeZone, period, expectedInterval, isStale, looksAt, ingestedVia, automatedVia, isAskedOff, rules, isMissing, mayMake } =
    await openSource(queries, opening);
  let latestAt: ReadonlyMap<string, number> = new Map();
  /** Ids of the opened meters whose latest figures a person pasted or imported. */
  let pastedMeters: ReadonlySet<string> = new Set();
  const rewoundMeters: { readonly key: string; readonly stampedAt: Date }[] = [];
  return {
    ...createAccountTransaction(queries, { id: account, timeZone }, arrivedAt),
    // Loaded together with the source, which saves a round trip.
    rules: async () => rules,
    source: { timeZone, periodSpec: periodSpecFromRow(period), expectedInterval, isStale, looksAt },
    async rememberEvents(eventIds) {
      // A source that may not be created records no events, so the same event counts as new when it is sent again.
      if (isMissing) return new Set(eventIds);
      if (eventIds.length === 0) return new Set();
      // Sorted, so that two transactions with the same events wait for each other in one direction only.
      const added = await queries.rows`
        INSERT INTO received_event (account_id, source_id, event_id, received_at)
        SELECT ${account}, ${source}, event_id, ${arrivedAt} FROM unnest(${[...new Set(eventIds)].sort()}::text[]) AS event_id
        ON CONFLICT DO NOTHING RETURNING event_id`;
      return new Set(eventRows.parse(added).map((row) => row.event_id));
    },
    async forgetEvents(eventIds) {
      if (eventIds.length === 0) return;
      await queries.run`DELETE FROM received_event WHERE account_id = ${account} AND source_id = ${source} AND event_id = ANY(${[...eventIds]}::text[])`;
    },
    async openMeters(meters) {
      if (isMissing) return { opened: new Map(), refused: new Map([...meters.keys()].map((key) => [key, 'sourcesPerAccount'] as const)) };
      const { refused, known, pasted } = await openMeters(queries, opening, { meters, period, mayMake });
      pastedMeters = pasted;
      const opened = new Map(known);
      for (const [key, meterState] of opened) {
        const shown = meters.get(key)?.details.decimals ?? 0;
        // Pushed readings set the decimals when the meter is created. A polled vendor may show more digits later.
        if (opening.via === 'poll' && shown > meterState.meter.decimals)
          opened.set(key, await growDecimals(queries, opening, meterState, shown));
      }
      for (const [key, meterState] of opened) {
        if (!isAheadOfClock(meterState, arrivedAt) || meterState.current === null) continue;
        opened.set(key, await removeFutureReadings(queries, opening, meterState, timeZone));
        rewoundMeters.push({ key, stampedAt: meterState.current.reading.observedAt });
      }
      latestAt = await readLatest(
        queries,
        [...opened.values()].map(({ meter }) => meter.id),
      );
      return { opened, refused };
    },
    rewound: () => rewoundMeters,
    prepareReadings: addReadings(
      queries,
      arrivedAt,
      ({ meterId, observedAt }) => observedAt.getTime() > (latestAt.get(meterId) ?? -Infinity),
    ),
    saveDecisions: (decisions) => saveDecisions(queries, opening, decisions),
    async saveIngestedBy(person, latest) {
      await savePasted(latest);
      // Pushes are frequent and usually change nothing here, so they should not wait for the lock on this row.
      const asksAgain = isAskedOff && opening.via === 'import';
      const machine = opening.via === 'import' ? automatedVia : opening.via;
      if (person === null && ingestedVia === opening.via && machine === automatedVia && !asksAgain) return;
      const by = person && JSON.stringify(person);
      await queries.run`
        UPDATE source SET ingested_via = ${opening.via}, automated_via = ${machine}, ingested_by = coalesce(${by}::jsonb, ingested_by), reminder_stopped_by = CASE WHEN NOT ${asksAgain} THEN reminder_stopped_by END
        WHERE account_id = ${account} AND id = ${source} AND (ingested_via IS DISTINCT FROM ${opening.via} OR automated_via IS DISTINCT FROM ${machine} OR ingested_by IS DISTINCT FROM coalesce(${by}::jsonb, ingested_by) OR ${asksAgain})`;
    },
  };

  /** Writes nothing in the usual case that no figures were pasted. Pasting again keeps the same source of automatic figures. */
  async function savePasted(latest: Parameters<IngestTransaction['saveIngestedBy']>[1]): Promise<void> {
    const changed = [...latest].flatMap(([id, pasted]) =>
      pasted !== null || pastedMeters.has(id) ? [{ id, pasted: pasted && encodePasted({ ...pasted, over: automatedVia }) }] : [],
    );
    if (changed.length === 0) return;
    await queries.run`
      UPDATE meter SET pasted = new.pasted FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) AS new(id uuid, pasted jsonb) WHERE meter.id = new.id`;
  }
}

const eventRows = z.array(z.object({ event_id: z.string() }));

/** Reads the time of the latest stored reading of each meter that has one. The meters are locked, so no other process adds a later one. */
async function readLatest(queries: Queries, meterIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = latestRows.parse(
    await queries.rows`
      SELECT meter.id, latest.observed_at AS at FROM unnest(${[...meterIds]}::uuid[]) AS meter(id)
      CROSS JOIN LATERAL (SELECT observed_at FROM reading WHERE meter_id = meter.id ORDER BY observed_at DESC LIMIT 1) AS latest`,
  );
  return new Map(rows.map(({ id, at }) => [id, at.getTime()]));
}

const latestRows = z.array(z.object({ id: z.string(), at: z.date() }));

/**
 * Reads the source and creates it if it is new. If it or one of the meters is new, the transaction takes the lock for making them before
 * all its other locks, or two ingests could deadlock.
 */
async function openSource(queries: Queries, opening: IngestOpening) {
  const before = await readSource(queries, opening);
  if (!before.mayMake) return { ...before, isMissing: false };
  await holdMaking(queries, opening.account);
  // Read again, because another process may have made it while this one waited for the lock.
  const held = await readSource(queries, opening);
  if (held.isKnown) return { ...held, mayMake: true, isMissing: false };
  // It is missing if the account already has the most sources it may have.
  const isMissing = !(await makeSource(queries, opening));
  return { ...(await readSource(queries, opening)), mayMake: true, isMissing };
}

async function readSource(queries: Queries, opening: IngestOpening) {
  const { account, source, via, keys } = opening;
  const [found] = openedRows.parse(
    await queries.rows`
      SELECT account.time_zone, source.kind, source.period, poll.every_ms, source.stale_since IS NOT NULL AS is_stale, source.ingested_via, source.automated_via, source.reminder_stopped_by IS NOT NULL AS is_asked_off,
        (SELECT count(*) FROM meter WHERE meter.account_id = account.id AND source_id = ${source} AND key = ANY(${[...keys]}::text[]))::int AS known_meters,
        (SELECT due_at FROM timer WHERE account_id = account.id AND timer.kind = 'staleness' AND subject = ${source}) AS looks_at,
        (SELECT json_agg(json_build_object('id', id, 'kind', kind, 'version', version, 'meters', meters, 'params', params)) FROM rule WHERE account_id = account.id AND NOT retired) AS rules
      FROM account
        LEFT JOIN source ON source.account_id = account.id AND source.id = ${source}
        LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
      WHERE account.id = ${account}`,
  );
  if (found === undefined) throw new Error(`account not found: ${account}`);
  const {
    time_zone: timeZone,
    kind,
    period,
    every_ms: everyMs,
    is_stale: isStale,
    looks_at: looksAt,
    ingested_via: ingestedVia,
    automated_via: automatedVia,
    is_asked_off: isAskedOff,
    rules,
    known_meters: knownMeters,
  } = found;
  return {
    timeZone,
    period: period ?? null,
    expectedInterval: { kind: kind ?? via, everyMs },
    isStale,
    looksAt,
    ingestedVia,
    automatedVia,
    isAskedOff,
    rules: (rules ?? []).map(ruleFromRow),
    isKnown: kind !== null,
    mayMake: kind === null || knownMeters < keys.length,
  };
}

/** `kind` is null if the source does not exist yet. */
const openedRows = z.array(
  z.object({
    time_zone: z.string(),
    kind: z.string().nullable(),
    period: z.unknown(),
    every_ms: z.number().nullable(),
    is_stale: z.boolean(),
    looks_at: z.date().nullable(),
    ingested_via: z.string().nullable(),
    automated_via: z.enum(machines).nullable(),
    is_asked_off: z.boolean(),
    known_meters: z.int(),
    rules: ruleRows.nullable(),
  }),
);

async function openMeters(
  queries: Queries,
  opening: IngestOpening,
  { meters, period, mayMake }: { readonly meters: ReadonlyMap<string, NewMeter>; readonly period: unknown; readonly mayMake: boolean },
) {
  const { account, source } = opening;
  const refused: ReadonlyMap<string, LimitName> = mayMake ? await makeMeters(queries, opening, meters) : new Map();
  const keys = [...meters.keys()].filter((key) => !refused.has(key));
  const known = await lockMeters();
  if (keys.some((key) => !known.has(key))) throw new Error('a meter was deleted meanwhile');
  const renamed = [...meters].filter(([key, { details }]) => differs(known.get(key), details));
  if (renamed.length > 0) await rename(renamed);
  const meterState = await readMeterState(queries, Prisma.sql`id = ANY(${[...known.values()].map(({ id }) => id)}::uuid[])`, () => period);
  const pasted = new Set([...known.values()].flatMap((row) => (row.is_pasted ? [row.id] : [])));
  return { refused, pasted, known: meterState.map((one) => [one.meter.key, one] as const) };

  async function lockMeters() {
    const locked = await queries.rows`
      SELECT id, key, label, unit, managed, pasted IS NOT NULL AS is_pasted FROM meter WHERE account_id = ${account} AND source_id = ${source} AND key = ANY(${keys}) ORDER BY id FOR UPDATE`;
    return new Map(lockedRows.parse(locked).map((row) => [row.key, row]));
  }

  async function rename(said: readonly (readonly [string, NewMeter])[]): Promise<void> {
    const specs = JSON.stringify(said.map(([key, one]) => ({ key, said_label: one.details.label, said_unit: one.details.unit })));
    await queries.run`
      UPDATE meter SET label = CASE WHEN managed THEN meter.label ELSE coalesce(said_label, meter.label) END, unit = coalesce(said_unit, meter.unit)
      FROM jsonb_to_recordset(${specs}::jsonb) AS spec(key text, said_label text, said_unit text)
      WHERE meter.account_id = ${account} AND meter.source_id = ${source} AND meter.key = spec.key`;
  }
}

const lockedRows = z.array(
  z.object({ id: z.string(), key: z.string(), label: z.string(), unit: z.string(), managed: z.boolean(), is_pasted: z.boolean() }),
);

/**
 * Whether a reading gives its meter a new label or unit. Values in creditwatch.yml take precedence; a unit that the file leaves out
 * is filled in.
 */
function differs(meter: z.infer<typeof lockedRows>[number] | undefined, { label, unit }: NewMeter['details']): boolean {
  if (meter === undefined || (meter.managed && meter.unit !== '')) return false;
  return (label !== undefined && label !== meter.label) || (unit !== undefined && unit !== meter.unit);
}
