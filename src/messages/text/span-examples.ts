/** Examples of a typed span of time in the past. `typedSpan` understands all of them. */
export const SPAN_EXAMPLES = ['30d', 'last week', 'last month', 'this period', 'last period', 'since 1 nov'] as const;

/** The examples without periods of a meter, for a question that is not about meters. */
export const PAST_SPANS = SPAN_EXAMPLES.filter((example) => !example.endsWith('period'));
