import type { Chart } from '../../core/text/chart.ts';
import { richText, type RichText } from '../../core/text/rich-text.ts';

/**
 * Describes a chart in one line, for screen readers and notifications: the first and last value of a single series, or the last value of
 * each of several. Null if it has no values.
 */
export function chartSummary({ title, categories, series }: Chart): RichText | null {
  const known = categories.filter((_category, index) => series.some(({ values }) => values[index] !== null));
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return null;
  const at = (category: string, values: readonly (number | null)[]) => chartFigure(values[categories.indexOf(category)] ?? null);
  const [only, ...others] = series;
  if (only && others.length === 0)
    return richText`${title}: ${at(first, only.values)} (${first})${first === last ? '' : ` to ${at(last, only.values)} (${last})`}`;
  return richText`${title}, ${last}: ${series.map(({ name, values }) => `${name} ${at(last, values)}`).join(', ')}`;
}

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** A figure of a chart as text; a missing one as a dash. */
export function chartFigure(value: number | null): string {
  return value === null ? '–' : numbers.format(value);
}
