import { formatAmount } from '../amount.ts';
import type { ConsumptionRow } from '../export.ts';
import type { LocalDay } from '../local-time.ts';
import type { Meter } from '../meter.ts';
import type { Button, Message } from './message.ts';
import { consumptionPoints, pointsChart, type ChartDays, type Point } from './consumption-chart.ts';
import { dayText } from './days.ts';
import { say, strong } from './phrase.ts';

const SPANS: readonly ChartDays[] = [7, 30, 90];

/**
 * What a meter consumed over the last days, or since its first figures, as a chart and as a table with the figures it stood at.
 *
 * @param rows of those days, oldest first
 * @param fullName names the meter in the buttons
 */
export function historyWords(
  meter: Meter,
  rows: readonly ConsumptionRow[],
  { last, today, fullName }: { readonly last: ChartDays; readonly today: LocalDay; readonly fullName: string },
): Message {
  const consumed = rows.reduce((sum, row) => sum + row.consumed, 0n);
  const amount = [formatAmount(consumed, meter.decimals), meter.unit].filter((part) => part !== '').join(' ');
  const points = consumptionPoints(rows, last, today);
  const begins = rows[0]?.day;
  const title =
    begins === undefined
      ? say`${strong(meter.label)}: no figures in the last ${String(last)} days`
      : begins > today - last + 1
        ? say`${strong(meter.label)}: ${amount} consumed since ${dayText(begins)}`
        : say`${strong(meter.label)}: ${amount} consumed in the last ${String(last)} days`;
  const chart = pointsChart(meter, points, last);
  const buttons: Button[] = SPANS.filter((span) => span !== last).map((span) => ({
    action: 'show',
    label: `${String(span)} days`,
    value: `history ${fullName} ${String(span)}d`,
  }));
  return {
    summary: title,
    title,
    lines: [],
    ...(chart === null ? {} : { chart }),
    ...(rows.length === 0 ? {} : { verbatim: table(meter, points) }),
    buttons: [...buttons, { action: 'show', label: 'CSV', value: `export ${fullName} ${String(last)}d` }],
  };
}

/** Columns as wide as what is widest in them, figures to the right. */
function table(meter: Meter, points: readonly Point<ConsumptionRow>[]): string {
  const exact = (amount: bigint | null) => (amount === null ? '–' : formatAmount(amount, meter.decimals));
  const cells = points.map(({ first, rows, consumed }) => {
    const last = rows.at(-1);
    return [dayText(first), exact(consumed), exact(last?.used ?? null), last?.total === null ? 'unlimited' : exact(last?.total ?? null)];
  });
  const all = [['From', 'Consumed', 'Used', 'Total'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
