import type { MeterLine } from '../overview.ts';
import type { Message } from './message.ts';
import { meterLines } from './overview.ts';
import { day, say, when } from './phrase.ts';

/** One meter in detail: the answer to `/usage <meter>`. */
export function meterWords(line: MeterLine): Message {
  const { meter, reading } = line;
  const [title = [], ...below] = meterLines(line, false);
  const period = reading.period;
  return {
    summary: title,
    title,
    lines: [
      ...below,
      ...(period ? [say`Period ${day(period.start)} – ${day(period.end)}.`] : [say`I don't know when it resets.`]),
      ...(meter.consequence === null ? [] : [say`When it runs out: ${meter.consequence}`]),
    ],
    footer: say`${meter.source}/${meter.key} · as of ${when(reading.observedAt)}`,
  };
}
