import type { CardElement, IContainer, IFactSet } from '@microsoft/teams.cards';
import type { Chart } from '../../core/text/chart.ts';
import { escapeMarkdown } from './text-blocks.ts';

/** Builds a chart that Teams draws. Clients that do not support it show the same figures as a list. */
export function chartElement(chart: Chart): CardElement {
  const fallback = chartFacts(chart);
  const { title, categories } = inDays(chart);
  const points = (values: readonly (number | null)[]) => pointsOf(categories, values);
  if (chart.shape === 'line')
    return {
      type: 'Chart.Line',
      title,
      data: chart.series.map(({ name, values }) => ({ legend: name, values: points(values) })),
      fallback,
    };
  const [only] = chart.series;
  if (only !== undefined && chart.series.length === 1)
    return { type: 'Chart.VerticalBar', title, data: points(only.values), color: 'categoricalBlue', fallback };
  return {
    type: 'Chart.VerticalBar.Grouped',
    title,
    data: chart.series.map(({ name, values }) => ({ legend: name, values: points(values) })),
    fallback,
  };
}

/**
 * Builds the figures of a chart as a list below its title: `16 Nov   Used 1,234 · Usual 980`. Rows before the first figure are left out.
 */
export function chartFacts({ title, categories, series }: Chart): IContainer {
  const several = series.length > 1;
  const first = categories.findIndex((_category, at) => series.some(({ values }) => (values[at] ?? null) !== null));
  const facts = categories.map((category, index) => {
    const values = series.flatMap(({ name, values: all }) => {
      const value = all[index];
      if (value === undefined || value === null) return [];
      return [several ? `${name} ${figures.format(value)}` : figures.format(value)];
    });
    return { title: escapeMarkdown(category), value: escapeMarkdown(values.join(' · ') || '–') };
  });
  const list: IFactSet = { type: 'FactSet', facts: facts.slice(Math.max(first, 0)), spacing: 'Small' };
  return { type: 'Container', items: [{ type: 'TextBlock', text: escapeMarkdown(title), isSubtle: true, wrap: true }, list] };
}

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** With more labels than this, Teams cuts them off, so they show only the day. */
const MOST_FULL_LABELS = 7;
const DAY_AND_MONTH = /^(\d{1,2}) [A-Z][a-z]{2}$/;

/** With many days, the axis shows only the days, and the title shows the first and last date. */
function inDays({ title, categories }: Chart): Pick<Chart, 'title' | 'categories'> {
  const days = categories.flatMap((category) => DAY_AND_MONTH.exec(category)?.[1] ?? []);
  const isClear = days.length === categories.length && new Set(days).size === days.length;
  if (categories.length <= MOST_FULL_LABELS || !isClear) return { title, categories };
  return { title: `${title}, ${categories[0] ?? ''} – ${categories.at(-1) ?? ''}`, categories: days };
}

function pointsOf(categories: readonly string[], values: readonly (number | null)[]): { x: string; y: number }[] {
  return values.flatMap((y, index) => {
    const x = categories[index];
    return y === null || x === undefined ? [] : [{ x, y }];
  });
}
