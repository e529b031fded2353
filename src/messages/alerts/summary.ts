import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { compareSeverity, worstSeverity, type Severity } from '../../core/rules/severity.ts';
import { closedText, isOver } from './closed-alert.ts';
import { asOfText } from '../text/as-of.ts';
import { headlineOf, SEVERITY_SIGNS, supersededText } from './alert.ts';
import { figuresText } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { mention, mentioned, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { recoveredText } from './recovery.ts';
import type { Person } from '../../core/text/person.ts';

/** People do not read more lines; the rest is counted. */
const MOST_LINES = 20;

/** Words several alerts as one message, with one line each: worst first, recovered meters last. */
export function summaryMessage(
  snapshots: readonly AlertSnapshot[],
  { mentions, timeZone }: { readonly mentions: readonly Person[]; readonly timeZone: string },
): Message {
  const worstFirst = snapshots.toSorted((a, b) => compareSeverity(severityIn(b), severityIn(a)));
  const needing = worstFirst.filter((one) => !isOver(one));
  const head = headOf(needing, snapshots);
  const names = [...new Set((needing.length > 0 ? needing : worstFirst).map((one) => one.meter.label))];
  const seen = asOfText(
    snapshots.map((one) => one.reading),
    timeZone,
  );
  const more = worstFirst.length - MOST_LINES;
  return {
    summary: richText`${head}: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${String(names.length - 3)} more` : ''}`,
    title: mentioned(richText`${strong(head)}`, mentions),
    lines: [...worstFirst.slice(0, MOST_LINES).map((one) => lineOf(one, timeZone)), ...(more > 0 ? [richText`+${String(more)} more`] : [])],
    ...(seen && { footer: richText`${seen}.` }),
    ...(needing.length > 0 && { buttons: [{ action: 'show', label: 'Alerts', value: 'alerts' }] }),
  };
}

function headOf(needing: readonly AlertSnapshot[], snapshots: readonly AlertSnapshot[]): string {
  const all = snapshots.length;
  if (needing.length === 0)
    return snapshots.every(({ closed }) => closed === null)
      ? `✅ ${all === 2 ? 'Both' : `All ${String(all)}`} meters are fine again`
      : `⚪ ${all === 2 ? 'Both' : `All ${String(all)}`} alerts are closed`;
  const sign = SEVERITY_SIGNS[worstSeverity(needing.map((one) => one.severity)) ?? 'notice'];
  const how = needing.length === 1 ? 'needs attention' : 'need attention';
  return needing.length === all
    ? `${sign} ${String(all)} meters ${how}`
    : `${sign} ${String(needing.length)} of ${String(all)} meters ${how}`;
}

function severityIn(one: AlertSnapshot): Severity | null {
  return isOver(one) ? null : one.severity;
}

function lineOf(one: AlertSnapshot, timeZone: string): RichText {
  if (isOver(one)) return one.closed === null ? recoveredText(one) : closedText(one, timeZone);
  if (one.change === 'superseded') return supersededText(one);
  const figures = figuresText(one.meter, one.reading, timeZone);
  const { acknowledged, requested, snoozed } = one;
  return richText`${SEVERITY_SIGNS[one.severity]} ${strong(one.meter.label)} ${headlineOf(one)}: ${figures}${acknowledged ? richText` · ${mention(acknowledged.by)} is on it` : ''}${requested ? richText` · requested by ${mention(requested.by)}` : ''}${snoozed && !requested ? richText` · ${snoozed.with === 'request' ? 'requested' : 'snoozed'} by ${mention(snoozed.by)}` : ''}`;
}
