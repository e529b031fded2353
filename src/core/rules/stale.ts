import { z } from 'zod';
import { intervalSchema } from '../time/interval.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { RuleInput, RuleKind } from './rule.ts';

const nothing = z.strictObject({});
type Nothing = z.infer<typeof nothing>;
type Stale = { readonly afterMs: number };

/**
 * Defines how long figures stay current if the default (twice the poll interval, 26 h for a push, 7 days for an import) does not fit. A
 * reading cannot show that none came, so a timer checks and notifies operations once.
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
    evaluation: { fired: [], cleared: [], reason: 'checked by a timer, not by readings' },
    state: before ?? {},
  }),
  severityNow: () => null,
} satisfies RuleKind<Stale, Nothing>;
