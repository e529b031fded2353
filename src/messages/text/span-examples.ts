/** How people can name a time that has passed, as examples. `typedSpan` reads them all. */
export const SPAN_EXAMPLES = ['30d', 'last week', 'last month', 'this period', 'last period', 'since 1 nov'] as const;
