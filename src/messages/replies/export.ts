import { consumptionCsv, type ConsumptionRow } from '../../core/meters/export.ts';
import type { LocalDay } from '../../core/time/local-time.ts';
import { dayText } from '../../core/time/days.ts';
import type { Message } from '../../core/text/message.ts';
import { code, richText, strong } from '../../core/text/rich-text.ts';

/** This length fits into one message of each platform. */
const MOST_CHARACTERS = 2_500;

/**
 * Daily use as CSV to copy. If it is too long, only the latest days are shown, with the command that exports all of it.
 *
 * @param command the command that the operator types: `npx creditwatch export campaigns --since 2026-11-01`
 */
export function exportMessage(rows: readonly ConsumptionRow[], since: LocalDay, command: string): Message {
  if (rows.length === 0) {
    const title = richText`No figures since ${dayText(since)}.`;
    return { summary: title, title, lines: [] };
  }
  const latestFirst = rows.toSorted((a, b) => b.day - a.day || a.meter.label.localeCompare(b.meter.label, 'en'));
  const shown = latestFirst.slice(0, howManyFit(latestFirst));
  const missing = rows.length - shown.length;
  const title = richText`${strong('Daily use')} since ${dayText(since)}, newest first`;
  return {
    summary: title,
    title,
    lines: missing === 0 ? [] : [richText`${String(shown.length)} of ${String(rows.length)} rows. All of them: ${code(command)}`],
    verbatim: consumptionCsv(shown).replaceAll('\r\n', '\n').trimEnd(),
  };
}

function howManyFit(rows: readonly ConsumptionRow[]): number {
  const header = consumptionCsv([]).length;
  let room = MOST_CHARACTERS - header;
  const end = rows.findIndex((row) => {
    room -= consumptionCsv([row]).length - header;
    return room < 0;
  });
  return end === -1 ? rows.length : Math.max(1, end);
}

/** After the command line wrote a file. */
export function exportedText(meters: number, file: string): string {
  return `${String(meters)} ${meters === 1 ? 'meter' : 'meters'} written to ${file}.`;
}

/** The command line could not write. `file`: null for standard output. */
export function notWrittenText(file: string | null, why: string): string {
  return `${file ?? 'The output'} cannot be written: ${why}`;
}

/** There are too many meters for a message; the command line exports them all. */
export function tooManyToExport(meters: number, command: string): Message {
  const title = richText`${String(meters)} meters are too many for a message: name one, or ask the operator for ${code(command)}`;
  return { summary: title, title, lines: [] };
}
