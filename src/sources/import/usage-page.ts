import { meterNamed, vendorOfPage } from '../../core/vendors/recognise.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';
import type { ImportPlace, PageNote } from '../../core/text/import-problem.ts';
import { loneIn, loneReadings } from './page-alone.ts';
import { aroundFigures } from './page-context.ts';
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
  const unknown = of === null ? named(all, null) : null;
  const source = of ?? vendorOfPage(unknown?.found.map(({ name, figures }) => ({ name, unit: figures.unit })) ?? [], textsOf(all));
  const vendor = source === null ? null : vendorOf(source);
  const lines = vendor === null ? all : withoutKnown(all, vendor.page.notFigures);
  const { found, notes: unnamed } = vendor === null && unknown !== null ? unknown : named(lines, vendor);
  const about = aboutPage(lines);
  const lone = loneIn(lines, vendor);
  const around = aroundFigures(lines.filter((line) => !lone.has(line) && !isNameOf(vendor, line)));
  const readings: PageReading[] = [];
  const places: ImportPlace[] = [];
  const notes: Note[] = [];
  const meters = new Set<string>();
  for (const { line, name, figures } of found) {
    const taken = pageReading(name, figures, { vendor, about, around: around.get(line) ?? null });
    if (!taken.ok) {
      notes.push(noted(line, taken.error, 'surely'));
    } else if (meters.has(taken.value.meter)) {
      const meter = taken.value.label ?? taken.value.meter;
      notes.push({ note: { line: line.nth, repeated: meter }, figures: 'perhaps' });
    } else {
      meters.add(taken.value.meter);
      readings.push(taken.value);
      places.push({ line: line.nth });
    }
  }
  const understood = new Set([...lone.keys()].map(({ nth }) => nth));
  notes.push(...unnamed.filter(({ note }) => !understood.has(note.line)));
  if (vendor !== null) {
    const alone = loneReadings(lone, vendor, about, meters);
    notes.push(...alone.notes);
    for (const { reading, line } of alone.readings) {
      readings.push(reading);
      places.push({ line: line.nth });
    }
  }
  const sorted = notes.toSorted((a, b) => Number(a.figures === 'hardly') - Number(b.figures === 'hardly') || a.note.line - b.note.line);
  return { source, readings, places, notes: sorted.map(({ note }) => note), lost: sorted.filter((one) => one.figures === 'surely').length };
}

/** A name that the recipe knows says what its own figures are, not those below. */
function isNameOf(vendor: Vendor | null, { text, figures }: Line): boolean {
  return vendor !== null && figures.length === 0 && meterNamed(vendor, text) !== null;
}

function textsOf(lines: readonly Line[]): readonly string[] {
  return lines.map(({ text }) => text);
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
