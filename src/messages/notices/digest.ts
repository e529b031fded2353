import { isBalance } from '../../core/meters/balance.ts';
import {
  fasterThanUsual,
  needsAttention,
  stateOf,
  worstFirst,
  type DigestMeter,
  type DigestSnapshot,
  type DigestState,
} from '../../core/notifications/digest.ts';
import { knownTotalOf } from '../../core/meters/reading.ts';
import { localDayOf, type LocalDay } from '../../core/time/local-time.ts';
import { asOfText, latelySince } from '../text/as-of.ts';
import type { Chart } from '../../core/text/chart.ts';
import { consumptionPoints, pointsChart } from '../text/consumption-chart.ts';
import { boundaryDayOf, dayRangeText } from '../../core/time/days.ts';
import { firedText, digestMeterLines, type DigestTime } from './digest-meter.ts';
import { howMuchSeen } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { joined, richText, strong, when, type RichText } from '../../core/text/rich-text.ts';
import { shortNames } from '../text/short-name.ts';

/** The most meters of each kind that a digest names. People do not read more on a Monday morning; the rest is counted. */
const MOST_NAMED = 5;
/** A chart of fewer days adds nothing to the line above it. */
const FEWEST_DAYS = 4;

/** `timeZone`: the zone of the route. `accountZone`: the zone of the account. */
type Context = { readonly timeZone: string; readonly accountZone: string };

/** Words the weekly digest: first the meters that need attention, then the fine ones in one line. If all are fine, the digest is one line. */
export function digestMessage(snapshot: DigestSnapshot, { timeZone, accountZone }: Context): Message {
  const { week, dueAt, late } = snapshot;
  const meters = worstFirst(snapshot.meters);
  const days = dayRangeText(localDayOf(week.start, timeZone), localDayOf(new Date(week.end.getTime() - 1), timeZone));
  const name = `Credits, ${days}`;
  const marked = late ? ' (late)' : '';
  const lateNote = late ? richText`This digest was due ${when(dueAt)}.` : null;
  const asOf = asOfText(
    meters.filter((one) => one.freshness === 'current').map((one) => one.reading),
    accountZone,
  );
  const state = meters.length === 0 ? richText`no figures yet` : stateOfAll(meters);
  const summary = richText`Credits digest, ${days}${marked}: ${state}${worst(meters, accountZone)}`;
  const names = shortNames(meters.map((one) => one.meter));
  const details = detailLines(meters, { now: dueAt, timeZone, accountZone });
  const rest = [...fineAgain(meters, dueAt, accountZone), ...faster(meters, names)];

  if (meters.every((one) => stateOf(one) === 'fine')) {
    // There is nothing to act on, so one line is enough.
    const title = richText`📊 ${strong(name)}${marked}: ${state}${meters.length === 0 ? '' : outlook(meters, accountZone)}.${asOf === null ? '' : richText` ${asOf}.`}`;
    return { summary, title, lines: [...details, ...rest], ...(lateNote ? { footer: lateNote } : {}) };
  }
  const footer = [...(asOf ? [richText`${asOf}`] : []), ...(lateNote ? [lateNote] : [])];
  const chart = chartOf(meters, localDayOf(new Date(week.end.getTime() - 1), timeZone));
  return {
    summary,
    title: richText`📊 ${strong(name)}${marked}: ${state}`,
    lines: [...details, ...healthy(meters, names, accountZone), ...rest],
    ...(chart === null ? {} : { chart }),
    buttons: [
      { action: 'show', label: 'All figures', value: 'details' },
      { action: 'show', label: 'CSV', value: 'export 7d' },
    ],
    ...(footer.length === 0 ? {} : { footer: joined(footer, ' · ') }),
  };
}

/** The chart of the worst meter that needs attention: its use per day in this week and the week before. Null if there is none. */
function chartOf(meters: readonly DigestMeter[], last: LocalDay): Chart | null {
  const worst = meters.find(needsAttention);
  if (!worst || worst.days.length < FEWEST_DAYS) return null;
  return pointsChart(worst.meter, consumptionPoints(worst.days, 14, last), 14, worst.meter.label);
}

/** `1 used up, 5 fine`; `all 6 fine`. */
function stateOfAll(meters: readonly DigestMeter[]): RichText {
  const count = (state: DigestState) => meters.filter((one) => stateOf(one) === state).length;
  const fine = count('fine');
  if (fine === meters.length) return richText`${fine === 1 ? 'fine' : `all ${String(fine)} fine`}`;
  const needing = count('needs-attention');
  const counts: readonly (readonly [number, string])[] = [
    [count('used-up'), 'used up'],
    [needing, needing === 1 ? 'needs attention' : 'need attention'],
    [count('not-monitored'), 'without current figures'],
    [fine, 'fine'],
  ];
  return richText`${counts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${String(number)} ${words}`)
    .join(', ')}`;
}

/** The name and figure of the worst meter, for the notification of the message. */
function worst([first]: readonly DigestMeter[], accountZone: string): RichText {
  if (!first || stateOf(first) === 'fine') return [];
  return stateOf(first) === 'not-monitored'
    ? richText`. No current figures: ${first.meter.label}`
    : richText`. ${first.meter.label} ${howMuchSeen(first.meter, first.reading, accountZone)}`;
}

/** `, nothing runs out before 1 Dec`; empty if that is not known of all meters. */
function outlook(meters: readonly DigestMeter[], accountZone: string): RichText {
  const end = lastingUntil(meters);
  if (end === null) return [];
  return end === 'their reset'
    ? richText`, nothing runs out before its reset`
    : richText`, nothing runs out before ${boundaryDayOf(end, accountZone)}`;
}

/** The reset until which all meters last; null if that is not known of each. Unlimited meters always last. */
function lastingUntil(meters: readonly DigestMeter[]): Date | 'their reset' | null {
  const limited = meters.filter((one) => one.reading.total !== null);
  const ends = limited.map(({ lasts, reading }) => (lasts ? (reading.period?.end ?? null) : null));
  const [first] = ends;
  if (!first || ends.includes(null)) return null;
  return ends.every((end) => end?.getTime() === first.getTime()) ? first : 'their reset';
}

/** Two lines for each meter that needs attention, or that is fine and has an open notice. */
function detailLines(meters: readonly DigestMeter[], time: DigestTime): readonly RichText[] {
  const detailed = meters.filter((one) => !isPlain(one));
  const more = detailed.slice(MOST_NAMED);
  return [
    ...detailed.slice(0, MOST_NAMED).flatMap((one) => digestMeterLines(one, time)),
    ...(more.length > 0 ? [richText`+${String(more.length)} more: ${stateOfAll(more)}`] : []),
  ];
}

function isPlain(one: DigestMeter): boolean {
  return stateOf(one) === 'fine' && one.severity === null;
}

/** `🟢 Accounts, IP Reveal: under 1%, all last until 1 Dec`. */
function healthy(
  meters: readonly DigestMeter[],
  names: ReadonlyMap<DigestMeter['meter'], string>,
  accountZone: string,
): readonly RichText[] {
  const fine = meters.filter(isPlain);
  if (fine.length === 0) return [];
  const listed = namedFirst(
    fine.map(({ meter }) => richText`${names.get(meter) ?? meter.label}`),
    ', ',
  );
  const facts = [...under(fine), ...lasting(fine, accountZone)];
  return [richText`🟢 ${listed}${facts.length === 0 ? '' : ': '}${joined(facts, ', ')}`];
}

function lasting(fine: readonly DigestMeter[], accountZone: string): readonly RichText[] {
  const end = lastingUntil(fine);
  if (end === null) return [];
  const [verb, whose] = fine.length === 1 ? ['lasts', 'its'] : ['all last', 'their'];
  return [end === 'their reset' ? richText`${verb} until ${whose} reset` : richText`${verb} until ${boundaryDayOf(end, accountZone)}`];
}

/** The percentages to choose from for `under 5%`: the smallest that all shares are below. */
const UNDER = [1n, 5n, 10n, 20n, 30n, 40n, 50n, 60n, 70n, 80n, 90n, 100n];

function under(fine: readonly DigestMeter[]): readonly RichText[] {
  const shares = fine.flatMap(({ meter, reading }) => {
    const total = knownTotalOf(reading);
    return total === null || total === 0n || isBalance(meter, reading) ? [] : [{ used: reading.used, total }];
  });
  const line = UNDER.find((percent) => shares.every(({ used, total }) => used * 100n < percent * total));
  return shares.length === 0 || line === undefined ? [] : [richText`under ${String(line)}%`];
}

/** Names the meters that had an alert this week and are fine again, because people saw the alert. */
function fineAgain(meters: readonly DigestMeter[], now: Date, accountZone: string): readonly RichText[] {
  const again = meters
    .filter(isPlain)
    .flatMap((one) =>
      one.fired.slice(-1).map((last) => richText`${one.meter.label} (${firedText(last, one)} ${latelySince(last.at, now, accountZone)})`),
    );
  return again.length === 0 ? [] : [richText`Fine again: ${namedFirst(again, ', ')}`];
}

/** `Faster than usual: Campaigns, 2.1× last week`. */
function faster(meters: readonly DigestMeter[], names: ReadonlyMap<DigestMeter['meter'], string>): readonly RichText[] {
  const found = fasterThanUsual(meters).map(
    ({ meter, tenths }) => richText`${names.get(meter) ?? meter.label}, ${String(tenths / 10n)}.${String(tenths % 10n)}× last week`,
  );
  return found.length === 0 ? [] : [richText`Faster than usual: ${namedFirst(found, '; ')}`];
}

/** Lists the first few, and counts the rest. */
function namedFirst(all: readonly RichText[], separator: string): RichText {
  const more = all.length - MOST_NAMED;
  return richText`${joined(all.slice(0, MOST_NAMED), separator)}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
