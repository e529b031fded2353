import { plainAmount } from '../core/meters/amount.ts';
import { knownTotalOf, leftAlone } from '../core/meters/reading.ts';
import { isBalance } from '../core/meters/balance.ts';
import { inParts } from '../async/parts.ts';
import type { JudgedMeter, Ranking } from './ranking.ts';

/** Builds the JSON of the overview, worst first, for `npx creditwatch usage --json`. `isRouted`: whether a route gets alerts of meters. */
export function overviewJson({ meters, needAttention, asOf }: Ranking<object>, isRouted: boolean): object {
  return { asOf: asOf.toISOString(), needAttention, routed: isRouted, meters };
}

/** Writes the text of the same JSON in parts, for `GET /v1/usage`. */
export async function* overviewJsonText(ranking: Ranking<string>, isRouted: boolean): AsyncGenerator<string> {
  yield JSON.stringify(overviewJson({ ...ranking, meters: [] }, isRouted)).replace(/\]\}$/, '');
  let between = '';
  for await (const part of inParts(ranking.meters)) {
    yield between + part.join(',');
    between = ',';
  }
  yield ']}';
}

/** Writes the JSON of one meter. */
export function meterJsonText(meter: JudgedMeter): string {
  return JSON.stringify(meterJson(meter));
}

/** Builds the JSON of one meter. Amounts are in the meter's unit. */
export function meterJson({ meter, reading, held, severity, freshness }: JudgedMeter) {
  const { used, observedAt, period } = reading;
  const total = knownTotalOf(reading);
  const left = leftAlone(reading);
  return {
    source: meter.source,
    meter: meter.key,
    label: meter.label,
    aliases: meter.aliases,
    unit: meter.unit,
    decimals: meter.decimals,
    consequence: meter.consequence,
    used: left === null ? figure(used, meter.decimals) : null,
    // The figures are a lower bound of what is used, from a mail of `observedAt`.
    atLeast: reading.isAtLeast ?? false,
    total: total === null ? null : figure(total, meter.decimals),
    remaining: left !== null ? figure(left, meter.decimals) : total === null ? null : figure(total - used, meter.decimals),
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
