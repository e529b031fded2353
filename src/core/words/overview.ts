import type { MeterLine, Overview } from '../overview.ts';
import { bar, leftOrOver, share, usedOfTotal } from './figures.ts';
import { SEVERITY_SIGNS } from './alert.ts';
import type { Message } from './message.ts';
import { day, say, strong, when, type Phrase } from './phrase.ts';

/** More would not be read in a chat, and a message holds only so much. A meter with a bar takes two. */
const MOST_LINES = 40;

export type OverviewContext = {
  /** False when alerts go nowhere but to the fallback. */
  readonly routed: boolean;
  /** How to ask for one meter: `/usage <meter>`. */
  readonly askForOne: string;
};

/** All meters, worst first: the answer to `/usage`. */
export function overviewWords({ lines, needAttention }: Overview, { routed, askForOne }: OverviewContext): Message {
  const asOf = commonAsOf(lines);
  const title = say`${strong('Credits')}: ${stateOf(lines, needAttention)}${asOf ? say` · as of ${when(asOf)}` : ''}`;
  const meters = lines.map((line) => meterLines(line, asOf === null));
  const shown = startThatFits(meters);
  const more = meters.length - shown.length;
  return {
    summary: title,
    title,
    lines: [
      ...shown.flat(),
      ...(more > 0 ? [say`+${String(more)} more: ${askForOne}`] : []),
      ...(routed ? [] : [say`No channel gets alerts yet: add a route to creditwatch.yml.`]),
    ],
  };
}

/** `1 of 6 needs attention`, `all 6 fine`, `5 fine, 1 out of date`: nobody knows whether figures of an ended period are fine. */
function stateOf(lines: readonly MeterLine[], needAttention: number): string {
  const outdated = lines.filter((line) => line.expired).length;
  const fine = lines.length - needAttention - outdated;
  const parts = [
    ...(needAttention > 0 ? [`${needAttention} of ${lines.length} ${needAttention === 1 ? 'needs' : 'need'} attention`] : []),
    ...(needAttention === 0 && fine > 0 ? [lines.length === 1 ? 'fine' : fine === lines.length ? `all ${fine} fine` : `${fine} fine`] : []),
    ...(outdated > 0 ? [`${outdated} out of date`] : []),
  ];
  return parts.join(', ');
}

function startThatFits(meters: readonly (readonly Phrase[])[]): readonly (readonly Phrase[])[] {
  let room = MOST_LINES;
  const end = meters.findIndex((meter) => {
    room -= meter.length;
    return room < 0;
  });
  return end === -1 ? meters : meters.slice(0, end);
}

/** One meter: its figures, and below them what the figures mean where that is worth a line. */
export function meterLines({ meter, reading, severity, expired }: MeterLine, withAsOf: boolean): readonly Phrase[] {
  const sign = expired ? '⚪' : severity === null ? '🟢' : SEVERITY_SIGNS[severity];
  const figures = say`${sign} ${strong(meter.label)}  ${usedOfTotal(meter, reading)} · ${share(reading)}${withAsOf ? say` · as of ${when(reading.observedAt)}` : ''}`;
  if (expired) return [figures, say`   its period ended ${reading.period ? day(reading.period.end) : ''}: no newer figures since`];
  const blocks = bar(reading);
  return blocks === null ? [figures] : [figures, say`   ${blocks} ${leftOrOver(meter, reading) ?? ''}${reading.period ? say` · reset ${day(reading.period.end)}` : ''}`];
}

/** One "as of" for the whole list when every figure is of the same minute; else null, and each line has its own. */
function commonAsOf(lines: readonly MeterLine[]): Date | null {
  const [first] = lines;
  if (!first) return null;
  const minute = (at: Date) => Math.floor(at.getTime() / 60_000);
  const same = lines.every(({ reading }) => minute(reading.observedAt) === minute(first.reading.observedAt));
  return same ? first.reading.observedAt : null;
}
