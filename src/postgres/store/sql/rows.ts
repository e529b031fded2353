import { z } from 'zod';
import { type Alert, type PastAlert, resolutions } from '../../../core/alerts/alert.ts';
import type { UsageHistory } from '../../../core/meters/history.ts';
import type { Meter } from '../../../core/meters/meter.ts';
import { meterSelectorSchema } from '../../../core/meters/meter.ts';
import { decodePasted, machines, type Machine, type Pasted } from '../../../core/audit/pasted.ts';
import type { PollLedger } from '../../../core/meters/poll.ts';
import type { Period } from '../../../core/time/period.ts';
import { periodSpecSchema, type PeriodSpec } from '../../../core/time/period-spec.ts';
import type { Reading } from '../../../core/meters/reading.ts';
import { routeOrigins, routeSettingsSchema, type DestinationAddress, type Route } from '../../../core/notifications/route.ts';
import type { Rule } from '../../../core/rules/rule.ts';
import { decodeHistory } from '../../../core/meters/stored-history.ts';
import { storedContactsSchema, type Source } from '../../../core/meters/source.ts';
import { severitySchema } from '../../../core/rules/severity.ts';
import { storedDate } from '../../../core/json-codecs.ts';
import { decodeSnooze, type StoredSnooze } from '../../../core/alerts/stored-snooze.ts';
import { decodeHeld, type HeldReading } from '../../../core/meters/held-reading.ts';
import type { CurrentReading } from '../../../core/meters/follow-reading.ts';
import type { RuleMemory } from '../../../core/alerts/evaluate.ts';
import type { RecordedReading } from '../../../core/meters/export.ts';
import { plainText } from '../../../core/text/plain-text.ts';
import type { DestinationRow } from '../../../ports/stores/account-transaction.ts';
import { Prisma } from '../../generated/client.ts';
import type * as prisma from '../../generated/client.ts';
import { decodePerson } from '../../../core/text/person.ts';

/** Converts rows to domain values. JSON and text columns are validated, because another version may have written them. */

const conditionsSchema = z.array(
  z.object({
    ruleId: z.string(),
    ruleVersion: z.number(),
    condition: z.string(),
    severity: severitySchema,
    since: storedDate.nullable().default(null),
    kind: z.string().default('threshold'),
    detail: z.unknown(),
  }),
);
const topicSchema = z.enum(['running-out', 'unusual', 'unused', 'stale']);
const statusSchema = z.enum(['firing', 'acknowledged', 'resolved']);
const resolutionSchema = z.enum(resolutions).nullable();
const machineSchema = z.enum(machines).nullable();
const originSchema = z.enum(routeOrigins);
const firingsSchema = z.record(z.string(), z.int());

/** Who a meter is, and its latest figures. */
type NameColumns = Pick<
  prisma.Meter,
  'id' | 'accountId' | 'sourceId' | 'key' | 'label' | 'unit' | 'decimals' | 'aliases' | 'owner' | 'consequence'
>;
type ReadingColumns = Pick<prisma.Meter, 'used' | 'total' | 'observedAt' | 'periodStart' | 'periodEnd' | 'isCoarse' | 'isTotalUnknown'>;

/** For `figureRows`: what a meter is and its latest figures, without what only an evaluation needs. */
export const FIGURE_COLUMNS = Prisma.sql`
  meter.id, meter.account_id AS "accountId", meter.source_id AS "sourceId", meter.key, meter.label, meter.unit, meter.decimals, meter.aliases, meter.owner,
  meter.consequence, meter.used, meter.total, meter.observed_at AS "observedAt", meter.period_start AS "periodStart", meter.period_end AS "periodEnd",
  meter.is_coarse AS "isCoarse", meter.is_total_unknown AS "isTotalUnknown", meter.held`;

const text = z.string().nullable();
const instant = z.date().nullable();
const amount = z.bigint().nullable();

export const figureRows = z.array(
  z.object({
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
    used: amount,
    total: amount,
    observedAt: instant,
    periodStart: instant,
    periodEnd: instant,
    isCoarse: z.boolean(),
    isTotalUnknown: z.boolean(),
    held: z.unknown(),
  }),
);

/** The columns of a meter that an evaluation needs, read by Prisma or by the statement of `readMeterState`. */
export type MeterRow = Omit<
  prisma.Meter,
  'managed' | 'createdAt' | 'history' | 'historyTip' | 'snoozed' | 'held' | 'pasted' | 'thinnedUntil'
> & {
  readonly held: unknown;
  readonly history: unknown;
  readonly historyTip: unknown;
  readonly snoozed: unknown;
};
export type MemoryRow = Pick<prisma.RuleMemory, 'ruleId' | 'ruleVersion'> & { readonly state: unknown; readonly firings: unknown };
export type RuleRow = Pick<prisma.Rule, 'id' | 'kind' | 'version'> & { readonly meters: unknown; readonly params: unknown };
export type AlertRow = Omit<prisma.Alert, 'accountId' | 'meterId' | 'openTopic' | 'conditions'> & { readonly conditions: unknown };

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
  const { used, total, observedAt, isCoarse, isTotalUnknown } = row;
  return { used, total, observedAt, period: periodFromRow(row), ...(isCoarse && { isCoarse }), ...(isTotalUnknown && { isTotalUnknown }) };
}

export const READING_COLUMNS = Prisma.sql`
  reading.observed_at AS "observedAt", reading.used, reading.total, reading.period_start AS "periodStart", reading.period_end AS "periodEnd",
  reading.is_correction AS "isCorrection"`;

export const readingRows = z.array(
  z.object({ observedAt: z.date(), used: z.bigint(), total: amount, periodStart: instant, periodEnd: instant, isCorrection: z.boolean() }),
);

export function readingFromRow(row: Omit<prisma.Reading, 'meterId' | 'receivedAt'>): RecordedReading {
  const { used, total, observedAt, isCorrection } = row;
  return { used, total, observedAt, period: periodFromRow(row), ...(isCorrection && { isCorrection }) };
}

export function currentReadingFromRow(row: MeterRow): CurrentReading | null {
  const reading = readingFromMeter(row);
  if (reading === null) return null;
  const { resetPending, closedAtUsed, jumpedFrom, jumpedTo } = row;
  const jump = jumpedFrom === null || jumpedTo === null ? null : { from: jumpedFrom, to: jumpedTo };
  return { reading, periodBeganAt: row.periodBeganAt ?? reading.observedAt, resetPending, closedAtUsed, jump, held: heldFromMeter(row) };
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

export const ALERT_COLUMNS = Prisma.sql`
  alert.id, alert.topic, alert.status, alert.severity, alert.conditions, alert.opened_at AS "openedAt", alert.resolved_at AS "resolvedAt", alert.resolution,
  alert.acknowledged_by AS "acknowledgedBy", alert.acknowledged_at AS "acknowledgedAt", alert.requested_by AS "requestedBy",
  alert.requested_at AS "requestedAt", alert.repeated_at AS "repeatedAt"`;

export const alertRows = z.array(
  z.object({
    id: z.string(),
    topic: z.string(),
    status: z.string(),
    severity: z.string(),
    conditions: z.unknown(),
    openedAt: z.date(),
    resolvedAt: instant,
    resolution: text,
    acknowledgedBy: text,
    acknowledgedAt: instant,
    requestedBy: text,
    requestedAt: instant,
    repeatedAt: instant,
  }),
);

export function alertFromRow(row: AlertRow): Alert {
  return {
    id: row.id,
    topic: topicSchema.parse(row.topic),
    status: statusSchema.parse(row.status),
    severity: severitySchema.parse(row.severity),
    conditions: conditionsSchema.parse(row.conditions),
    openedAt: row.openedAt,
    resolvedAt: row.resolvedAt,
    resolution: resolutionSchema.parse(row.resolution),
    acknowledged: deedFrom(row.acknowledgedBy, row.acknowledgedAt),
    requested: deedFrom(row.requestedBy, row.requestedAt),
    repeatedAt: row.repeatedAt,
  };
}

/** Returns no element for an open alert. */
export function pastAlertFrom(row: AlertRow & { readonly meter: { readonly label: string } }): readonly PastAlert[] {
  const { topic, openedAt, resolvedAt, resolution } = alertFromRow(row);
  return resolvedAt === null ? [] : [{ label: row.meter.label, topic, openedAt, resolvedAt, resolution }];
}

function deedFrom(by: string | null, at: Date | null): Alert['requested'] {
  return by !== null && at !== null ? { by: decodePerson(by), at } : null;
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

export function machineFromSource({ automatedVia }: Pick<prisma.Source, 'automatedVia'>): Machine | null {
  return machineSchema.parse(automatedVia);
}

export function sourceFromRow({
  id,
  kind,
  period,
  contacts,
  everyMs,
}: {
  readonly id: string;
  readonly kind: string;
  readonly period: unknown;
  readonly contacts: unknown;
  /** Of its poll; null if it is not polled. */
  readonly everyMs: number | null;
}): Source {
  return {
    id,
    kind,
    everyMs,
    period: periodSpecFromRow(period),
    contacts: storedContactsSchema.parse(contacts ?? {}),
  };
}

const placeSchema = z.object({ kind: z.string(), address: z.string(), direct: z.boolean().optional() });

/** Returns who last pasted figures of a source. */
export function ingestedByFromRow(ingestedBy: prisma.Source['ingestedBy']): DestinationAddress | null {
  return ingestedBy === null ? null : { ...placeSchema.parse(ingestedBy), direct: true };
}

export function ruleFromRow({ id, kind, version, meters, params }: RuleRow): Rule {
  return { id, kind, version, meters: meterSelectorSchema.parse(meters), params, origin: 'file' };
}

export function addressFromRow({ kind, address, isDirect }: { kind: string; address: string; isDirect?: boolean }): DestinationAddress {
  return { kind, address, ...(isDirect && { direct: true }) };
}

type PlaceColumns = Pick<prisma.Destination, 'kind' | 'address' | 'isDirect'>;

export const DESTINATION_COLUMNS = Prisma.sql`id, kind, address, is_direct AS "isDirect", fallback, disabled_reason AS "disabledReason"`;

export const destinationRows = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    address: z.string(),
    isDirect: z.boolean(),
    fallback: z.boolean(),
    disabledReason: z.string().nullable(),
  }),
);

export function destinationFromRow(row: PlaceColumns & Pick<prisma.Destination, 'id' | 'fallback' | 'disabledReason'>): DestinationRow {
  return { id: row.id, fallback: row.fallback, isDisabled: row.disabledReason !== null, ...addressFromRow(row) };
}

export function routeFromRow({
  id,
  settings,
  destination,
  origin,
  createdBy,
}: Pick<prisma.Route, 'id' | 'origin' | 'createdBy'> & { readonly settings: unknown; readonly destination: PlaceColumns }): Route {
  return {
    id,
    destination: addressFromRow(destination),
    origin: originSchema.parse(origin),
    by: createdBy === null ? null : decodePerson(createdBy),
    ...routeSettingsSchema.parse(settings),
  };
}

export function periodSpecFromRow(period: unknown): PeriodSpec | null {
  return periodSpecSchema.nullable().parse(period);
}

export function ledgerFromRow({
  accountId,
  sourceId,
  everyMs,
  dueAt,
  lastSuccessAt,
  failures,
  lastError,
  lastErrorRemedy,
  lastErrorAt,
}: prisma.Poll): PollLedger {
  const problem = pollProblemFromRow({ lastError, lastErrorRemedy, lastErrorAt });
  return { account: accountId, source: sourceId, everyMs, dueAt, lastSuccessAt, failures, problem };
}

/** Returns why the last poll failed; null if it did not, or there was none. */
export function pollProblemFromRow({
  lastError,
  lastErrorRemedy,
  lastErrorAt,
}: Pick<prisma.Poll, 'lastError' | 'lastErrorRemedy' | 'lastErrorAt'>): PollLedger['problem'] {
  return lastError === null || lastErrorAt === null ? null : { reason: lastError, remedy: lastErrorRemedy ?? '', at: lastErrorAt };
}
