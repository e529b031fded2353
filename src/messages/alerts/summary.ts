import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { compareSeverity, worstSeverity, type Severity } from '../../core/rules/severity.ts';
import { closedPhrase, isOver } from './closed-alert.ts';
import { asOfPhrase } from '../text/as-of.ts';
import { headlineOf, SEVERITY_SIGNS, supersededPhrase } from './alert.ts';
import { leftOrOver, usedOfTotal } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { mention, mentioned, say, strong, type Phrase } from '../../core/text/rich-text.ts';
import { recoveredPhrase } from './recovery.ts';

/** More would not be read; the rest is counted. */
const MOST_LINES = 20;

/** Alerts that went out together, as one message: worst first, a line each, what is fine again last. */
export function summaryWords(
  snapshots: readonly AlertSnapshot[],
  { mentions, timeZone }: { readonly mentions: readonly string[]; readonly timeZone: string },
): Message {
  const worstFirst = snapshots.toSorted((a, b) => compareSeverity(severityIn(b), severityIn(a)));
  const needing = worstFirst.filter((one) => !isOver(one));
  const head = headOf(needing, snapshots);
  const names = [...new Set((needing.length > 0 ? needing : worstFirst).map((one) => one.meter.label))];
  const seen = asOfPhrase(
    snapshots.map((one) => one.reading),
    timeZone,
  );
  const more = worstFirst.length - MOST_LINES;
  return {
    summary: say`${head}: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${String(names.length - 3)} more` : ''}`,
    title: mentioned(say`${strong(head)}`, mentions),
    lines: [...worstFirst.slice(0, MOST_LINES).map((one) => lineOf(one, timeZone)), ...(more > 0 ? [say`+${String(more)} more`] : [])],
    ...(seen && { footer: say`${seen}.` }),
    ...(needing.length > 0 && { buttons: [{ action: 'show', label: 'Alerts', value: 'alerts' }] }),
  };
}

function headOf(needing: readonly AlertSnapshot[], snapshots: readonly AlertSnapshot[]): string {
  const all = snapshots.length;
  if (needing.length === 0)
    return snapshots.every(({ closed }) => closed === null)
      ? `✅ All ${String(all)} credits are fine again`
      : `⚪ All ${String(all)} alerts are closed`;
  const sign = SEVERITY_SIGNS[worstSeverity(needing.map((one) => one.severity)) ?? 'notice'];
  const how = needing.length === 1 ? 'needs attention' : 'need attention';
  return needing.length === all
    ? `${sign} ${String(all)} credits ${how}`
    : `${sign} ${String(needing.length)} of ${String(all)} credits ${how}`;
}

function severityIn(one: AlertSnapshot): Severity | null {
  return isOver(one) ? null : one.severity;
}

function lineOf(one: AlertSnapshot, timeZone: string): Phrase {
  if (isOver(one)) return one.closed === null ? recoveredPhrase(one) : closedPhrase(one, timeZone);
  if (one.change === 'superseded') return supersededPhrase(one);
  const figures = [usedOfTotal(one.meter, one.reading), leftOrOver(one.meter, one.reading)].filter((part) => part !== null).join(' · ');
  const { acknowledged, requested, snoozed } = one;
  return say`${SEVERITY_SIGNS[one.severity]} ${strong(one.meter.label)} ${headlineOf(one)}: ${figures}${acknowledged ? say` · ${mention(acknowledged.by)} is on it` : ''}${requested ? say` · requested by ${mention(requested.by)}` : ''}${snoozed && !requested ? say` · ${snoozed.with === 'request' ? 'more was requested' : 'snoozed'} by ${mention(snoozed.by)}` : ''}`;
}
