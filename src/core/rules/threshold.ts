import { z } from 'zod';
import { formatPercent } from '../meters/amount.ts';
import { isBalance, measure } from '../meters/balance.ts';
import { beginsPeriod } from '../meters/classify-change.ts';
import type { Reading } from '../meters/reading.ts';
import type { Evaluation, Finding, RuleInput, RuleKind, FindingContext, SeverityInput } from './rule.ts';
import { worstSeverity } from './severity.ts';
import { richText, type RichText } from '../text/rich-text.ts';
import {
  isRearmed,
  isReached,
  leftPerMille,
  levelSchema,
  measuredAt,
  mildestFirst,
  nameOf,
  percent,
  writeLevel,
  writtenLevel,
  type Level,
} from './level.ts';

/**
 * Fires when usage reaches a level. Inclusive: exactly 80 % fires. Each level fires once per period and arms again 5 points
 * below itself, or with a new period. What is used of an allowance of 0 is over, whatever the levels are.
 */

/** Already over a level at the first reading: say so once (`announce`), or take it as the starting point (`seed`). */
const firstSight = z.enum(['announce', 'seed']);
const written = z.strictObject({ levels: z.array(writtenLevel).min(1).max(20), firstSight: firstSight.default('announce') });
const params = z.object({ levels: z.array(levelSchema), firstSight });
export type ThresholdParams = z.infer<typeof params>;

const state = z.object({ fired: z.array(z.string()).readonly() });
export type ThresholdState = z.infer<typeof state>;

const detail = z.object({
  /** Null when nothing is included and something is used. */
  level: levelSchema.nullable(),
  firstSight: z.boolean(),
  /** What is left of a balance, in words: `13 %`, and whether of its last top-up; null for an allowance. */
  balance: z.object({ left: z.string(), ofTopUp: z.boolean() }).nullable().default(null),
});
type Detail = z.infer<typeof detail>;

/** The condition of using what is not included. */
const OVER = 'over';
const NONE: readonly string[] = [];

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

  worst: ({ levels }: ThresholdParams) => worstSeverity(levels.map((one) => one.severity)),

  evaluate({ levels, firstSight }: ThresholdParams, { meter, change, reading, history, state: before }: RuleInput<ThresholdState>) {
    const stand = { meter, reading, filled: history };
    const now = measuredAt(stand);
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
      ...crossed.map((one) => finding(one, isNew, stand)),
      ...(over && !held.includes(OVER) ? [finding(null, isNew, stand)] : []),
    ];
    const silent = isNew && firstSight === 'seed';
    const evaluation: Evaluation = { fired: silent ? [] : findings, cleared, reason: reasonFor(levels, reading, findings, silent) };
    if (findings.length === 0 && held === before?.fired) return { evaluation, state: before };
    const fired = [...held, ...findings.map(({ condition }) => condition)];
    return { evaluation, state: { fired: [...levels.map(nameOf), OVER].filter((name) => fired.includes(name)) } };
  },

  asksFor: ({ levels }: ThresholdParams, condition: string) => condition === OVER || levels.some((one) => nameOf(one) === condition),

  severityNow({ levels }: ThresholdParams, stand: SeverityInput) {
    if (isOver(stand.reading)) return 'critical';
    const now = measuredAt(stand);
    return worstSeverity(levels.filter((one) => isReached(one, now)).map((one) => one.severity));
  },

  headline(findings: readonly Finding[], { reading }: FindingContext) {
    const passed = findings.map((one) => detail.parse(one.detail));
    const highest = passed.at(-1);
    if (!highest) return richText`changed`;
    if (highest.level === null) return reading.isTotalUnknown ? richText`is used up` : richText`is used, but none is included`;
    return headlineOf(
      highest,
      highest.level,
      passed.slice(0, -1).flatMap(({ level }) => (level === null ? [] : [level])),
      reading,
    );
  },
} satisfies RuleKind<ThresholdParams, ThresholdState>;

function headlineOf({ firstSight, balance }: Detail, highest: Level, earlier: readonly Level[], reading: Reading): RichText {
  const isShare = highest.perMille !== undefined;
  if (balance !== null && isShare) return balanceHeadline(highest, earlier, firstSight, balance);
  if (firstSight) {
    const share = formatPercent(reading.used, reading.total);
    if (share !== null && isShare) return richText`is already at ${share}`;
    return highest.of === 'used' ? richText`is already past ${named(highest)}` : richText`already has ${named(highest)} or less`;
  }
  const all = [...earlier, highest];
  if (highest.perMille === 1000 && highest.of === 'used')
    return earlier.length === 0 ? richText`is used up (100 %)` : richText`is used up (passed ${listed(all.map(named))})`;
  if (all.every(({ of }) => of === 'used')) return richText`reached ${listed(all.map(named))}`;
  return richText`${highest.of === 'used' ? `reached ${writeLevel(highest)}` : `has ${writeLevel(highest)} or less left`}${passedToo(earlier.map(named))}`;

  function named(one: Level): string {
    return one.of === 'used' ? writeLevel(one) : `${writeLevel(one)} left`;
  }
}

/** Of a balance people ask what is left. */
function balanceHeadline(
  { of, perMille = 0 }: Level,
  earlier: readonly Level[],
  firstSight: boolean,
  { left, ofTopUp }: NonNullable<Detail['balance']>,
): RichText {
  const share = leftPerMille(of, perMille);
  const already = firstSight ? 'already ' : '';
  if (share <= 0) return richText`is ${already}used up`;
  const passed = passedToo(
    earlier.map((one) => (one.perMille === undefined ? writeLevel(one) : percent(leftPerMille(one.of, one.perMille)))),
  );
  return richText`is ${already}down to ${firstSight ? left : percent(share)}${ofTopUp ? ' of its last top-up' : ''}${firstSight ? '' : passed}`;
}

function isOver({ used, total }: Reading): boolean {
  return total === 0n && used > 0n;
}

function finding(level: Level | null, firstSight: boolean, { meter, reading, filled }: SeverityInput): Finding {
  const measured = isBalance(meter, reading) ? measure(meter, reading, filled) : null;
  const ofTopUp = (filled?.topUp ?? null) !== null;
  const balance = measured && { left: formatPercent(measured.left < 0n ? 0n : measured.left, measured.of) ?? '', ofTopUp };
  return {
    kind: 'threshold',
    condition: level === null ? OVER : nameOf(level),
    severity: level?.severity ?? 'critical',
    detail: { level, firstSight, balance },
  };
}

function reasonFor(levels: readonly Level[], { total }: Reading, findings: readonly Finding[], silent: boolean): string {
  const shares = levels.some((one) => one.perMille !== undefined);
  const skipped = !shares ? '' : total === null ? 'unlimited: no percentage' : total === 0n ? 'a total of 0 has no percentage' : '';
  const crossed =
    findings.length === 0
      ? ''
      : `${silent ? 'taken as the starting point' : 'crossed'}: ${findings.map((one) => one.condition).join(', ')}`;
  return [crossed, skipped].filter((part) => part !== '').join('; ') || 'no level newly crossed';
}

function passedToo(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (passed ${listed(names)} too)`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
