import { z } from 'zod';
import { formatAmount, formatPercent, parseAmount } from '../amount.ts';
import { beginsPeriod } from '../change.ts';
import type { Meter } from '../meter.ts';
import type { Reading } from '../reading.ts';
import type { Evaluation, Finding, RuleInput, RuleKind } from '../rule.ts';
import { compareSeverity, severitySchema, worstSeverity, type Severity } from '../severity.ts';
import { say } from '../words/phrase.ts';

/**
 * Fires when `used` reaches a share of the total or an amount, or when what remains falls to one. Inclusive: exactly
 * 80 % fires. Each level fires once per period and arms again 5 points below itself, or with a new period.
 */

const measures = ['used', 'remaining'] as const;
const levelSchema = z.object({
  of: z.enum(measures),
  /** Tenths of a percent, so that `99.5%` is an integer too. Exactly one of the two is set. */
  perMille: z.int().min(1).max(10_000).optional(),
  /** In millionths of the meter's unit, so that one level fits meters of any decimals; a string, for JSON knows no bigint. */
  amount: z.string().regex(/^\d+$/).optional(),
  severity: severitySchema,
});
type Level = z.infer<typeof levelSchema>;

/** Points below a level (above, for what remains) at which it arms again, in tenths of a percent. */
const HYSTERESIS_PER_MILLE = 50n;

/** Decimals of a level's amount: as many as a meter can have. */
const AMOUNT_DECIMALS = 6;

const SHARE = /^(\d{1,3})(?:\.(\d))?\s*%$/;
const FORMS = 'must be a percentage such as 80% or 99.5%, an amount such as 50000, or { used: … } or { remaining: … } with a severity';

const writtenLevel = z.union([z.string(), z.number(), z.strictObject({
  used: z.union([z.string(), z.number()]).optional(),
  remaining: z.union([z.string(), z.number()]).optional(),
  severity: severitySchema.optional(),
})], FORMS);

/** One entry of `levels:` in creditwatch.yml, as a level. */
const level = writtenLevel.transform((written, context): Level => {
  const entry = typeof written === 'object' ? written : { used: written };
  const given = measures.filter((measure) => entry[measure] !== undefined);
  const [of] = given;
  const value = of === undefined ? undefined : entry[of];
  if (of === undefined || value === undefined || given.length !== 1) return refuse('must name either used or remaining');
  const share = SHARE.exec(String(value).trim());
  if (share) {
    const perMille = Number(share[1]) * 10 + Number(share[2] ?? 0);
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

function usualSeverity(of: Level['of'], perMille: number): Severity {
  const used = of === 'used' ? perMille : 1000 - perMille;
  if (used >= 1000) return 'critical';
  return used >= 800 ? 'warning' : 'notice';
}

/** Already over a level at the first reading: say so once (`announce`), or take it as the starting point (`seed`). */
const firstSight = z.enum(['announce', 'seed']);
const written = z.strictObject({ levels: z.array(level).min(1).max(20), firstSight: firstSight.default('announce') });
const params = z.object({ levels: z.array(levelSchema), firstSight });
export type ThresholdParams = z.infer<typeof params>;

const state = z.object({ fired: z.array(z.string()) });
export type ThresholdState = z.infer<typeof state>;

const detail = z.object({ level: levelSchema, firstSight: z.boolean() });

export const threshold = {
  kind: 'threshold',
  topic: 'running-out',
  written,
  params,
  state,
  standard: {
    levels: [
      { of: 'used', perMille: 800, severity: 'warning' },
      { of: 'used', perMille: 1000, severity: 'critical' },
    ],
    firstSight: 'announce',
  },

  evaluate({ levels, firstSight }: ThresholdParams, { meter, change, reading, state: before }: RuleInput<ThresholdState>) {
    const isNew = before === null;
    const fired = new Set(isNew || beginsPeriod(change) ? [] : before.fired);
    const cleared: string[] = [];
    for (const one of levels) {
      if (fired.has(nameOf(one)) && isRearmed(one, meter, reading)) {
        fired.delete(nameOf(one));
        cleared.push(nameOf(one));
      }
    }
    const crossed = levels.filter((one) => !fired.has(nameOf(one)) && isReached(one, meter, reading)).sort(mildestFirst);
    for (const one of crossed) fired.add(nameOf(one));
    const silent = isNew && firstSight === 'seed';
    const evaluation: Evaluation = {
      fired: silent ? [] : crossed.map((one) => finding(one, isNew)),
      cleared,
      reason: reasonFor(levels, reading, crossed, silent),
    };
    return { evaluation, state: { fired: levels.map(nameOf).filter((name) => fired.has(name)) } };
  },

  standing({ levels }: ThresholdParams, meter: Pick<Meter, 'decimals'>, reading: Reading) {
    const over = reading.total === 0n && reading.used > 0n;
    return over ? 'critical' : worstSeverity(levels.filter((one) => isReached(one, meter, reading)).map((one) => one.severity));
  },

  headline(findings: readonly Finding[], reading: Reading) {
    const passed = findings.map((one) => detail.parse(one.detail));
    const highest = passed.at(-1);
    if (!highest) return say`changed`;
    if (highest.firstSight) {
      const percent = formatPercent(reading.used, reading.total);
      return percent === null ? say`is already past ${writeLevel(highest.level)}` : say`is already at ${percent}`;
    }
    const usedUp = highest.level.perMille === 1000 && highest.level.of === 'used';
    const names = passed.map((one) => writeLevel(one.level));
    const earlier = names.slice(0, -1);
    if (usedUp) return earlier.length === 0 ? say`is used up (100 %)` : say`is used up (passed ${listed(names)})`;
    if (highest.level.of === 'remaining') return say`has ${listed(names)} or less left`;
    return say`reached ${listed(names)}`;
  },
} satisfies RuleKind<ThresholdParams, ThresholdState>;

/** A level's stable name, part of the once-per-period key. */
function nameOf(one: Level): string {
  return `${one.of}:${writeLevel(one).replaceAll(/[ ,]/g, '')}`;
}

/** Compared as integers. Without a total (unlimited) or with one of 0 there is no share, and without one nothing remains. */
function isReached(one: Level, meter: Pick<Meter, 'decimals'>, { used, total }: Reading): boolean {
  if (one.perMille !== undefined) {
    if (total === null || total === 0n) return false;
    const line = BigInt(one.perMille) * total;
    return one.of === 'used' ? used * 1000n >= line : (total - used) * 1000n <= line;
  }
  const line = BigInt(one.amount ?? 0);
  if (one.of === 'used') return inMillionths(used, meter) >= line;
  return total !== null && inMillionths(total - used, meter) <= line;
}

function isRearmed(one: Level, meter: Pick<Meter, 'decimals'>, { used, total }: Reading): boolean {
  if (one.perMille !== undefined) {
    if (total === null || total === 0n) return false;
    const line = BigInt(one.perMille);
    return one.of === 'used'
      ? used * 1000n < (line - HYSTERESIS_PER_MILLE) * total
      : (total - used) * 1000n > (line + HYSTERESIS_PER_MILLE) * total;
  }
  // Five points of a total that may not be known: five percent of the line itself.
  const line = BigInt(one.amount ?? 0);
  if (one.of === 'used') return inMillionths(used, meter) * 100n < line * 95n;
  return total !== null && inMillionths(total - used, meter) * 100n > line * 105n;
}

function inMillionths(amount: bigint, { decimals }: Pick<Meter, 'decimals'>): bigint {
  return amount * 10n ** BigInt(AMOUNT_DECIMALS - decimals);
}

function finding(one: Level, firstSight: boolean): Finding {
  return { kind: 'threshold', condition: nameOf(one), severity: one.severity, detail: { level: one, firstSight } };
}

function reasonFor(levels: readonly Level[], reading: Reading, crossed: readonly Level[], silent: boolean): string {
  if (crossed.length > 0) return `${silent ? 'taken as the starting point' : 'crossed'}: ${crossed.map(nameOf).join(', ')}`;
  const noShare = levels.every((one) => one.perMille !== undefined) && (reading.total === null || reading.total === 0n);
  if (noShare) return reading.total === null ? 'unlimited: no percentage' : 'a total of 0 has no percentage';
  return 'no level newly crossed';
}

/** So that the last one is what the headline speaks of. */
function mildestFirst(a: Level, b: Level): number {
  return compareSeverity(a.severity, b.severity) || (a.perMille ?? 0) - (b.perMille ?? 0);
}

function writeLevel(one: Level): string {
  if (one.perMille !== undefined) return `${one.perMille / 10} %`;
  return formatAmount(BigInt(one.amount ?? 0), AMOUNT_DECIMALS).replace(/\.?0+$/, '');
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
