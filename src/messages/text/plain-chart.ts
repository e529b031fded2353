import type { Chart } from '../../core/text/chart.ts';

const WIDTH = 20;

/** A chart as lines of plain text: a bar for each point if it has one series; otherwise a table. */
export function plainChart({ title, categories, series }: Chart): readonly string[] {
  const wide = Math.max(...categories.map((name) => name.length), 0);
  const cells = categories.map((_, index) => series.map(({ values }) => values[index] ?? null));
  const largest = Math.max(...cells.flat().map((value) => value ?? 0), 0);
  const rows = categories.map((name, index) => {
    const values = cells[index] ?? [];
    const [only = null] = values;
    const shown = series.length === 1 ? `${drawn(only, largest).padEnd(WIDTH)}  ${written(only)}` : values.map(written).join('  ');
    return `${name.padEnd(wide)}  ${shown}`;
  });
  return [series.length === 1 ? title : `${title}: ${series.map(({ name }) => name).join(', ')}`, ...rows];
}

function drawn(value: number | null, largest: number): string {
  return value === null || value <= 0 || largest <= 0 ? '' : '▇'.repeat(Math.max(1, Math.round((value / largest) * WIDTH)));
}

function written(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
