import { z } from 'zod';
import { intervalSchema } from '../time/interval.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { RuleKind } from './rule.ts';
import { richText } from '../text/rich-text.ts';

const nothing = z.strictObject({});
type Nothing = z.infer<typeof nothing>;
type Stale = { readonly afterMs: number };

/**
 * Says how long figures stay current, where the usual (twice the interval of a poll, 26 h for a push, 7 days for an
 * import) does not fit. No reading can show that none came: a timer looks, and tells operations once.
 */
export const stale: RuleKind<Stale, Nothing> = {
  kind: 'stale',
  topic: 'stale',
  written: z
    .strictObject({ after: intervalSchema({ least: '1m', leastMs: 60_000, most: '90d', mostMs: 90 * DAY_MS }) })
    .transform(({ after }) => ({ afterMs: after })),
  params: z.object({ afterMs: z.int().positive() }),
  state: nothing,
  standard: null,
  staleAfterMs: ({ afterMs }) => afterMs,
  worst: () => null,
  evaluate: (_, { state: before }) => ({
    evaluation: { fired: [], cleared: [], reason: 'looked at by the clock, not by readings' },
    state: before ?? {},
  }),
  severityNow: () => null,
  headline: () => richText`is out of date`,
};
