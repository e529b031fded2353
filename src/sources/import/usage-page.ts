import { grouped } from '../../core/grouped.ts';
import { err } from '../../core/result.ts';
import { meterNamed, vendorOfPage } from '../../core/vendors/recognise.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';
import type { ImportPlace, PageNote } from '../../core/text/import-problem.ts';
import { loneIn, loneReadings } from './page-alone.ts';
import { withStated } from './page-below.ts';
import { aroundFigures } from './page-context.ts';
import { unclearLabels } from './page-labels.ts';
import { figuresOfOthers, ofSection, otherOf } from './page-others.ts';
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
  const unknown = of === null ? named(all, null, unclearLabels(all, null)) : null;
  const source = of ?? vendorOfPage(unknown?.found.map(({ name, figures }) => ({ name, unit: figures.unit })) ?? [], textsOf(all));
  const vendor = source === null ? null : vendorOf(source);
  const lines = vendor === null ? all : withoutKnown(all, vendor.page.notFigures);
  const unclear = unclearLabels(lines, vendor);
  const { found: onLines, notes: unnamed } = vendor === null && unknown !== null ? unknown : named(lines, vendor, unclear);
  const { found, stating } = withStated(lines, onLines);
  const about = aboutPage(lines);
  const lone = loneIn(lines, vendor, unclear);
  const others = figuresOfOthers(lines, lone);
  const around = aroundFigures(lines.filter((line) => !lone.has(line) && !isNameOf(vendor, line)));
  const readings: PageReading[] = [];
  const places: ImportPlace[] = [];
  const notes: Note[] = [];
  const taken = found.flatMap(({ line, name, figures }) => {
    const other = otherOf(name, figures, others.get(line));
    const reading = other === null ? pageReading(name, figures, { vendor, about, around: around.get(line) ?? null }) : err({ kind: other });
    if (!reading.ok) {
      notes.push(noted(line, reading.error, 'surely'));
      return [];
    }
    const { unknown } = reading.value;
    if (unknown.length > 0) notes.push(noted(line, { kind: 'unknown-words', words: unknown }, 'perhaps'));
    return [{ line, reading: reading.value.reading }];
  });
  const meters = new Set<string>();
  for (const [meter, shown] of grouped(taken, ({ reading }) => reading.meter)) {
    meters.add(meter);
    const [first, ...more] = shown;
    if (first === undefined) continue;
    if (more.some(({ reading }) => !isSame(reading, first.reading))) {
      notes.push(...shown.map(({ line }) => noted(line, { kind: 'other-figures' }, 'surely')));
      continue;
    }
    readings.push(first.reading);
    places.push({ line: first.line.nth });
    for (const { line } of more) notes.push({ note: { line: line.nth, repeated: first.reading.label ?? meter }, figures: 'perhaps' });
  }
  const understood = new Set([...lone.keys(), ...stating].map(({ nth }) => nth));
  notes.push(...unnamed.filter(({ note }) => !understood.has(note.line)));
  if (vendor !== null) {
    const current = [...lone].filter(([line, { label }]) => {
      const other = ofSection(others.get(line), label.label, '');
      if (other !== null) notes.push(noted(line, { kind: other }, 'surely'));
      return other === null;
    });
    const alone = loneReadings(new Map(current), vendor, about, meters);
    notes.push(...alone.notes);
    for (const { reading, line } of alone.readings) {
      readings.push(reading);
      places.push({ line: line.nth });
    }
  }
  const sorted = notes.toSorted((a, b) => Number(a.figures === 'hardly') - Number(b.figures === 'hardly') || a.note.line - b.note.line);
  return { source, readings, places, notes: sorted.map(({ note }) => note), lost: sorted.filter((one) => one.figures === 'surely').length };
}

function isSame(a: PageReading, b: PageReading): boolean {
  return a.used === b.used && a.total === b.total && a.unit === b.unit;
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
