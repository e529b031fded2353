import { greenLasts, type MeterLine, type Overview } from '../../core/status/overview.ts';
import type { Button, Message } from '../../core/text/message.ts';
import type { PollLedger } from '../../core/meters/poll.ts';
import { failingPolls } from '../text/polls.ts';
import { meterLines } from './meter-line.ts';
import { commonAsOf } from '../text/as-of.ts';
import { boundaryDayOf } from '../../core/time/days.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** The most lines of an overview: people do not read more in a chat, and the length of a message is limited. A meter with a bar takes two. */
const MOST_LINES = 40;

export type OverviewContext = {
  /** The account's zone, in which days are worded. */
  readonly timeZone: string;
  /** The command that subscribes a channel; null if some channel already gets alerts. */
  readonly subscribeWith: string | null;
  /** How the command is typed: `/usage`. */
  readonly invokedAs: string;
  /** The state of all polled sources; failing ones get a line. */
  readonly polls?: readonly PollLedger[];
  /** Whether others read the place where the command was typed. */
  readonly canShare: boolean;
  /** Shows pace and outlook for each meter. */
  readonly inFull?: true;
};

/** All meters, worst first: the answer to `/usage`. */
export function overviewMessage(
  { lines, needAttention }: Overview,
  { timeZone, subscribeWith, invokedAs, canShare, polls = [], inFull }: OverviewContext,
): Message {
  const asOf = commonAsOf(
    lines.map(({ reading }) => reading),
    timeZone,
  );
  const title = richText`${stateOf(lines, needAttention)}${asOf ? richText` · as of ${asOf}` : ''}`;
  const sources = sourcesByLabel(lines);
  const meters = lines.map((line) =>
    meterLines(line, {
      timeZone,
      withAsOf: asOf === null,
      withSource: (sources.get(line.meter.label)?.size ?? 0) > 1,
      ...(inFull && { inFull }),
    }),
  );
  const shown = startThatFits(meters);
  const more = meters.length - shown.length;
  return {
    summary: title,
    title,
    lines: [
      ...shown.flat(),
      ...(more > 0 ? [richText`+${String(more)} more: ${code(`${invokedAs} <meter>`)}`] : []),
      ...lasting(lines, timeZone),
      ...failingPolls(polls),
      ...(subscribeWith === null ? [] : [richText`No channel gets alerts yet: ${code(subscribeWith)}`]),
    ],
    buttons: [
      ...(canShare ? [shareButton(inFull ? 'details' : '')] : []),
      ...(inFull ? [] : [{ action: 'show', label: 'Details', value: 'details' } as const]),
      ...alertsButton(lines),
    ],
  };
}

/** Posts the answer to everyone in the channel. `value`: what was asked. */
export function shareButton(value: string): Button {
  return { action: 'share', label: 'Share to channel', value };
}

/** The sources of each label. Meters of two vendors with the same label are shown with their source. */
function sourcesByLabel(lines: readonly MeterLine[]): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map<string, Set<string>>();
  for (const { meter } of lines) sources.set(meter.label, (sources.get(meter.label) ?? new Set()).add(meter.source));
  return sources;
}

function alertsButton(lines: readonly MeterLine[]): readonly Button[] {
  const open = lines.reduce((count, { alerts }) => count + alerts.length, 0);
  return open === 0 ? [] : [{ action: 'show', label: `Alerts (${String(open)})`, value: 'alerts' }];
}

/** `All green meters last until 1 Dec.`; no line if that is not known of all of them. */
function lasting(lines: readonly MeterLine[], timeZone: string): readonly RichText[] {
  const until = greenLasts(lines);
  if (until === null) return [];
  return [
    until === 'each-reset'
      ? richText`All green meters last until their reset.`
      : richText`All green meters last until ${boundaryDayOf(until, timeZone, lines[0]?.reading.observedAt)}.`,
  ];
}

/** `Credits: 1 of 6 needs attention`, `Both meters are fine`, `Credits: 5 fine, 1 out of date`. Outdated figures do not count as fine. */
function stateOf(lines: readonly MeterLine[], needAttention: number): RichText {
  const all = lines.length;
  const outdated = lines.filter((line) => line.freshness !== 'current').length;
  const fine = all - needAttention - outdated;
  const [first] = lines;
  if (first !== undefined && all === 1 && needAttention === 1 && outdated === 0)
    return richText`${strong(first.meter.label)} needs attention`;
  if (first !== undefined && all === 1 && fine === 1) return richText`${strong(first.meter.label)} is fine`;
  if (fine === all) return richText`${strong(all === 2 ? 'Both meters' : `All ${String(all)} meters`)} are fine`;
  const parts = [
    ...(needAttention > 0 ? [`${needAttention} of ${all} ${needAttention === 1 ? 'needs' : 'need'} attention`] : []),
    ...(needAttention === 0 && fine > 0 ? [`${fine} fine`] : []),
    ...(outdated > 0 ? [`${outdated} out of date`] : []),
  ];
  return richText`${strong('Credits')}: ${parts.join(', ')}`;
}

function startThatFits(meters: readonly (readonly RichText[])[]): readonly (readonly RichText[])[] {
  let room = MOST_LINES;
  const end = meters.findIndex((meter) => {
    room -= meter.length;
    return room < 0;
  });
  return end === -1 ? meters : meters.slice(0, end);
}
