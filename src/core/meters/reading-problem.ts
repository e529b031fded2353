import type { NotRead } from '../time/parse-date.ts';
import type { AmountProblem } from './amount.ts';

/** Why an element of `readings` is rejected. A field is given by its path: `period.start`. */
export type ReadingProblem =
  | { readonly code: 'not-an-object' }
  | { readonly code: 'unknown-fields'; readonly fields: readonly string[]; readonly known: readonly string[] }
  | { readonly code: 'field-missing' | 'wrong-type' | 'bad-name' | 'not-an-amount' | 'off-calendar'; readonly field: string }
  | { readonly code: 'bad-decimals'; readonly most: number }
  | { readonly code: 'bad-time'; readonly field: string; readonly problem: NotRead | { readonly why: 'no-zone' } }
  | { readonly code: 'ahead-of-clock'; readonly observedAt: Date; readonly arrivedAt: Date }
  | { readonly code: 'period-not-forward' }
  | { readonly code: 'used-and-remaining-missing' | 'total-missing' | 'too-near-reset' }
  | { readonly code: 'bad-amount'; readonly field: string; readonly problem: AmountProblem }
  | { readonly code: 'do-not-add-up'; readonly used: Sent; readonly remaining: Sent; readonly total: Sent }
  | { readonly code: 'sum-too-large' | 'difference-too-large' | 'remaining-of-unlimited' | 'remaining-above-total' };

/** A figure as it was sent. */
type Sent = number | string | null | undefined;
