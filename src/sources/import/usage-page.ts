import { vendorOfPage } from '../../core/vendors/recognise.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { ImportPlace, PageNote } from '../../core/text/import-problem.ts';
import { aloneIn } from './page-alone.ts';
import { aboutPage, linesOf, named, noted, type Line, type Note } from './page-lines.ts';
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
 * Reads the copied text of a usage page: a label, followed on its line or the next by `used/total unit used`, and what the recipe of the
 * vendor knows beyond that. Lines that may not be figures are skipped. Each skipped line with a number gets a note, likely figures first.
 *
 * @param of the source of the page; null to detect it
 */
export function parseUsagePage(text: string, of: string | null = null): Page {
  const all = linesOf(text);
  const source = of ?? detected(all);
  const vendor = source === null ? null : vendorOf(source);
  const lines = vendor === null ? all : withoutKnown(all, vendor.page.notFigures);
  const { found, notes: unnamed } = named(lines, vendor);
  const about = aboutPage(lines);
  const readings: PageReading[] = [];
  const places: ImportPlace[] = [];
  const notes: Note[] = [];
  for (const { line, name, figures } of found) {
    const taken = pageReading(name, figures, { vendor, about });
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
  const alone = vendor === null ? null : aloneIn(lines, vendor, about, new Set(readings.map(({ meter }) => meter)));
  const understood = new Set([...(alone?.taken ?? [])].map(({ nth }) => nth));
  notes.push(...unnamed.filter(({ note }) => !understood.has(note.line)), ...(alone?.notes ?? []));
  for (const { reading, line } of alone?.readings ?? []) {
    readings.push(reading);
    places.push({ line: line.nth });
  }
  const sorted = notes.toSorted((a, b) => Number(a.figures === 'hardly') - Number(b.figures === 'hardly') || a.note.line - b.note.line);
  return { source, readings, places, notes: sorted.map(({ note }) => note), lost: sorted.filter((one) => one.figures === 'surely').length };
}

function detected(lines: readonly Line[]): string | null {
  return vendorOfPage(
    named(lines, null).found.map(({ name, figures }) => ({ name, unit: figures.unit })),
    lines.map((line) => line.text),
  );
}

/** Removes the lines whose numbers are no figures by the recipe: `Average daily usage: 142`, or with the number on the line below. */
function withoutKnown(lines: readonly Line[], notFigures: readonly string[]): readonly Line[] {
  const known = lines.map(({ text }) => {
    const plain = text.toLowerCase();
    return notFigures.some((beginning) => plain.startsWith(beginning));
  });
  const isNumber = ({ text }: Line) => /\p{N}/u.test(text);
  return lines.filter((line, index) => {
    const above = lines[index - 1];
    const isBelow = known[index - 1] === true && above !== undefined && !isNumber(above) && line.figures.length === 0;
    return known[index] !== true && !(isBelow && isNumber(line));
  });
}
