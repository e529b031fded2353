import { formatAmount } from '../../core/meters/amount.ts';
import type { ConsumptionRow } from '../../core/meters/export.ts';
import type { LocalDay } from '../../core/time/local-time.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { consumptionPoints, pointsChart, type Point } from '../text/consumption-chart.ts';
import { presentable } from '../../core/meters/meter.ts';
import { SPAN_EXAMPLES } from '../text/span-examples.ts';
import { dayRangeText, dayText } from '../../core/time/days.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

const SPANS = [7, 30, 90];

/**
 * Shows the consumption of a meter over a span of days, or since its first figures, as a chart and as a table with the totals.
 *
 * @param rows the days with figures, oldest first
 * @param span.typed the span as it was typed
 * @param span.fullName the name of the meter in the values of the buttons
 */
export function historyMessage(
  meter: Meter,
  rows: readonly ConsumptionRow[],
  {
    first,
    last,
    today,
    typed,
    fullName,
  }: { readonly first: LocalDay; readonly last: LocalDay; readonly today: LocalDay; readonly typed: string; readonly fullName: string },
): Message {
  const consumed = rows.reduce((sum, row) => sum + row.consumed, 0n);
  const amount = [formatAmount(consumed, meter.decimals), meter.unit].filter((part) => part !== '').join(' ');
  const count = last - first + 1;
  // The consumption before the first figures is unknown.
  const begins = Math.max(rows[0]?.day ?? first, first);
  const points = consumptionPoints(rows, count, last);
  const title =
    rows.length === 0
      ? richText`${strong(meter.label)}: no figures ${whenOf({ first, last, today, typed })}`
      : richText`${strong(meter.label)}: ${amount} used ${begins > first && last >= today ? `since ${dayText(begins)}` : whenOf({ first: begins, last, today, typed })}`;
  const chart = pointsChart(meter, points, count);
  const buttons: Button[] = SPANS.filter((span) => span !== count || last !== today).map((span) => ({
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
    buttons: [...buttons, { action: 'show', label: 'CSV', value: `export ${fullName} ${typed}` }],
  };
}

/** `1–31 Oct`, `since 1 Nov`, `in the last 30 days`, `today`. */
function whenOf({
  first,
  last,
  today,
  typed,
}: {
  readonly first: LocalDay;
  readonly last: LocalDay;
  readonly today: LocalDay;
  readonly typed: string;
}): string {
  if (last < today) return dayRangeText(first, last);
  if (first === last) return 'today';
  return DAYS_BACK.test(typed) ? `in the last ${String(last - first + 1)} days` : `since ${dayText(first)}`;
}

/** A number of days back. */
const DAYS_BACK = /\d ?(?:d|days?|w|weeks?|months?)$/i;

/** The text after the name of a meter is not a span of time. */
export function spanNotUnderstood(typed: string, name: string, invokedAs: string): Message {
  const title = richText`I don't understand "${presentable(typed, 80)}" as a time in the past.`;
  const lines: readonly RichText[] = [
    richText`For example: ${SPAN_EXAMPLES.join(', ')}.`,
    richText`Type ${code(`${invokedAs} history ${name} last month`)}`,
  ];
  const buttons = ['30d', 'last month'].map((span): Button => ({
    action: 'show',
    label: span === '30d' ? '30 days' : 'Last month',
    value: `history ${name} ${span}`,
  }));
  return { summary: title, title, lines, buttons };
}

/** The span refers to a period, but the meter has no known period. */
export function noPeriodKnown({ label }: Pick<Meter, 'label'>): Message {
  const title = richText`I don't know when ${strong(label)} resets, so it has no period. Name days instead: ${SPAN_EXAMPLES.filter((one) => !one.includes('period')).join(', ')}.`;
  return { summary: title, title, lines: [] };
}

/** A table with aligned columns, figures to the right. */
function table(meter: Meter, points: readonly Point<ConsumptionRow>[]): string {
  const exact = (amount: bigint | null) => (amount === null ? '–' : formatAmount(amount, meter.decimals));
  const cells = points.map(({ first, rows, consumed }) => {
    const last = rows.at(-1);
    return [dayText(first), exact(consumed), exact(last?.used ?? null), last?.total === null ? 'unlimited' : exact(last?.total ?? null)];
  });
  const all = [['From', 'Used', 'So far', 'Total'], ...cells];
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
