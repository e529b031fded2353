import { vendorOfPage } from '../../core/vendors/recognise.ts';
import type { ImportPlace, PageNote } from '../../core/text/import-problem.ts';
import { aboutPage, linesOf, named, noted, type Note } from './page-lines.ts';
import { pageReading, type PageReading } from './page-reading.ts';

export type Page = {
  /** The source of the page; null if unclear. */
  readonly source: string | null;
  readonly readings: readonly PageReading[];
  readonly places: readonly ImportPlace[];
  readonly notes: readonly PageNote[];
  /** How many of the notes are about ambiguous figures. */
  readonly lost: number;
};

/**
 * Reads the copied text of a usage page: a label, followed on its line or the next by `used/total unit used`. Lines that may not be
 * figures are skipped. Each skipped line with a number gets a note, likely figures first.
 *
 * @param of the source of the page; null to detect it
 */
export function parseUsagePage(text: string, of: string | null = null): Page {
  const lines = linesOf(text);
  const { found, notes: unnamed } = named(lines);
  const source =
    of ??
    vendorOfPage(
      found.map(({ name, figures }) => ({ name, unit: figures.unit })),
      lines.map((line) => line.text),
    );
  const about = aboutPage(lines);
  const readings: PageReading[] = [];
  const places: ImportPlace[] = [];
  const notes: Note[] = [...unnamed];
  for (const { line, name, figures } of found) {
    const taken = pageReading(name, figures, { source, about });
    if (!taken.ok) {
      notes.push(noted(line, taken.error, 'surely'));
    } else if (readings.some(({ meter }) => meter === taken.value.meter)) {
      const meter = taken.value.label ?? taken.value.meter;
      notes.push({ note: { line: line.nth, repeated: meter }, figures: 'perhaps' });
    } else {
      readings.push(taken.value);
      places.push({ line: line.nth });
    }
  }
  const sorted = notes.toSorted((a, b) => Number(a.figures === 'hardly') - Number(b.figures === 'hardly') || a.note.line - b.note.line);
  return { source, readings, places, notes: sorted.map(({ note }) => note), lost: sorted.filter((one) => one.figures === 'surely').length };
}
