import { intervalToDuration } from 'date-fns/intervalToDuration';
import { TZDate } from '@date-fns/tz';

/** `1 d 15 h`, `15 h 5 min`, `less than a minute`: the two largest units. */
export function duration(start: Date, end: Date): string {
  const {
    years = 0,
    months = 0,
    days = 0,
    hours = 0,
    minutes = 0,
  } = intervalToDuration({ start: new TZDate(start, 'UTC'), end: new TZDate(end, 'UTC') });
  const parts: readonly (readonly [number, string])[] = [
    [years, 'y'],
    [months, 'mo'],
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'min'],
  ];
  const shown = parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}`);
  return shown.length === 0 ? 'less than a minute' : shown.join(' ');
}
