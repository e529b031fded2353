import { z } from 'zod';
import { intervalSchema } from '../time/interval.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { RuleInput, RuleKind } from './rule.ts';

const nothing = z.strictObject({});
type Nothing = z.infer<typeof nothing>;
type Stale = { readonly afterMs: number };

/**
 * Says how long figures stay current, where the usual (twice the interval of a poll, 26 h for a push, 7 days for an
 * import) does not fit. No reading can show that none came: a timer looks, and tells operations once.
 */
export const stale = {
  kind: 'stale' as const,
  topic: 'stale',
  written: z
    .strictObject({ after: intervalSchema({ least: '1m', leastMs: 60_000, most: '90d', mostMs: 90 * DAY_MS }) })
    .transform(({ after }) => ({ afterMs: after })),
  params: z.object({ afterMs: z.int().positive() }),
  state: nothing,
  standard: null,
  staleAfterMs: ({ afterMs }: Stale) => afterMs,
  worst: () => null,
  evaluate: (_: Stale, { state: before }: RuleInput<Nothing>) => ({
    evaluation: { fired: [], cleared: [], reason: 'looked at by the clock, not by readings' },
    state: before ?? {},
  }),
  severityNow: () => null,
} satisfies RuleKind<Stale, Nothing>;
