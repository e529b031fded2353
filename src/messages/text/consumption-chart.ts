import { plainAmount } from '../../core/meters/amount.ts';
import type { DayConsumption } from '../../core/meters/history.ts';
import type { LocalDay } from '../../core/time/local-time.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { Chart } from '../../core/text/chart.ts';
import { dayText } from '../../core/time/days.ts';
import { sanitizeText, strictLength } from './sanitize-text.ts';
import { upperFirst } from './upper-first.ts';

const LONGEST_TITLE = 50;
const LONGEST_UNIT = 20;

const MOST_POINTS = 20;

/** How many days one point covers, so that a chart has at most twenty points: one day, two days, or whole weeks. */
function daysAPoint(days: number): number {
  if (days <= 2 * MOST_POINTS) return days <= MOST_POINTS ? 1 : 2;
  return Math.ceil(days / (7 * MOST_POINTS)) * 7;
}

/** A point of a chart: some days from `first` on. `consumed` is null if there are no figures for them. */
export type Point<Row> = { readonly first: LocalDay; readonly rows: readonly Row[]; readonly consumed: bigint | null };

/**
 * Groups the last days into points, oldest first; the last point contains today. The first point begins with the first day that has
 * figures, because the consumption before it is unknown.
 */
export function consumptionPoints<Row extends DayConsumption>(
  consumption: readonly Row[],
  last: number,
  today: LocalDay,
): readonly Point<Row>[] {
  const size = daysAPoint(last);
  const count = Math.ceil(last / size);
  const points = Array.from({ length: count }, (_, index) => {
    const first = today - (count - index) * size + 1;
    const rows = consumption.filter(({ day }) => day >= first && day < first + size);
    return {
      first: Math.max(first, today - last + 1),
      rows,
      consumed: rows.length === 0 ? null : rows.reduce((sum, one) => sum + one.consumed, 0n),
    };
  });
  const begins = points.findIndex(({ rows }) => rows.length > 0);
  const [earliest, ...later] = begins < 0 ? [] : points.slice(begins);
  return earliest === undefined ? [] : [{ ...earliest, first: earliest.rows[0]?.day ?? earliest.first }, ...later];
}

/**
 * Consumption as a chart; null if fewer than two points have figures.
 *
 * @param name the name of the meter, for a message about several meters
 */
export function pointsChart(
  { unit, decimals }: Pick<Meter, 'unit' | 'decimals'>,
  points: readonly Point<unknown>[],
  last: number,
  name?: string,
): Chart | null {
  if (points.filter(({ consumed }) => consumed !== null).length < 2) return null;
  const size = daysAPoint(last);
  const counted = unit === '' ? 'used' : `${sanitizeText(unit, LONGEST_UNIT, strictLength)} used`;
  const title = `${counted}${size === 1 ? ' per day' : `, per ${String(size)} days`}`;
  return {
    title: name === undefined ? upperFirst(title) : `${sanitizeText(name, LONGEST_TITLE - title.length - 2, strictLength)}: ${title}`,
    shape: 'bar',
    categories: points.map(({ first }) => dayText(first)),
    series: [
      {
        name: unit === '' ? 'used' : unit.slice(0, LONGEST_UNIT),
        values: points.map(({ consumed }) => (consumed === null ? null : Number(plainAmount(consumed, decimals)))),
      },
    ],
  };
}
