import { z } from 'zod';
import { decodePasted, type Pasted } from '../../../core/audit/pasted.ts';
import type { RuleMemory } from '../../../core/alerts/evaluate.ts';
import { decodeSnooze, type StoredSnooze } from '../../../core/alerts/stored-snooze.ts';
import type { RecordedReading } from '../../../core/meters/export.ts';
import type { CurrentReading } from '../../../core/meters/follow-reading.ts';
import { decodeHeld, type HeldReading } from '../../../core/meters/held-reading.ts';
import type { UsageHistory } from '../../../core/meters/history.ts';
import type { Meter } from '../../../core/meters/meter.ts';
import type { Reading } from '../../../core/meters/reading.ts';
import { storedReadingSchema } from '../../../core/json-codecs.ts';
import { decodeHistory } from '../../../core/meters/stored-history.ts';
import { decodePerson } from '../../../core/text/person.ts';
import { plainText } from '../../../core/text/plain-text.ts';
import type { Period } from '../../../core/time/period.ts';
import { Prisma } from '../../generated/client.ts';
import type * as prisma from '../../generated/client.ts';
import { periodSpecFromRow } from './rows.ts';

/** Converts rows of meters, their readings and the memory of their rules. JSON columns are validated, because another version may have written them. */

const firingsSchema = z.record(z.string(), z.int());

/** Who a meter is, and its latest figures. */
type NameColumns = Pick<
  prisma.Meter,
  'id' | 'accountId' | 'sourceId' | 'key' | 'label' | 'unit' | 'decimals' | 'aliases' | 'owner' | 'consequence'
>;
type ReadingColumns = Pick<
  prisma.Meter,
  'used' | 'total' | 'observedAt' | 'periodStart' | 'periodEnd' | 'isCoarse' | 'isTotalUnknown' | 'isAtLeast'
>;

/** The columns of `figureRows`. An evaluation needs more of a meter. */
export const FIGURE_COLUMNS = Prisma.sql`
  meter.id, meter.account_id AS "accountId", meter.source_id AS "sourceId", meter.key, meter.label, meter.unit, meter.decimals, meter.aliases, meter.owner,
  meter.consequence, meter.used, meter.total, meter.observed_at AS "observedAt", meter.period_start AS "periodStart", meter.period_end AS "periodEnd",
  meter.is_coarse AS "isCoarse", meter.is_total_unknown AS "isTotalUnknown", meter.is_at_least AS "isAtLeast", meter.held`;

const text = z.string().nullable();

/**
 * The shape of a meter with its latest figures.
 *
 * @param instant the form of an instant, which differs between columns and JSON
 * @param amount the form of an amount, likewise
 */
export function figureShape<I extends z.ZodType<Date>, A extends z.ZodType<bigint>>(instant: I, amount: A) {
  return {
    id: z.string(),
    accountId: z.string(),
    sourceId: z.string(),
    key: z.string(),
    label: z.string(),
    unit: z.string(),
    decimals: z.number(),
    aliases: z.array(z.string()),
    owner: text,
    consequence: text,
    used: amount.nullable(),
    total: amount.nullable(),
    observedAt: instant.nullable(),
    periodStart: instant.nullable(),
    periodEnd: instant.nullable(),
    isCoarse: z.boolean(),
    isTotalUnknown: z.boolean(),
    isAtLeast: z.boolean(),
    held: z.unknown(),
  };
}

export const figureRows = z.array(z.object(figureShape(z.date(), z.bigint())));

/** The columns of a meter that an evaluation needs, read by Prisma or by the statement of `readMeterState`. */
export type MeterRow = Omit<
  prisma.Meter,
  'managed' | 'createdAt' | 'history' | 'historyTip' | 'snoozed' | 'held' | 'measured' | 'pasted' | 'thinnedUntil'
> & {
  readonly held: unknown;
  readonly measured: unknown;
  readonly history: unknown;
  readonly historyTip: unknown;
  readonly snoozed: unknown;
};
export type MemoryRow = Pick<prisma.RuleMemory, 'ruleId' | 'ruleVersion'> & { readonly state: unknown; readonly firings: unknown };

/** @param source the source of the meter; its period decides whether the meter resets */
export function meterFromRow(row: NameColumns, source: { readonly period: unknown }): Meter {
  const { id, accountId, sourceId, key, label, unit, decimals, aliases, owner, consequence } = row;
  return {
    id,
    account: accountId,
    source: sourceId,
    key,
    // Older versions stored labels unchanged.
    label: plainText(label),
    unit: plainText(unit),
    decimals,
    aliases,
    owner: owner === null ? null : decodePerson(owner),
    consequence,
    resets: resetsBySource(source),
  };
}

/** Whether the meters of a source reset with a period: those of a balance do not. */
export function resetsBySource(source: { readonly period: unknown }): boolean {
  return periodSpecFromRow(source.period)?.every !== 'none';
}

/** Returns the latest live reading; null if the meter was declared and has no reading yet. */
export function readingFromMeter(row: ReadingColumns): Reading | null {
  if (row.used === null || row.observedAt === null) return null;
  const { used, total, observedAt, isCoarse, isTotalUnknown, isAtLeast } = row;
  return {
    used,
    total,
    observedAt,
    period: periodFromRow(row),
    ...(isCoarse && { isCoarse }),
    ...(isTotalUnknown && { isTotalUnknown }),
    ...(isAtLeast && { isAtLeast }),
  };
}

export const READING_COLUMNS = Prisma.sql`
  reading.observed_at AS "observedAt", reading.used, reading.total, reading.period_start AS "periodStart", reading.period_end AS "periodEnd",
  reading.is_correction AS "isCorrection", reading.is_at_least AS "isAtLeast"`;

export const readingRows = z.array(
  z.object({
    observedAt: z.date(),
    used: z.bigint(),
    total: z.bigint().nullable(),
    periodStart: z.date().nullable(),
    periodEnd: z.date().nullable(),
    isCorrection: z.boolean(),
    isAtLeast: z.boolean(),
  }),
);

export function readingFromRow(row: Omit<prisma.Reading, 'meterId' | 'receivedAt'>): RecordedReading {
  const { used, total, observedAt, isCorrection, isAtLeast } = row;
  return { used, total, observedAt, period: periodFromRow(row), ...(isCorrection && { isCorrection }), ...(isAtLeast && { isAtLeast }) };
}

export function currentReadingFromRow(row: MeterRow): CurrentReading | null {
  const reading = readingFromMeter(row);
  if (reading === null) return null;
  const { resetPending, closedAtUsed, jumpedFrom, jumpedTo } = row;
  const jump = jumpedFrom === null || jumpedTo === null ? null : { from: jumpedFrom, to: jumpedTo };
  const periodBeganAt = row.periodBeganAt ?? reading.observedAt;
  const measured = row.measured === null ? null : storedReadingSchema.parse(row.measured);
  return {
    reading,
    periodBeganAt,
    resetPending,
    closedAtUsed,
    jump,
    held: heldFromMeter(row),
    ...(reading.isAtLeast && { measured }),
  };
}

export function heldFromMeter({ held }: { readonly held: unknown }): HeldReading | null {
  return held === null ? null : decodeHeld(held);
}

function periodFromRow({ periodStart, periodEnd }: { periodStart: Date | null; periodEnd: Date | null }): Period | null {
  return periodStart && periodEnd ? { start: periodStart, end: periodEnd } : null;
}

export function memoryFromRow({ ruleVersion, state, firings }: MemoryRow): RuleMemory {
  return { ruleVersion, state, firings: firingsSchema.parse(firings) };
}

export function historyFromMeter({ history, historyTip }: Pick<MeterRow, 'history' | 'historyTip'>): UsageHistory | null {
  return history === null ? null : decodeHistory(history, historyTip);
}

export function storedSnoozeFromRow({ snoozed }: Pick<MeterRow, 'snoozed'>): StoredSnooze | null {
  return snoozed === null ? null : decodeSnooze(snoozed);
}

/** Returns who pasted or imported the latest figures; null if they were pushed or polled. */
export function pastedFromMeter({ pasted }: { readonly pasted: unknown }): Pasted | null {
  return pasted === null ? null : decodePasted(pasted);
}
