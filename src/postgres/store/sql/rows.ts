import { z } from 'zod';
import { type Alert, type PastAlert, resolutions } from '../../../core/alerts/alert.ts';
import { meterSelectorSchema } from '../../../core/meters/meter.ts';
import { machines, type Machine } from '../../../core/audit/pasted.ts';
import type { PollLedger } from '../../../core/meters/poll.ts';
import { periodSpecSchema, type PeriodSpec } from '../../../core/time/period-spec.ts';
import {
  addressSchema,
  routeOrigins,
  routeSettingsSchema,
  type DestinationAddress,
  type Route,
} from '../../../core/notifications/route.ts';
import type { Rule } from '../../../core/rules/rule.ts';
import { storedContactsSchema, type Source } from '../../../core/meters/source.ts';
import { severitySchema } from '../../../core/rules/severity.ts';
import { storedDate } from '../../../core/json-codecs.ts';
import type { DestinationRow } from '../../../ports/stores/account-transaction.ts';
import { Prisma } from '../../generated/client.ts';
import type * as prisma from '../../generated/client.ts';
import { decodePerson } from '../../../core/text/person.ts';

/** Converts rows to domain values; those of meters are in `meter-rows.ts`. JSON and text columns are validated, because another version may have written them. */

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

export type RuleRow = Pick<prisma.Rule, 'id' | 'kind' | 'version'> & { readonly meters: unknown; readonly params: unknown };
export type AlertRow = Omit<prisma.Alert, 'accountId' | 'meterId' | 'openTopic' | 'conditions'> & { readonly conditions: unknown };

const text = z.string().nullable();

export const ALERT_COLUMNS = Prisma.sql`
  alert.id, alert.topic, alert.status, alert.severity, alert.conditions, alert.opened_at AS "openedAt", alert.resolved_at AS "resolvedAt", alert.resolution,
  alert.acknowledged_by AS "acknowledgedBy", alert.acknowledged_at AS "acknowledgedAt", alert.requested_by AS "requestedBy",
  alert.requested_at AS "requestedAt", alert.repeated_at AS "repeatedAt"`;

/**
 * The shape of an alert.
 *
 * @param instant the form of an instant, which differs between columns and JSON
 */
export function alertShape<I extends z.ZodType<Date>>(instant: I) {
  return {
    id: z.string(),
    topic: z.string(),
    status: z.string(),
    severity: z.string(),
    conditions: z.unknown(),
    openedAt: instant,
    resolvedAt: instant.nullable(),
    resolution: text,
    acknowledgedBy: text,
    acknowledgedAt: instant.nullable(),
    requestedBy: text,
    requestedAt: instant.nullable(),
    repeatedAt: instant.nullable(),
  };
}

export const alertRows = z.array(z.object(alertShape(z.date())));

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

/** Returns who last pasted figures of a source. */
export function ingestedByFromRow(ingestedBy: prisma.Source['ingestedBy']): DestinationAddress | null {
  return ingestedBy === null ? null : { ...addressSchema.parse(ingestedBy), direct: true };
}

export const ruleRows = z.array(
  z.object({ id: z.string(), kind: z.string(), version: z.number(), meters: z.unknown(), params: z.unknown() }),
);

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
}: Omit<prisma.Poll, 'answerMemory' | 'driftCauses'>): PollLedger {
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
