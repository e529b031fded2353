import type { Alert, PastAlert } from '../../core/alerts/alert.ts';
import type { MeterNow } from '../../core/status/meter-status.ts';
import { presentable } from '../../core/meters/meter.ts';
import { compareSeverity } from '../../core/rules/severity.ts';
import { shownSnooze } from '../../core/alerts/stored-snooze.ts';
import { alertButtons } from './alert-buttons.ts';
import { alertHeadline, SEVERITY_SIGNS } from './alert.ts';
import { asOfText, since } from '../text/as-of.ts';
import { closedBecause } from './closed-alert.ts';
import { alertStatusLines } from './alert-status.ts';
import { figuresText } from '../text/figures.ts';
import { LONGEST_LABEL, type Button, type Message } from '../../core/text/message.ts';
import { undeliveredLine } from '../notices/undelivered.ts';
import { dayOf } from '../../core/time/days.ts';
import { joined, richText, strong, type RichText } from '../../core/text/rich-text.ts';

type OpenAlert = { readonly now: MeterNow; readonly alert: Alert; readonly name: string };

/** Each open alert takes up to five lines. */
const MOST_OPEN = 12;
const MOST_PAST = 10;
const MOST_UNDELIVERED = 5;
const MOST_BUTTONS = 5;

/**
 * Lists the open alerts, worst first, with who works on them; then the alerts that closed recently, and undelivered messages.
 *
 * @param open the open alerts, each with the full name of its meter
 */
export function alertsMessage(
  open: readonly OpenAlert[],
  past: readonly PastAlert[],
  {
    timeZone,
    seenAt,
    undelivered = [],
  }: { readonly timeZone: string; readonly seenAt: Date; readonly undelivered?: readonly Parameters<typeof undeliveredLine>[0][] },
): Message {
  const worstFirst = open.toSorted(
    (a, b) => compareSeverity(b.alert.severity, a.alert.severity) || a.alert.openedAt.getTime() - b.alert.openedAt.getTime(),
  );
  const shown = worstFirst.slice(0, MOST_OPEN);
  const more = worstFirst.length - shown.length;
  const asOf = asOfText(
    shown.map(({ now }) => now.reading),
    timeZone,
  );
  const title = open.length === 0 ? richText`No open alerts.` : richText`${strong('Alerts')}: ${String(open.length)} open`;
  return {
    summary: title,
    title,
    lines: [
      ...shown.flatMap((one) => openLines(one, timeZone, seenAt)),
      ...(more > 0 ? [richText`+${String(more)} more`] : []),
      ...pastLines(past, timeZone),
      ...undeliveredLines(undelivered),
    ],
    ...(asOf && { footer: asOf }),
    buttons: buttonsOf(worstFirst),
  };
}

function openLines({ now, alert }: OpenAlert, timeZone: string, seenAt: Date): readonly RichText[] {
  const { meter, reading, snoozed } = now;
  const findings = alert.conditions
    .toSorted((a, b) => compareSeverity(a.severity, b.severity))
    .map(({ kind, condition, severity, detail }) => ({ kind, condition, severity, detail }));
  const figures = figuresText(meter, reading, timeZone);
  return [
    richText`${SEVERITY_SIGNS[alert.severity]} ${strong(meter.label)} ${alertHeadline({ findings, meter, reading })}`,
    richText`   ${figures} · alert since ${since(alert.openedAt, timeZone)}`,
    ...alertStatusLines({ ...alert, snoozed: snoozed && shownSnooze(snoozed) }, seenAt, timeZone).map((line) => richText`   ${line}`),
  ];
}

function pastLines(past: readonly PastAlert[], timeZone: string): readonly RichText[] {
  if (past.length === 0) return [];
  const shown = past
    .slice(0, MOST_PAST)
    .map(
      ({ label, topic, openedAt, resolvedAt, resolution }) =>
        richText`${label} (${dayOf(openedAt, timeZone)}, ${resolution === null || resolution === 'recovered' ? `fine again ${dayOf(resolvedAt, timeZone)}` : closedBecause(resolution, resolvedAt, topic, timeZone)})`,
    );
  const more = past.length - shown.length;
  return [richText`Closed this week: ${joined(shown, ', ')}${more > 0 ? ` and ${String(more)} more` : ''}`];
}

function undeliveredLines(undelivered: readonly Parameters<typeof undeliveredLine>[0][]): readonly RichText[] {
  if (undelivered.length === 0) return [];
  const more = undelivered.length - MOST_UNDELIVERED;
  return [
    richText`⚠️ ${strong('Not delivered')} in the last 7 days:`,
    ...undelivered.slice(0, MOST_UNDELIVERED).map((one) => richText`   ${undeliveredLine(one)}`),
    ...(more > 0 ? [richText`   +${String(more)} more`] : []),
  ];
}

/** For one alert, its own buttons; for several, a button that shows the meter of each. */
function buttonsOf(worstFirst: readonly OpenAlert[]): readonly Button[] {
  const [only] = worstFirst;
  if (only && worstFirst.length === 1) return alertButtons({ ...only.alert, alertId: only.alert.id, isSnoozed: only.now.snoozed !== null });
  const meters = new Map(worstFirst.map(({ now, name }) => [name, now.meter.label]));
  return [...meters]
    .slice(0, MOST_BUTTONS)
    .map(([name, label]) => ({ action: 'show', label: presentable(label, LONGEST_LABEL), value: name }));
}
