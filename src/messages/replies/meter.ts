import { formatAmount, formatPace } from '../../core/meters/amount.ts';
import { daysOf, topUpOf } from '../../core/meters/history.ts';
import { lacksTotal } from '../../core/meters/reading.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import type { MeterLine } from '../../core/status/overview.ts';
import { shownSnooze } from '../../core/alerts/stored-snooze.ts';
import { compareSeverity } from '../../core/rules/severity.ts';
import { alertButtons } from '../alerts/alert-buttons.ts';
import { asOf, since } from '../text/as-of.ts';
import { alertStatusLines } from '../alerts/alert-status.ts';
import { consumptionPoints, pointsChart } from '../text/consumption-chart.ts';
import { setTotalButton } from '../forms/total.ts';
import { heldLine } from './held-reading.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { meterLines } from './meter-line.ts';
import { pastedLine } from './pasted.ts';
import { boundaryDayOf, periodText } from '../../core/time/days.ts';
import { code, mention, richText, type RichText } from '../../core/text/rich-text.ts';

/** The account's zone, the time, and the full name of the meter for the buttons: `abmatic/campaigns`. */
export type MeterContext = { readonly timeZone: string; readonly now: Date; readonly fullName: string };

/** The answer to `/usage <meter>`: one meter in detail, with its trend and buttons. */
export function meterMessage(line: MeterLine, { timeZone, now, fullName }: MeterContext): Message {
  const { meter, reading, history, freshness } = line;
  const [title = [], ...below] = meterLines(line, { timeZone, withAsOf: false, inFull: true });
  const chart = pointsChart(meter, consumptionPoints(history ? daysOf(history) : [], 30, localDayOf(now, timeZone)), 30);
  return {
    summary: title,
    title,
    lines: [
      ...below,
      ...(line.held === null ? [] : [heldLine(meter, line.held, timeZone)]),
      ...(freshness === 'current' ? outlook(line, timeZone) : []),
      periodPhrase(line, timeZone),
      ...(lacksTotal(reading) ? [richText`Its total is not known. Set it with ${code(`/usage total ${fullName} 5000`)}.`] : []),
      ...(line.pasted === null ? [] : [pastedLine(line.pasted)]),
      ...(meter.consequence === null ? [] : [richText`When it runs out: ${meter.consequence}`]),
      ...(meter.owner === null ? [] : [richText`Owner: ${mention(meter.owner)}`]),
      ...alertLines(line, now, timeZone),
    ],
    ...(chart === null ? {} : { chart }),
    footer: richText`${meter.source}/${meter.key} · as of ${asOf(reading, timeZone)}`,
    buttons: [...buttonsOf(line, fullName), { action: 'show', label: 'History', value: `history ${fullName}` }],
  };
}

function outlook({ forecast, reading }: MeterLine, timeZone: string): readonly RichText[] {
  if (forecast.kind === 'lasts') return [richText`Should last until ${boundaryDayOf(forecast.until, timeZone, reading.observedAt)}.`];
  return forecast.kind === 'none' && forecast.why === 'too-early' ? [richText`Too early to tell how long it lasts.`] : [];
}

function periodPhrase(line: MeterLine, timeZone: string): RichText {
  const {
    meter: { decimals },
    reading,
    source,
    forecast,
  } = line;
  if (reading.period === null)
    return source.period?.every === 'none'
      ? richText`A balance: it does not reset.${lastTopUp(line)}`
      : richText`I don't know when it resets.`;
  const toLast =
    forecast.kind === 'runs-out' && forecast.toLast !== null ? ` Use at most ${formatPace(forecast.toLast, decimals)} a day to last.` : '';
  return richText`Period ${periodText(reading.period, timeZone)}.${toLast}`;
}

function lastTopUp({ history, meter: { decimals } }: MeterLine): string {
  const topUp = topUpOf(history);
  return topUp === null ? '' : ` Last top-up ${formatAmount(topUp, decimals)}.`;
}

function alertLines({ alerts, snoozed }: MeterLine, now: Date, timeZone: string): readonly RichText[] {
  const [first] = alerts;
  if (first === undefined) return [];
  return [
    richText`Alert since ${since(first.openedAt, timeZone)}.`,
    ...alertStatusLines({ ...first, snoozed: snoozed && shownSnooze(snoozed) }, now, timeZone),
  ];
}

/** The buttons of the worst alert. Without an alert, credits can still be requested. */
function buttonsOf({ alerts, reading, snoozed }: MeterLine, fullName: string): readonly Button[] {
  const worst = alerts.toSorted((a, b) => compareSeverity(b.severity, a.severity))[0];
  if (worst) return alertButtons({ ...worst, alertId: worst.id, isSnoozed: snoozed !== null });
  return reading.total === null || reading.isTotalUnknown
    ? [setTotalButton(fullName)]
    : [{ action: 'request', label: 'Request credits', value: fullName }];
}
