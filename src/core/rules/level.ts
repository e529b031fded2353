import { z } from 'zod';
import { parseAmount, plainAmount } from '../meters/amount.ts';
import { measure, type Measure } from '../meters/balance.ts';
import type { Meter } from '../meters/meter.ts';
import { leftAlone } from '../meters/reading.ts';
import type { SeverityInput } from './rule.ts';
import { compareSeverity, severitySchema, type Severity } from './severity.ts';
import { withoutTrailingZeros } from '../text/text-end.ts';

/**
 * A level that usage can reach: a share or an amount, of `used` or of `remaining`. The used share of a balance refers to its last
 * top-up: 80% is reached when 20% of that top-up is left.
 */

const measures = ['used', 'remaining'] as const;
export const levelSchema = z.object({
  of: z.enum(measures),
  /** Tenths of a percent, so that `99.5%` is an integer too. Exactly one of the two is set. */
  perMille: z.int().min(1).max(10_000).optional(),
  /** In millionths of the meter's unit, so that one level fits meters of any decimals. A string, because JSON has no bigint. */
  amount: z.string().regex(/^\d+$/).optional(),
  severity: severitySchema,
});
export type Level = z.infer<typeof levelSchema>;

/** The distance below a level (above it, for `remaining`) at which it re-arms, in tenths of a percent. */
const HYSTERESIS_PER_MILLE = 50;

/** The decimals of a level's amount: the most that a meter can have. */
export const AMOUNT_DECIMALS = 6;

const SHARE = /^(\d{1,4})(?:\.(\d))?\s*%$/;
const FORMS = 'must be a percentage such as 80% or 99.5%, an amount such as 50000, or { used: … } or { remaining: … } with a severity';

const writtenAmount = z.union([z.string(), z.number()]);
const written = z.union(
  [
    z.string(),
    z.number(),
    z.strictObject({ used: writtenAmount.optional(), remaining: writtenAmount.optional(), severity: severitySchema.optional() }),
  ],
  FORMS,
);

/** Parses one entry of `levels:` in creditwatch.yml. */
export const writtenLevel = written.transform((said, context): Level => {
  const entry = typeof said === 'object' ? said : { used: said };
  const given = measures.filter((one) => entry[one] !== undefined);
  const [of] = given;
  const value = of === undefined ? undefined : entry[of];
  if (of === undefined || value === undefined || given.length !== 1) return refuse('must name either used or remaining');
  const perMille = shareOf(value);
  if (perMille !== null) {
    if (perMille < 1 || perMille > 10_000) return refuse('must be between 0.1% and 1000%');
    if (of === 'remaining' && perMille >= 1000) return refuse('must be below 100%: at the start all of it remains');
    return { of, perMille, severity: entry.severity ?? usualSeverity(of, perMille) };
  }
  const amount = parseAmount(value, AMOUNT_DECIMALS);
  if (!amount.ok) return refuse(FORMS);
  return { of, amount: amount.value.toString(), severity: entry.severity ?? 'warning' };

  function refuse(message: string): never {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

/** Parses `80%` or `99.5%` into tenths of a percent; null for anything else. */
export function shareOf(value: string | number): number | null {
  const share = SHARE.exec(String(value).trim());
  return share && Number(share[1]) * 10 + Number(share[2] ?? 0);
}

function usualSeverity(of: Level['of'], perMille: number): Severity {
  const used = of === 'used' ? perMille : 1000 - perMille;
  if (used >= 1000) return 'critical';
  return used >= 800 ? 'warning' : 'notice';
}

/** Returns the stable name of a level, part of the once-per-period key. Cached, because every reading needs it several times. */
export function nameOf(one: Level): string {
  const known = names.get(one);
  if (known !== undefined) return known;
  const line = one.perMille === undefined ? withoutTrailingZeros(plainAmount(amountOf(one), AMOUNT_DECIMALS)) : `${one.perMille / 10}%`;
  const name = `${one.of}:${line}`;
  names.set(one, name);
  return name;
}

const names = new WeakMap<Level, string>();

/** The amount of a level, in millionths of the meter's unit; 0 for a share. */
export function amountOf(one: Level): bigint {
  return BigInt(one.amount ?? 0);
}

/** A meter's reading with the base of its shares, computed once for all levels. */
type Measured = Pick<SeverityInput, 'meter' | 'reading'> & { readonly measured: Measure | null };

export function measuredAt({ meter, reading, filled }: SeverityInput): Measured {
  return { meter, reading, measured: measure(meter, reading, filled) };
}

/**
 * Whether a level is reached. Inclusive, and compared as integers: exactly 80% is reached. There is no share of nothing, of unlimited,
 * or of a total that is not known. If only what is left is known, no amount used is reached.
 */
export function isReached(one: Level, { meter, reading, measured }: Measured): boolean {
  if (one.perMille !== undefined) {
    return measured !== null && measured.left * 1000n <= BigInt(leftPerMille(one.of, one.perMille)) * measured.of;
  }
  const line = amountOf(one);
  if (one.of === 'used') return leftAlone(reading) === null && inMillionths(reading.used, meter) >= line;
  return reading.total !== null && inMillionths(reading.total - reading.used, meter) <= line;
}

/**
 * Whether usage is far enough from a level that reaching it again is news. An unlimited meter, and one with nothing included or used,
 * re-arms.
 */
export function isRearmed(one: Level, { meter, reading, measured }: Measured): boolean {
  const { used, total } = reading;
  if (one.perMille !== undefined) {
    if (measured === null) return total === null || used === 0n || leftAlone(reading) !== null;
    return measured.left * 1000n > BigInt(leftPerMille(one.of, one.perMille) + HYSTERESIS_PER_MILLE) * measured.of;
  }
  // The total may be unknown, so the distance is five percent of the level itself.
  const line = amountOf(one);
  if (one.of === 'used') return leftAlone(reading) !== null || inMillionths(used, meter) * 100n < line * 95n;
  return total === null || inMillionths(total - used, meter) * 100n > line * 105n;
}

/** Returns the share left at a level; negative beyond 100%. */
export function leftPerMille(of: Level['of'], perMille: number): number {
  return of === 'used' ? 1000 - perMille : perMille;
}

/** Orders levels so that the last is the most important. Shares and amounts cannot be compared and keep their order. */
export function mildestFirst(a: Level, b: Level): number {
  return compareSeverity(a.severity, b.severity) || later(a, b);
}

function later(a: Level, b: Level): number {
  if (a.perMille !== undefined && b.perMille !== undefined) return leftPerMille(b.of, b.perMille) - leftPerMille(a.of, a.perMille);
  if (a.amount === undefined || b.amount === undefined || a.of !== b.of || a.amount === b.amount) return 0;
  return BigInt(a.amount) < BigInt(b.amount) === (a.of === 'used') ? -1 : 1;
}

export function inMillionths(amount: bigint, { decimals }: Pick<Meter, 'decimals'>): bigint {
  return amount * 10n ** BigInt(AMOUNT_DECIMALS - decimals);
}
