import type { types } from '@slack/bolt';
import type { Chart } from '../../core/text/chart.ts';
import type { RichText } from '../../core/text/rich-text.ts';
import { sanitizeText, strictLength } from '../../messages/text/sanitize-text.ts';
import { weigh } from './rich-text.ts';
import { chartFigure, chartSummary } from '../../messages/text/chart-summary.ts';

/**
 * A chart that Slack draws (docs.slack.dev/reference/block-kit/blocks/data-visualization-block), with the fields that are used here. It is
 * not in Slack's types yet. Each series has exactly one point for each category, with the category's name.
 */
export type DataVisualizationBlock = {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: Chart['shape'];
    readonly series: readonly { readonly name: string; readonly data: readonly { readonly label: string; readonly value: number }[] }[];
    readonly axis_config: { readonly categories: readonly string[] };
  };
};

/** How figures are shown: as a chart, or as a table if the workspace does not support charts. */
export type FiguresAs = 'chart' | 'table';

const MAX_TITLE = 50;
const MAX_LABEL = 20;
const MOST_POINTS = 20;
const MOST_SERIES = 6;

/**
 * Builds the block of the figures: a chart if allowed and possible, else a table. The table leaves out its oldest rows if it does not fit.
 * Null if there is nothing to show.
 *
 * @param room in the unit of `weigh`
 */
export function figuresBlock(chart: Chart, as: FiguresAs, room: number): DataVisualizationBlock | types.TableBlock | null {
  const figures = tidy(chart);
  if (figures.categories.length === 0 || figures.series.length === 0) return null;
  const drawn = as === 'chart' ? drawing(figures) : null;
  return drawn !== null && weigh(drawn) <= room ? drawn : table(figures, room);
}

/** Describes the figures for screen readers and notifications. Null if there are none. */
export function figuresLine(chart: Chart): RichText | null {
  return chartSummary(tidy(chart));
}

/** Applies Slack's limits except the weight. Of too many points, the last ones stay, which are the newest. */
function tidy(chart: Chart): Chart {
  const from = Math.max(0, chart.categories.length - MOST_POINTS);
  const categories = chart.categories.slice(from).map(label);
  return {
    shape: chart.shape,
    title: cut(chart.title, MAX_TITLE),
    categories,
    series: chart.series
      .slice(0, MOST_SERIES)
      .map(({ name, values }) => ({ name: label(name), values: categories.map((_category, index) => finite(values[from + index])) })),
  };
}

/**
 * Builds the chart, without categories that lack a value. Null if none is left, or if two labels or names are equal, which Slack rejects.
 */
function drawing({ title, shape, categories, series }: Chart): DataVisualizationBlock | null {
  const whole = categories.flatMap((category, index) =>
    series.every(({ values }) => values[index] !== null) ? [{ category, index }] : [],
  );
  if (whole.length === 0 || hasTwins(whole.map(({ category }) => category)) || hasTwins(series.map(({ name }) => name))) return null;
  const labels = shortDays(whole.map(({ category }) => category));
  return {
    type: 'data_visualization',
    title,
    chart: {
      type: shape,
      series: series.map(({ name, values }) => ({
        name,
        data: whole.map(({ index }, place) => ({ label: labels[place] ?? '', value: values[index] ?? 0 })),
      })),
      axis_config: { categories: labels },
    },
  };
}

/** With more days than this, labels with months overlap. */
const MOST_WITH_MONTH = 8;

/**
 * Shortens labels of days: `30 Oct`, `1 Nov`, `3`, `5`. Of many days, only the first of each month keeps its month, unless two labels would
 * then be equal.
 */
function shortDays(categories: readonly string[]): readonly string[] {
  const days = categories.map((category) => /^(\d{1,2}) (\p{L}+)$/u.exec(category));
  if (categories.length <= MOST_WITH_MONTH || days.includes(null)) return categories;
  const short = days.map((day, index) => (index > 0 && day?.[2] === days[index - 1]?.[2] ? day?.[1] : day?.[0]) ?? '');
  return hasTwins(short) ? categories : short;
}

function table({ title, categories, series }: Chart, room: number): types.TableBlock {
  const head = [title, ...series.map(({ name }) => name)].map(cell);
  const rows = categories.map((category, index) => [category, ...series.map(({ values }) => chartFigure(values[index] ?? null))].map(cell));
  const block = (from: number): types.TableBlock => ({
    type: 'table',
    column_settings: [{ align: 'left' }, ...series.map(() => ({ align: 'right' as const }))],
    rows: [head, ...rows.slice(from)],
  });
  let from = 0;
  while (from < rows.length - 1 && weigh(block(from)) > room) from += 1;
  return block(from);
}

function cell(text: string): { type: 'raw_text'; text: string } {
  return { type: 'raw_text', text };
}

function label(text: string): string {
  return cut(text, MAX_LABEL);
}

function cut(text: string, max: number): string {
  return sanitizeText(text, max, strictLength) || '…';
}

function finite(value: number | null | undefined): number | null {
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}

function hasTwins(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
