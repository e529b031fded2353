import type { MailTally } from '../../core/meters/mail.ts';
import { MOST_SHOWN, type Overview } from '../../core/status/overview.ts';
import type { Button, Message } from '../../core/text/message.ts';
import type { PollLedger } from '../../core/meters/poll.ts';
import { unreadMailLines } from '../text/mail.ts';
import { failingPolls } from '../text/polls.ts';
import { meterLines } from './meter-line.ts';
import { commonAsOf } from '../text/as-of.ts';
import { boundaryDayOf } from '../../core/time/days.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

export type OverviewContext = {
  /** The account's zone, in which days are worded. */
  readonly timeZone: string;
  /** The command that subscribes a channel; null if some channel already gets alerts. */
  readonly subscribeWith: string | null;
  /** How the command is typed: `/usage`. */
  readonly invokedAs: string;
  /** The state of all polled sources; failing ones get a line. */
  readonly polls?: readonly PollLedger[];
  /** The mails that gave no figures, of sources that are not polled. */
  readonly unreadMails?: readonly { readonly source: string; readonly tallies: readonly MailTally[] }[];
  /** Whether others read the place where the command was typed. */
  readonly canShare: boolean;
  /** Shows pace and outlook for each meter. */
  readonly inFull?: true;
};

/** All meters, worst first: the answer to `/usage`. */
export function overviewMessage(
  overview: Overview,
  { timeZone, subscribeWith, invokedAs, canShare, polls = [], unreadMails = [], inFull }: OverviewContext,
): Message {
  const asOf = commonAsOf([...overview.lines.slice(0, 1).map(({ reading }) => reading), ...overview.stamps], timeZone);
  const failing = [...failingPolls(polls), ...unreadMailLines(unreadMails, timeZone)];
  const title = richText`${stateOf(overview)}${problemsOf(failing.length)}${asOf ? richText` · as of ${asOf}` : ''}`;
  const meters = overview.lines.slice(0, MOST_SHOWN).map((line) =>
    meterLines(line, {
      timeZone,
      withAsOf: asOf === null,
      withSource: overview.sharedLabels.has(line.meter.label),
      ...(inFull && { inFull }),
    }),
  );
  const shown = startThatFits(meters);
  const more = overview.count - shown.length;
  return {
    summary: title,
    title,
    lines: [
      ...shown.flat(),
      ...(more > 0 ? [richText`+${String(more)} more: ${code(`${invokedAs} <meter>`)}`] : []),
      ...lasting(overview, timeZone),
      ...failing,
      ...(subscribeWith === null ? [] : [richText`No channel gets alerts yet: ${code(subscribeWith)}`]),
    ],
    buttons: [
      ...(canShare ? [shareButton(inFull ? 'details' : '')] : []),
      ...(inFull ? [] : [{ action: 'show', label: 'Details', value: 'details' } as const]),
      ...alertsButton(overview),
    ],
  };
}

/** Posts the answer to everyone in the channel. `value`: what was asked. */
export function shareButton(value: string): Button {
  return { action: 'share', label: 'Share to channel', value };
}

function alertsButton({ openAlerts }: Overview): readonly Button[] {
  return openAlerts === 0 ? [] : [{ action: 'show', label: `Alerts (${String(openAlerts)})`, value: 'alerts' }];
}

/** `All green meters last until 1 Dec.`; no line if that is not known of all of them. */
function lasting({ lines, greenLasts: until }: Overview, timeZone: string): readonly RichText[] {
  if (until === null) return [];
  return [
    until === 'each-reset'
      ? richText`All green meters last until their reset.`
      : richText`All green meters last until ${boundaryDayOf(until, timeZone, lines[0]?.reading.observedAt)}.`,
  ];
}

/** Meters of a failing source keep their last figures, so that "all are fine" alone would say too much. */
function problemsOf(sources: number): string {
  return sources === 0 ? '' : ` · ${String(sources)} ${sources === 1 ? 'source has a problem' : 'sources have a problem'}`;
}

/**
 * `Credits: 1 of 6 needs attention`, `Both meters are fine`, `Credits: 5 fine, 1 out of date`. Figures that are outdated, or have no known
 * total, do not count as fine.
 */
function stateOf({ lines, count: all, needAttention, outdated, withoutTotal }: Overview): RichText {
  const fine = all - needAttention - outdated - withoutTotal;
  const [first] = lines;
  if (first !== undefined && all === 1 && needAttention === 1 && outdated === 0)
    return richText`${strong(first.meter.label)} needs attention`;
  if (first !== undefined && all === 1 && fine === 1) return richText`${strong(first.meter.label)} is fine`;
  if (fine === all) return richText`${strong(all === 2 ? 'Both meters' : `All ${String(all)} meters`)} are fine`;
  const parts = [
    ...(needAttention > 0 ? [`${needAttention} of ${all} ${needAttention === 1 ? 'needs' : 'need'} attention`] : []),
    ...(needAttention === 0 && fine > 0 ? [`${fine} fine`] : []),
    ...(outdated > 0 ? [`${outdated} out of date`] : []),
    ...(withoutTotal > 0 ? [`${withoutTotal} without a known total`] : []),
  ];
  return richText`${strong('Credits')}: ${parts.join(', ')}`;
}

/** Returns the first meters that fit into the lines. A meter with a bar takes two. */
function startThatFits(meters: readonly (readonly RichText[])[]): readonly (readonly RichText[])[] {
  let room = MOST_SHOWN;
  const end = meters.findIndex((meter) => {
    room -= meter.length;
    return room < 0;
  });
  return end === -1 ? meters : meters.slice(0, end);
}
