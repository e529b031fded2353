import type { Span } from '../../core/text/rich-text.ts';
import { UNKNOWN_TIME } from '../../messages/text/as-of.ts';

type Moment = Extract<Span, { span: 'moment' }>;

/**
 * Slack's date format of each kind of moment, shown in the reader's zone and clock format (docs.slack.dev, "Date element"). Slack shows
 * "today" instead of the date if that is true.
 */
const FORMATS = {
  time: '{time}',
  lately: '{date_pretty} {time}',
  when: '{date_pretty} {time}',
} satisfies Record<Moment['show'], string>;

const inUtc = {
  time: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' }),
  day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', timeZone: 'UTC' }),
  // Not en-GB, which has four letters only for September.
  month: new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC' }),
};

/** Returns the format of a moment for Slack's `date` element. */
export function dateFormat(moment: Moment): string {
  return FORMATS[moment.show];
}

/** Formats a moment in UTC, where Slack cannot use the reader's zone: `14:05 UTC`, `23 Nov 14:05 UTC`. */
export function momentInUtc({ at, show }: Moment): string {
  if (Number.isNaN(at.getTime())) return UNKNOWN_TIME;
  const time = `${inUtc.time.format(at)} UTC`;
  const day = `${inUtc.day.format(at)} ${inUtc.month.format(at)}`;
  return show === 'time' ? time : `${day} ${time}`;
}
