import { plainAmount } from '../amount.ts';
import type { LocalDay } from '../local-time.ts';
import type { Meter } from '../meter.ts';
import type { Chart } from './chart.ts';
import { dayText } from './days.ts';

/** What was consumed on a day. */
export type DayConsumption = { readonly day: LocalDay; readonly consumed: bigint };

/** How many days are one point, so that a chart has at most twenty. */
const DAYS_A_POINT = { 7: 1, 30: 2, 90: 7 } as const;
export type ChartDays = keyof typeof DAYS_A_POINT;

/** Consumption over the last days, today included; null when there are no two points to compare. */
export function consumptionChart(meter: Pick<Meter, 'unit' | 'decimals'>, consumption: readonly DayConsumption[], last: ChartDays, today: LocalDay): Chart | null {
  const size = DAYS_A_POINT[last];
  const count = Math.ceil(last / size);
  const points = Array.from({ length: count }, (_, index) => {
    const first = today - (count - index) * size + 1;
    const within = consumption.filter(({ day }) => day >= first && day < first + size);
    return { label: dayText(first), consumed: within.length === 0 ? null : within.reduce((sum, one) => sum + one.consumed, 0n) };
  });
  if (points.filter(({ consumed }) => consumed !== null).length < 2) return null;
  return {
    title: size === 1 ? 'Consumption a day' : size === 7 ? 'Consumption a week, from the day shown' : `Consumption in ${String(size)} days, from the day shown`,
    shape: 'bar',
    categories: points.map(({ label }) => label),
    series: [{ name: meter.unit === '' ? 'used' : meter.unit.slice(0, 20), values: points.map(({ consumed }) => (consumed === null ? null : Number(plainAmount(consumed, meter.decimals)))) }],
  };
}
