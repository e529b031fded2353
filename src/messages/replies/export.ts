import { consumptionCsv, type ConsumptionRow } from '../../core/meters/export.ts';
import type { LocalDay } from '../../core/time/local-time.ts';
import { dayText } from '../../core/time/days.ts';
import type { Message } from '../../core/text/message.ts';
import { code, richText, strong } from '../../core/text/rich-text.ts';

/** As many fit into one message of any platform. */
const MOST_CHARACTERS = 2_500;

/**
 * Consumption a day as CSV to copy. Of what is too long the latest days are shown, and how the operator gets all of it.
 *
 * @param command what the operator types: `npx creditwatch export campaigns --since 2026-11-01`
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

/** So many meters at once are for the command line. */
export function tooManyToExport(meters: number, command: string): Message {
  const title = richText`${String(meters)} meters are too many for a message: name one, or ask the operator for ${code(command)}`;
  return { summary: title, title, lines: [] };
}
