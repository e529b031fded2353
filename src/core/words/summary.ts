import type { AlertSnapshot } from '../notification.ts';
import { compareSeverity, worstSeverity } from '../severity.ts';
import { SEVERITY_SIGNS, alertHeadline } from './alert.ts';
import { leftOrOver, usedOfTotal } from './figures.ts';
import type { Message } from './message.ts';
import { mentioned, say, strong, when } from './phrase.ts';

/** Alerts that waited together, as one message: worst first, a line each. */
export function summaryWords(snapshots: readonly AlertSnapshot[], { mentions }: { readonly mentions: readonly string[] }): Message {
  const worstFirst = [...snapshots].sort((a, b) => compareSeverity(b.severity, a.severity));
  const worst = worstSeverity(worstFirst.map((one) => one.severity)) ?? 'notice';
  const names = [...new Set(worstFirst.map((one) => one.meter.label))];
  const head = `${SEVERITY_SIGNS[worst]} ${snapshots.length} credits need attention`;
  const oldest = new Date(Math.min(...snapshots.map((one) => one.reading.observedAt.getTime())));
  return {
    summary: say`${head}: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${String(names.length - 3)} more` : ''}`,
    title: mentioned(say`${strong(head)}`, mentions),
    lines: worstFirst.map((one) => {
      const figures = [usedOfTotal(one.meter, one.reading), leftOrOver(one.meter, one.reading)].filter((part) => part !== null).join(' · ');
      return say`${SEVERITY_SIGNS[one.severity]} ${strong(one.meter.label)} ${alertHeadline(one)}: ${figures}`;
    }),
    footer: say`As of ${when(oldest)}.`,
  };
}
