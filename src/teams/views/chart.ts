import type { CardElement, IFactSet } from '@microsoft/teams.cards';
import type { Chart } from '../../core/words/chart.ts';
import { escapeMarkdown } from './lines.ts';

/** A chart as Teams draws it; where it is not known, the same figures as a list. */
export function chartElement(chart: Chart): CardElement {
  const fallback = chartFacts(chart);
  if (chart.shape === 'line') return { type: 'Chart.Line', title: chart.title, data: chart.series.map(({ name, values }) => ({ legend: name, values: points(chart, values) })), fallback };
  const [only] = chart.series;
  if (only !== undefined && chart.series.length === 1) return { type: 'Chart.VerticalBar', title: chart.title, data: points(chart, only.values), fallback };
  return { type: 'Chart.VerticalBar.Grouped', title: chart.title, data: chart.series.map(({ name, values }) => ({ legend: name, values: points(chart, values) })), fallback };
}

/** The figures of a chart in words: `16 Nov   Used 1,234 · Usual 980`. */
export function chartFacts({ categories, series }: Chart): IFactSet {
  const several = series.length > 1;
  return {
    type: 'FactSet',
    facts: categories.map((category, index) => {
      const values = series.flatMap(({ name, values: all }) => {
        const value = all[index];
        if (value === undefined || value === null) return [];
        return [several ? `${name} ${figures.format(value)}` : figures.format(value)];
      });
      return { title: escapeMarkdown(category), value: escapeMarkdown(values.join(' · ') || '–') };
    }),
  };
}

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

function points({ categories }: Chart, values: readonly (number | null)[]): { x: string; y: number }[] {
  return values.flatMap((y, index) => {
    const x = categories[index];
    return y === null || x === undefined ? [] : [{ x, y }];
  });
}
