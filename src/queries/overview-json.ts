import { plainAmount } from '../core/meters/amount.ts';
import { isBalance } from '../core/meters/balance.ts';
import type { MeterLine } from '../core/status/overview.ts';
import type { OverviewAnswer } from './overview.ts';

/**
 * Builds the JSON of the overview, worst first, for `GET /v1/usage` and `npx creditwatch usage --json`. `routed`: whether a route gets
 * alerts of meters.
 */
export function overviewJson({ overview: { lines, needAttention }, asOf }: OverviewAnswer, isRouted: boolean) {
  return { asOf: asOf.toISOString(), needAttention, routed: isRouted, meters: lines.map(meterJson) };
}

/** Builds the JSON of one meter. Amounts are in the meter's unit. */
export function meterJson({ meter, reading, held, severity, freshness }: MeterLine) {
  const { used, observedAt, period } = reading;
  const total = reading.isTotalUnknown ? null : reading.total;
  return {
    source: meter.source,
    meter: meter.key,
    label: meter.label,
    aliases: meter.aliases,
    unit: meter.unit,
    decimals: meter.decimals,
    consequence: meter.consequence,
    used: figure(used, meter.decimals),
    total: total === null ? null : figure(total, meter.decimals),
    remaining: reading.isTotalUnknown ? figure(-used, meter.decimals) : total === null ? null : figure(total - used, meter.decimals),
    balance: isBalance(meter, reading),
    percent: total === null || total === 0n || isBalance(meter, reading) ? null : Number((used * 1000n) / total) / 10,
    severity,
    expired: freshness === 'expired',
    stale: freshness === 'stale',
    observedAt: observedAt.toISOString(),
    period: period && { start: period.start.toISOString(), end: period.end.toISOString() },
    // A later reading that waits for confirmation and does not count yet.
    unconfirmed: held && {
      used: figure(held.reading.used, meter.decimals),
      total: held.reading.total === null ? null : figure(held.reading.total, meter.decimals),
      observedAt: held.reading.observedAt.toISOString(),
      why: held.why,
    },
  };
}

/** Formats an amount as `POST /v1/usage` accepts it: a JSON number if that is exact, else a decimal string. */
export function figure(amount: bigint, decimals: number): number | string {
  const text = plainAmount(amount, decimals);
  const exact = amount <= BigInt(Number.MAX_SAFE_INTEGER) && amount >= -BigInt(Number.MAX_SAFE_INTEGER);
  return exact ? Number(text) : text;
}
