import { groupedDecimal } from '../../core/meters/amount.ts';
import { presentable } from '../../core/meters/meter.ts';
import { YEAR_DAYS } from '../../core/meters/retention.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import { sourceName } from '../../core/vendors/recognise.ts';

/** The page does not show its vendor, and no source was named. */
export function unknownVendor(file: string): string {
  return `I can't tell which vendor this page is from, so nothing was stored. Name the source: npx creditwatch import ${file} --source <vendor>, such as abmatic, hubspot or clay. To find the name of a vendor: npx creditwatch presets <word>`;
}

/** No figures were found, and no source was named: what is known of the page of a vendor was perhaps not used. */
export function perhapsOfVendor(file: string): string {
  return `No source was named. If it is the usage page of a vendor that Creditwatch knows, name it, because some figures are only read then: npx creditwatch import ${file} --source <vendor>. To find its name: npx creditwatch presets <word>`;
}

/** No source was named: whose page it was taken for. */
export function recognisedText(source: string, file: string): string {
  return `Recognized as a page of ${sourceName(source)}, source ${source}. If it is another: npx creditwatch import ${file} --source <vendor>`;
}

export const BAD_SOURCE_NAME = 'A source has 1 to 200 characters, without control characters or a slash.';

/** The file cannot be opened. `why`: null if it does not exist. */
export function unreadableFile(file: string, why: string | null): string {
  return why === null ? `There is no file ${file}.` : `${file} cannot be read: ${why}`;
}

/** The label of the progress bar. */
export function importingText(file: string): string {
  return `Importing ${file}`;
}

/** Meters with the same names are in other sources. */
export function alsoInSources(sources: readonly string[]): string {
  return `Meters with these names are also in the source ${sources.join(', ')}. If these figures belong there, import the file again with --source ${sources[0] ?? ''}.`;
}

type Counts = { readonly accepted: number; readonly duplicates: number; readonly refused: number };

/** How many readings were saved. */
export function savedText({ accepted, duplicates, refused }: Counts, source: string): string {
  const known = duplicates > 0 ? `, ${String(duplicates)} already known` : '';
  return `${String(accepted)} saved for ${source}${known}${refused > 0 ? `, ${String(refused)} not saved` : ''}.`;
}

/** Readings were saved that are soon deleted. `keptMs`: how long one reading per day is kept. */
export function expiredText({ count, keptMs }: { readonly count: number; readonly keptMs: number }): string {
  const readings = count === 1 ? '1 reading is' : `${count.toLocaleString('en')} readings are`;
  return `${readings} older than ${ageText(keptMs)} and will be deleted within a day. To keep them, set retention.dailyReadings in creditwatch.yml before you import the file again.`;
}

/** Writes an age like creditwatch.yml does, in words: whole years of 365 days as years. */
function ageText(ms: number): string {
  const days = Math.round(ms / DAY_MS);
  const [count, unit] = days % YEAR_DAYS === 0 ? [days / YEAR_DAYS, 'year'] : [days, 'day'];
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** The number of further lines that are not shown. */
export function furtherLines(count: number): string {
  return `  and ${count.toLocaleString('en')} more`;
}

type Decimal = string | number;
type Figure = { readonly used: Decimal; readonly total: Decimal | null };

/** What an import changed. `before`: null for a new meter. `missing`: the labels of meters without newer figures. */
export type ImportChanges = {
  readonly changed: readonly { readonly label: string; readonly before: Figure | null; readonly after: Figure }[];
  readonly fell: readonly { readonly label: string; readonly from: Decimal; readonly to: Decimal }[];
  readonly missing: readonly string[];
};

const MOST_LINES = 50;

/** Describes what an import changed, as lines for each kind of change. */
export function importChangesText({ changed, fell, missing }: ImportChanges): {
  readonly changed: readonly string[];
  readonly fell: readonly string[];
  readonly missing: readonly string[];
} {
  return {
    changed: limited(
      changed.map(({ label, before, after }) => `  ${nameOf(label)}: ${before ? `${figureText(before)} → ` : 'new, '}${figureText(after)}`),
    ),
    fell: limited(fell.map(({ label, from, to }) => `  ${nameOf(label)} fell from ${groupedDecimal(from)} to ${groupedDecimal(to)}.`)),
    missing: missing.length === 0 ? [] : [`  No newer figures for ${missing.slice(0, MOST_LINES).map(nameOf).join(', ')}.`],
  };
}

/** Shortens a name so that it fits a line. */
function nameOf(label: string): string {
  return presentable(label, 80);
}

function figureText({ used, total }: Figure): string {
  return total === null ? `${groupedDecimal(used)} used` : `${groupedDecimal(used)} / ${groupedDecimal(total)}`;
}

function limited(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), furtherLines(lines.length - MOST_LINES)];
}
