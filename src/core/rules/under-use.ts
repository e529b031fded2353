import { z } from 'zod';
import { MINIMUM_DAYS, outlook } from '../meters/forecast.ts';
import { knownTotalOf } from '../meters/reading.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { Evaluation, Finding, RuleInput, RuleKind } from './rule.ts';
import { storedBigint } from '../json-codecs.ts';
import { shareOf } from './level.ts';

/**
 * Fires if a period ends within some days and a large share of its allowance would go unused at the present pace. Fires once per period
 * and lapses silently with it, or if the rest will be used after all.
 */

const params = z.object({ days: z.int(), perMille: z.int() });
export type UnderUseParams = z.infer<typeof params>;

const SHARE_FORMS = 'must be a percentage from 1% to 99.9%';

const written = z
  .strictObject({
    days: z.int().min(1).max(90).default(7),
    share: z
      .union([z.string(), z.number()], SHARE_FORMS)
      .default('50%')
      .transform((share, context) => {
        const perMille = shareOf(share);
        if (perMille !== null && perMille >= 10 && perMille < 1000) return perMille;
        context.addIssue({ code: 'custom', message: SHARE_FORMS });
        return z.NEVER;
      }),
  })
  .transform(({ days, share }): UnderUseParams => ({ days, perMille: share }));

/** The end of the reported period (milliseconds since 1970), and whether the finding still holds. */
const state = z.object({ said: z.object({ periodEndMs: z.int(), holds: z.boolean() }).nullable() });
type UnderUseState = z.infer<typeof state>;

const CONDITION = 'unused';
export const underUseDetail = z.object({ unused: storedBigint, perDay: storedBigint, toUse: storedBigint });

/** The distance below the limit at which the finding lapses, in tenths of a percent. */
const HYSTERESIS_PER_MILLE = 50;

export const underUse = {
  kind: 'under-use' as const,
  topic: 'unused',
  written,
  params,
  state,
  standard: null,

  worst: () => 'notice',

  evaluate({ days, perMille }: UnderUseParams, { reading, history, state: before }: RuleInput<UnderUseState>) {
    const { observedAt, period } = reading;
    const total = knownTotalOf(reading);
    const earlier = before?.said ?? null;
    // The usage of an unused meter never drops, so only the clock shows that its period has ended.
    const said = earlier !== null && observedAt.getTime() < earlier.periodEndMs ? earlier : null;
    const past = earlier?.holds && said === null ? [CONDITION] : [];
    if (period === null || total === null || total === 0n) return answer([], past, 'no allowance that ends', said);
    const expected = outlook(history, reading, MINIMUM_DAYS);
    if (expected.kind === 'none' && expected.why === 'too-early') return answer([], past, 'too little history', said);
    const unused = expected.kind === 'lasts' ? total - expected.usedAtEnd : 0n;
    if (said !== null) {
      const over = said.holds && unused * 1000n < BigInt(perMille - HYSTERESIS_PER_MILLE) * total;
      return answer([], over ? [CONDITION] : past, over ? 'will be used after all' : 'reported in this period', {
        ...said,
        holds: said.holds && !over,
      });
    }
    const leftMs = period.end.getTime() - observedAt.getTime();
    if (leftMs > days * DAY_MS) return answer([], past, 'the period does not end soon', null);
    if (expected.kind !== 'lasts' || unused * 1000n < BigInt(perMille) * total) return answer([], past, 'enough of it will be used', null);
    const toUse = ((total - reading.used) * BigInt(DAY_MS)) / BigInt(Math.max(1, leftMs));
    const finding: Finding = {
      kind: 'under-use',
      condition: CONDITION,
      severity: 'notice',
      detail: z.encode(underUseDetail, { unused, perDay: expected.perDay, toUse }),
    };
    return answer([finding], past, 'a large share will go unused', { periodEndMs: period.end.getTime(), holds: true });
  },

  severityNow: () => null,
} satisfies RuleKind<UnderUseParams, UnderUseState>;

function answer(
  fired: readonly Finding[],
  cleared: readonly string[],
  reason: string,
  said: UnderUseState['said'],
): { evaluation: Evaluation; state: UnderUseState } {
  return { evaluation: { fired, cleared, reason }, state: { said } };
}
