import { z } from 'zod';
import { isBalance, measure } from '../meters/balance.ts';
import { beginsPeriod } from '../meters/classify-change.ts';
import { lacksTotal, leftAlone, type Reading } from '../meters/reading.ts';
import type { Evaluation, Finding, RuleInput, RuleKind, SeverityInput } from './rule.ts';
import { worstSeverity } from './severity.ts';
import { storedBigint } from '../json-codecs.ts';
import { isRearmed, isReached, levelSchema, measuredAt, mildestFirst, nameOf, writtenLevel, type Level } from './level.ts';

/**
 * Fires if usage reaches a level. Inclusive: exactly 80% fires. Each level fires once per period and re-arms 5 points below itself, or
 * with a new period. With an allowance of 0, any usage is over.
 */

/** If the first reading is already over a level: report it once (`announce`), or use it as the baseline (`seed`). */
const firstSight = z.enum(['announce', 'seed']);
const written = z.strictObject({ levels: z.array(writtenLevel).min(1).max(20), firstSight: firstSight.default('announce') });
const params = z.object({ levels: z.array(levelSchema), firstSight });
export type ThresholdParams = z.infer<typeof params>;

const state = z.object({ fired: z.array(z.string()).readonly() });
export type ThresholdState = z.infer<typeof state>;

export const thresholdDetail = z.object({
  /** Null if nothing is included and something is used. */
  level: levelSchema.nullable(),
  firstSight: z.boolean(),
  /** What is left of a balance, its base, and whether that is its last top-up; null for an allowance. */
  balance: z
    .union([
      z.object({ left: storedBigint, of: storedBigint, ofTopUp: z.boolean() }),
      /** The format of earlier versions: `13%`. */
      z.object({ left: z.string(), ofTopUp: z.boolean() }),
    ])
    .nullable()
    .default(null),
});

/** The condition of usage without an allowance. */
const OVER = 'over';
const NONE: readonly string[] = [];

export const threshold = {
  kind: 'threshold' as const,
  topic: 'running-out',
  takesLowerBounds: true,
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

  worst: ({ levels }: ThresholdParams) => worstSeverity(levels.map((one) => one.severity)),

  evaluate({ levels, firstSight }: ThresholdParams, { meter, change, reading, history, state: before }: RuleInput<ThresholdState>) {
    const input = { meter, reading, filled: history };
    const now = measuredAt(input);
    const isNew = before === null;
    const kept = isNew || beginsPeriod(change) ? NONE : before.fired;
    const over = isOver(reading);
    const cleared =
      kept.length === 0
        ? NONE
        : [
            ...levels.filter((one) => kept.includes(nameOf(one)) && isRearmed(one, now)).map(nameOf),
            ...(kept.includes(OVER) && !over ? [OVER] : []),
          ];
    const held = cleared.length === 0 ? kept : kept.filter((name) => !cleared.includes(name));
    const crossed = levels.filter((one) => isReached(one, now) && !held.includes(nameOf(one))).sort(mildestFirst);
    const findings = [
      ...crossed.map((one) => finding(one, isNew, input)),
      ...(over && !held.includes(OVER) ? [finding(null, isNew, input)] : []),
    ];
    const isSeed = isNew && firstSight === 'seed';
    const evaluation: Evaluation = { fired: isSeed ? [] : findings, cleared, reason: reasonFor(levels, reading, findings, isSeed) };
    if (findings.length === 0 && held === before?.fired) return { evaluation, state: before };
    const fired = [...held, ...findings.map(({ condition }) => condition)];
    return { evaluation, state: { fired: [...levels.map(nameOf), OVER].filter((name) => fired.includes(name)) } };
  },

  asksFor: ({ levels }: ThresholdParams, condition: string) => condition === OVER || levels.some((one) => nameOf(one) === condition),

  severityNow({ levels }: ThresholdParams, input: SeverityInput) {
    if (isOver(input.reading)) return 'critical';
    const now = measuredAt(input);
    return worstSeverity(levels.filter((one) => isReached(one, now)).map((one) => one.severity));
  },
} satisfies RuleKind<ThresholdParams, ThresholdState>;

/** Whether more is used than included, or nothing is left of a total that is not known. */
function isOver(reading: Reading): boolean {
  const left = leftAlone(reading);
  return left === null ? reading.total === 0n && reading.used > 0n : left <= 0n;
}

function finding(level: Level | null, firstSight: boolean, { meter, reading, filled }: SeverityInput): Finding {
  const measured = isBalance(meter, reading) ? measure(meter, reading, filled) : null;
  const ofTopUp = (filled?.topUp ?? null) !== null;
  const balance = measured && { left: measured.left < 0n ? 0n : measured.left, of: measured.of, ofTopUp };
  return {
    kind: 'threshold',
    condition: level === null ? OVER : nameOf(level),
    severity: level?.severity ?? 'critical',
    detail: z.encode(thresholdDetail, { level, firstSight, balance }),
  };
}

function reasonFor(levels: readonly Level[], reading: Reading, findings: readonly Finding[], isSeed: boolean): string {
  const shares = levels.some((one) => one.perMille !== undefined);
  const { total } = reading;
  const skipped = !shares
    ? ''
    : lacksTotal(reading)
      ? 'the total is not known: no percentage'
      : total === null
        ? 'unlimited: no percentage'
        : total === 0n
          ? 'a total of 0 has no percentage'
          : '';
  const crossed =
    findings.length === 0 ? '' : `${isSeed ? 'used as the baseline' : 'crossed'}: ${findings.map((one) => one.condition).join(', ')}`;
  return [crossed, skipped].filter((part) => part !== '').join('; ') || 'no level newly crossed';
}
