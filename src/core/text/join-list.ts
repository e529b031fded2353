const lists = {
  and: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
  or: new Intl.ListFormat('en-GB', { type: 'disjunction' }),
};

/** Joins the parts of a list: `a`, `a and b`, `a, b and c`; with `or`, `a, b or c`. */
export function joinList(parts: readonly string[], last: 'and' | 'or'): string {
  return lists[last].format(parts);
}

/** `web`, `web or worker`, `one of all, web or worker`. */
export function oneOfText(values: readonly string[]): string {
  return `${values.length < 3 ? '' : 'one of '}${joinList(values, 'or')}`;
}
