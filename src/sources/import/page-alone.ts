import type { MeterDetails } from '../../core/meters/meter.ts';
import { figureFields } from '../../core/meters/figure-fields.ts';
import { settleFigures } from '../../core/text/numbers/figures.ts';
import type { WrittenNumber } from '../../core/text/numbers/number.ts';
import type { LoneFigure } from '../../core/vendors/page-recipe.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';
import { isUnlimited } from './page-figures.ts';
import { noted, type AboutPage, type Line, type Note } from './page-lines.ts';
import type { PageReading } from './page-reading.ts';

type Field = LoneFigure['is'];
/** `number` is null for an unlimited total. */
type Lone = { readonly line: Line; readonly number: WrittenNumber | null };
type LoneFigures = ReadonlyMap<Line, { readonly label: LoneFigure; readonly number: Lone['number'] }>;

/**
 * Finds the figures that stand alone beside a label of the vendor's recipe, or on the line below it: `Credits remaining: 1,200`.
 *
 * @param unclear the figures whose name may be on the line above or below
 */
export function loneIn(lines: readonly Line[], vendor: Vendor | null, unclear: ReadonlySet<Line>): LoneFigures {
  const found = lines.flatMap((line, index) => {
    const figure = vendor === null ? null : figureOf(line, unclear.has(line) ? undefined : lines[index - 1], vendor);
    return figure === null ? [] : [[line, figure] as const];
  });
  return new Map(found);
}

/**
 * Converts lone figures to readings: those of one meter are one reading.
 *
 * @param known the keys of the meters that the page shows with their total; a further figure of one gets a note
 */
export function loneReadings(
  lone: LoneFigures,
  vendor: Vendor,
  about: AboutPage,
  known: ReadonlySet<string>,
): { readonly readings: readonly { readonly reading: PageReading; readonly line: Line }[]; readonly notes: readonly Note[] } {
  const meters = new Map<string, Partial<Record<Field, Lone>>>();
  const notes: Note[] = [];
  for (const [line, { label, number }] of lone) {
    const { meter, is } = label;
    const fields = meters.get(meter) ?? {};
    if (known.has(meter) || fields[is] !== undefined)
      notes.push({ note: { line: line.nth, repeated: vendor.meters[meter]?.label ?? meter }, figures: 'perhaps' });
    else meters.set(meter, { ...fields, [is]: { line, number } });
  }
  const readings: { reading: PageReading; line: Line }[] = [];
  for (const [meter, fields] of meters) {
    const [first = null] = [fields.used, fields.remaining, fields.total].flatMap((one) => one ?? []);
    const read = readingOf(meter, fields, about);
    if (first === null) continue;
    if ('reading' in read) readings.push({ reading: read.reading, line: first.line });
    else notes.push(noted(first.line, read.problem, 'surely'));
  }
  return { readings: readings.toSorted((a, b) => a.line.nth - b.line.nth), notes };
}

function figureOf(
  line: Line,
  above: Line | undefined,
  vendor: Vendor,
): { readonly label: LoneFigure; readonly number: Lone['number'] } | null {
  const { text, tokens, figures } = line;
  if (figures.length > 0 || text.length > LONGEST || text.includes('\uFFFD')) return null;
  const values = tokens.filter((token) => token.kind === 'number' || isUnlimited(token.text));
  const [value] = values;
  if (value === undefined || values.length > 1) return null;
  if (value.kind === 'number' && (value.number === null || value.isShare)) return null;
  // "(500)" is below zero in bookkeeping.
  if (text.charAt(value.at - 1) === '(') return null;
  const [before, behind] = [plain(text.slice(0, value.at)), plain(text.slice(value.at + value.text.length))];
  for (const label of vendor.page.alone) {
    const isCounted = behind === '' || behind === vendor.meters[label.meter]?.unit;
    const name = plain(label.label);
    const isBeside = `${before} ${behind}`.trim() === name || (before === name && isCounted);
    const isBelow = before === '' && isCounted && above !== undefined && above.text.length <= LONGEST && plain(above.text) === name;
    if (!isBeside && !isBelow) continue;
    if (behind === '' && mayBeDate(value.text, vendor.meters[label.meter])) return null;
    if (value.kind === 'number') return { label, number: value.number };
    if (label.is === 'total') return { label, number: null };
  }
  return null;
}

/** A year, a day such as 12.12, or digits of a phone number. Amounts in the thousands are grouped where years are not. */
function mayBeDate(text: string, meter: MeterDetails | undefined): boolean {
  return /^(?:19|20)\d{2}$|^0\d/.test(text) || (/^\d{1,2}\.\d{1,2}$/.test(text) && (meter?.decimals ?? 0) === 0);
}

/** A label and its figure are short. */
const LONGEST = 200;

function plain(text: string): string {
  const words = text.toLowerCase().split(/[\s:|•·–—(),]+/u);
  return words.filter((word) => word !== '').join(' ');
}

function readingOf(
  meter: string,
  fields: Partial<Record<Field, Lone>>,
  { evidence, groups }: AboutPage,
): { readonly reading: PageReading } | { readonly problem: Parameters<typeof noted>[1] } {
  if (fields.used === undefined && fields.remaining === undefined) return { problem: { kind: 'not-read' } };
  const written = figureFields.flatMap((field) => {
    const number = fields[field]?.number ?? null;
    return number === null ? [] : [{ field, number }];
  });
  const settled = settleFigures(written, { evidence, groups });
  if (!settled.ok) return { problem: { kind: 'bad-number', number: settled.error.number.text, problem: settled.error.problem } };
  const { values, currency } = settled.value;
  return {
    reading: {
      meter,
      ...(currency !== null && { unit: currency.code }),
      ...values,
      ...(fields.total?.number === null && { total: null }),
    },
  };
}
