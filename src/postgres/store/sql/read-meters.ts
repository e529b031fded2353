import { z } from 'zod';
import { chunked } from '../../../core/chunked.ts';
import type { Meter } from '../../../core/meters/meter.ts';
import type { Source } from '../../../core/meters/source.ts';
import type { MeterFigures, MeterNow } from '../../../core/status/meter-status.ts';
import type { WhichMeters } from '../../../ports/stores/read-store.ts';
import { Prisma } from '../../generated/client.ts';
import type { Database } from './database.ts';
import {
  FIGURE_COLUMNS,
  figureRows,
  heldFromMeter,
  historyFromMeter,
  meterFromRow,
  pastedFromMeter,
  readingFromMeter,
  storedSnoozeFromRow,
} from './meter-rows.ts';
import { ALERT_COLUMNS, alertFromRow, alertRows, sourceFromRow } from './rows.ts';
import { severitySchema } from '../../../core/rules/severity.ts';

/** The meters of one statement, which are decoded without a pause: a few milliseconds. */
const FIGURES_AT_ONCE = 200;
/** A history takes several times as long to decode as all else. */
const METERS_AT_ONCE = 100;

/**
 * Returns the ids of the meters that have a reading, by label and source. One text for all of them: thousands of rows would hold up other
 * work while they arrive.
 */
async function readMeterIds(database: Database, account: string, which: WhichMeters | undefined): Promise<readonly string[]> {
  const [row] = idsRows.parse(
    await database.query(
      (queries) => queries.rows`
        SELECT string_agg(id::text, ',' ORDER BY label, source_id, id) AS ids FROM meter
        WHERE account_id = ${account} AND observed_at IS NOT NULL AND used IS NOT NULL ${which === undefined ? Prisma.empty : conditionOf(account, which)}`,
    ),
  );
  return row?.ids?.split(',') ?? [];
}

const idsRows = z.array(z.object({ ids: z.string().nullable() }));

function conditionOf(account: string, which: WhichMeters): Prisma.Sql {
  if ('source' in which) return Prisma.sql`AND source_id = ${which.source}`;
  // A union and no OR, which would read all meters.
  if ('named' in which)
    return Prisma.sql`AND id IN (
      SELECT meter_id FROM meter_name WHERE account_id = ${account} AND left(name, 200) = ANY(ARRAY(SELECT left(searchable_name(typed), 200) FROM unnest(${which.named}::text[]) AS typed))
      UNION ALL ${ofSourceNamed(account, which.named)})`;
  return Prisma.sql`AND id IN (
    SELECT meter_id FROM meter_name, (SELECT DISTINCT searchable_name(typed) AS text FROM unnest(${which.holding}::text[]) AS typed) AS part
    WHERE account_id = ${account} AND strpos(name, part.text) > 0
    UNION ALL ${ofSourceNamed(account, which.holding)})`;
}

function ofSourceNamed(account: string, typed: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT meter.id FROM source JOIN meter ON meter.account_id = source.account_id AND meter.source_id = source.id
    WHERE source.account_id = ${account} AND searchable_name(source.id) = ANY(ARRAY(SELECT searchable_name(typed) FROM unnest(${typed}::text[]) AS typed))`;
}

/** Streams the figures of meters. Those that are deleted meanwhile are left out. */
export async function* readFigures(
  database: Database,
  account: string,
  which: WhichMeters | undefined,
): AsyncGenerator<readonly MeterFigures[]> {
  const sources = sourcesOf(database, account);
  for (const ids of chunked(await readMeterIds(database, account, which), FIGURES_AT_ONCE)) {
    const rows = listedRows.parse(
      await database.query(
        (queries) => queries.rows`
          SELECT ${FIGURE_COLUMNS},
            CASE WHEN is_balance THEN history END AS history, CASE WHEN is_balance THEN history_tip END AS "historyTip",
            ARRAY(SELECT severity FROM alert WHERE alert.meter_id = meter.id AND alert.open_topic IS NOT NULL) AS severities
          FROM meter JOIN source ON source.account_id = meter.account_id AND source.id = meter.source_id
            CROSS JOIN LATERAL (SELECT source.period ->> 'every' = 'none' AND (period_start IS NULL OR period_end IS NULL) AS is_balance) AS kind
          WHERE meter.id = ANY(${ids}::uuid[]) AND meter.account_id = ${account}`,
      ),
    );
    const sourceOf = await sources(rows.map(({ sourceId }) => sourceId));
    yield inOrderOf(ids, rows).flatMap((row): MeterFigures[] => {
      const [reading, source] = [readingFromMeter(row), sourceOf(row.sourceId)];
      if (reading === null || source === undefined) return [];
      return [
        {
          meter: meterFromRow(row, source),
          source,
          reading,
          held: heldFromMeter(row),
          history: historyFromMeter(row),
          alerts: row.severities.map((severity) => ({ severity })),
        },
      ];
    });
  }
}

/** Reads all meters that have a reading, by label and source. */
export async function readAllMeters(database: Database, account: string): Promise<readonly MeterNow[]> {
  return readMeters(database, account, await readMeterIds(database, account, undefined));
}

/** Reads the meters of creditwatch.yml that have no reading yet. */
export async function readMetersWithoutReading(database: Database, account: string): Promise<readonly Meter[]> {
  const rows = figureRows.parse(
    await database.query(
      (queries) => queries.rows`
        SELECT ${FIGURE_COLUMNS} FROM meter WHERE account_id = ${account} AND managed AND (observed_at IS NULL OR used IS NULL) ORDER BY label, source_id, id`,
    ),
  );
  const sourceOf = await sourcesOf(database, account)(rows.map(({ sourceId }) => sourceId));
  return rows.flatMap((row) => {
    const source = sourceOf(row.sourceId);
    return source === undefined ? [] : [meterFromRow(row, source)];
  });
}

/** Reads all that people see of some meters, in the given order. Waits between parts of them, so that other work gets a turn. */
export async function readMeters(database: Database, account: string, wanted: readonly string[]): Promise<readonly MeterNow[]> {
  const sources = sourcesOf(database, account);
  const meters: MeterNow[] = [];
  for (const ids of chunked(wanted, METERS_AT_ONCE)) {
    const [found, open] = await database.query((queries) =>
      Promise.all([
        queries.rows`
          SELECT ${FIGURE_COLUMNS}, history, history_tip AS "historyTip", pasted, snoozed FROM meter WHERE id = ANY(${ids}::uuid[]) AND account_id = ${account}`,
        queries.rows`
          SELECT ${ALERT_COLUMNS}, meter_id AS "meterId" FROM alert WHERE meter_id = ANY(${ids}::uuid[]) AND open_topic IS NOT NULL ORDER BY opened_at, id`,
      ]),
    );
    const rows = meterRows.parse(found);
    const alerts = openRows.parse(open);
    const sourceOf = await sources(rows.map(({ sourceId }) => sourceId));
    for (const row of inOrderOf(ids, rows)) {
      const [reading, source] = [readingFromMeter(row), sourceOf(row.sourceId)];
      if (reading === null || source === undefined) continue;
      meters.push({
        meter: meterFromRow(row, source),
        source,
        reading,
        pasted: pastedFromMeter(row),
        held: heldFromMeter(row),
        history: historyFromMeter(row),
        alerts: alerts.filter(({ meterId }) => meterId === row.id).map(alertFromRow),
        snoozed: storedSnoozeFromRow(row),
      });
    }
  }
  return meters;
}

/** Streams the histories of meters. */
export async function* readHistories(
  database: Database,
  account: string,
  wanted: readonly string[],
): AsyncGenerator<readonly Pick<MeterNow, 'history' | 'reading'>[]> {
  for (const ids of chunked(wanted, METERS_AT_ONCE)) {
    const rows = historyRows.parse(
      await database.query(
        (queries) => queries.rows`
          SELECT used, total, observed_at AS "observedAt", period_start AS "periodStart", period_end AS "periodEnd", is_coarse AS "isCoarse",
            is_total_unknown AS "isTotalUnknown", is_at_least AS "isAtLeast", history, history_tip AS "historyTip"
          FROM meter WHERE id = ANY(${ids}::uuid[]) AND account_id = ${account}`,
      ),
    );
    yield rows.flatMap((row) => {
      const reading = readingFromMeter(row);
      return reading === null ? [] : [{ reading, history: historyFromMeter(row) }];
    });
  }
}

/** Reads the sources of meters that have a reading, in the order of their first label. */
export async function readSources(database: Database, account: string): Promise<readonly Source[]> {
  const rows = sourceRows.parse(
    await database.query(
      (queries) => queries.rows`
        SELECT ${SOURCE_COLUMNS} FROM source LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
        JOIN (
          SELECT source_id, min(label) AS label FROM meter WHERE account_id = ${account} AND observed_at IS NOT NULL AND used IS NOT NULL GROUP BY source_id
        ) AS first ON first.source_id = source.id
        WHERE source.account_id = ${account} ORDER BY first.label, source.id`,
    ),
  );
  return rows.map(sourceFromRow);
}

const SOURCE_COLUMNS = Prisma.sql`source.id, kind, period, contacts, every_ms AS "everyMs"`;

/** Reads each source when the first of its meters needs it. */
function sourcesOf(database: Database, account: string): (ids: readonly string[]) => Promise<(id: string) => Source | undefined> {
  const known = new Map<string, Source>();
  return async (ids) => {
    const missing = [...new Set(ids)].filter((id) => !known.has(id));
    if (missing.length > 0) {
      const rows = sourceRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT ${SOURCE_COLUMNS} FROM source LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
            WHERE source.account_id = ${account} AND source.id = ANY(${missing})`,
        ),
      );
      for (const row of rows) known.set(row.id, sourceFromRow(row));
    }
    return (id) => known.get(id);
  };
}

function inOrderOf<T extends { readonly id: string }>(ids: readonly string[], rows: readonly T[]): readonly T[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const ofHistory = { history: z.unknown(), historyTip: z.unknown() };
const listedRows = z.array(figureRows.element.extend({ ...ofHistory, severities: z.array(severitySchema) }));
const meterRows = z.array(figureRows.element.extend({ ...ofHistory, pasted: z.unknown(), snoozed: z.unknown() }));
const historyRows = z.array(
  figureRows.element
    .pick({
      used: true,
      total: true,
      observedAt: true,
      periodStart: true,
      periodEnd: true,
      isCoarse: true,
      isTotalUnknown: true,
      isAtLeast: true,
    })
    .extend(ofHistory),
);
const openRows = z.array(alertRows.element.extend({ meterId: z.string() }));
const sourceRows = z.array(
  z.object({ id: z.string(), kind: z.string(), period: z.unknown(), contacts: z.unknown(), everyMs: z.number().nullable() }),
);
