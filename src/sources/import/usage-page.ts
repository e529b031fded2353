import { vendorOf } from '../../core/vendors/registry.ts';

/** Where pasted text of a usage page goes unless told otherwise. */
const PAGE_SOURCE = 'abmatic';

/** A longer line is no line of a usage page, and is not searched. */
const LONGEST_LINE = 5_000;

type PageReading = {
  readonly meter: string;
  readonly label?: string;
  readonly unit?: string;
  readonly used: string;
  readonly total: string | null;
};
type Page = {
  readonly source: string;
  readonly readings: readonly PageReading[];
  readonly places: readonly string[];
  readonly notes: readonly string[];
};

/**
 * Reads the text of a usage page as it was copied: a label, and behind it or below it `used/total unit used`. What is not
 * surely a line of figures is not taken: a date is no reading, and 1.6K is nothing to alert on.
 *
 * @returns the readings, and a note for each line that looks like figures and is none
 */
export function parseUsagePage(text: string): Page {
  const readings: PageReading[] = [];
  const places: string[] = [];
  const notes: string[] = [];
  let above = '';
  for (const [index, line] of linesOf(text)) {
    const figures = readFigures(line);
    const name = figures && nameOf(figures, above);
    if (figures && name !== null) {
      if (readings.some(({ meter }) => meter === name.meter))
        notes.push(`line ${index}: ${name.label ?? name.meter} stands here a second time; the first is taken`);
      else {
        readings.push({ ...name, ...(figures.unit !== '' && { unit: figures.unit }), used: figures.used, total: figures.total });
        places.push(`line ${index}`);
      }
    } else if (figures || LIKE_FIGURES.test(line)) {
      notes.push(
        `line ${index}: "${shortened(line)}" ${figures?.saysUsed ? 'has no name before it' : 'looks like figures but could not be read'}`,
      );
    }
    above = figures || LIKE_FIGURES.test(line) ? '' : line;
  }
  return { source: PAGE_SOURCE, readings, places, notes };
}

/** Lines with their numbers. A browser may have put several meters on one line: behind "used" a new one begins. */
function linesOf(text: string): readonly (readonly [number, string])[] {
  return text.split(/\r?\n/).flatMap((line, index) =>
    line
      .slice(0, LONGEST_LINE)
      .replace(/(\d ?(?:\/|of) ?\d[^/]{0,60}?\bused\b)(?=[^\S\n])/giu, '$1\n')
      .split('\n')
      .map((part) => [index + 1, part.replace(/[\t\f\v ]+/g, ' ').trim()] as const)
      .filter(([, part]) => part !== ''),
  );
}

// Digits in groups, however the page's language separates them: 1,000,000 1.000.000 1'000'000, and spaces that do not break.
const MARKS = `,.'’\u00A0\u202F\u2009`;
const number = (name: string, marks: string) =>
  String.raw`(?<${name}>[1-9]\d{0,2}(?<${name}Mark>[${marks}])\d{3}(?:\k<${name}Mark>\d{3})*|\d+)`;
const TOTAL = `${number('total', `${MARKS} `)}|(?<unlimited>unlimited|∞)`;
// A plain space groups digits only where no name stands before them: "Plan 2 500/900" could be 500 or 2,500.
const BELOW = new RegExp(String.raw`^${number('used', `${MARKS} `)}\s*(?:\/|of)\s*(?:${TOTAL})(?<rest>(?:\s.*)?)$`, 'iu');
const BEHIND = new RegExp(
  String.raw`^(?<label>.*?(?<=[\s:|]))${number('used', MARKS)}\s*(?:\/|of)\s*(?:${TOTAL})(?<rest>(?:\s.*)?)$`,
  'iu',
);
const REST = /^(?!\s*[kmb]\b)(?<unit>[\p{L} ]*?)\s*(?<saysUsed>\bused)?\W*$/iu;

const LIKE_FIGURES = /\d.{0,10}\/\s*\d/u;

type Figures = {
  readonly label: string;
  readonly used: string;
  readonly total: string | null;
  readonly unit: string;
  readonly saysUsed: boolean;
};

function readFigures(line: string): Figures | null {
  const match = (BELOW.exec(line) ?? BEHIND.exec(line))?.groups;
  if (!match) return null;
  const label = (match['label'] ?? '').replace(/[\s:|•·–—-]+$/u, '');
  const used = digits(match['used']);
  if (/(?:^|\s)\d{1,3}$/.test(label) && used.length === 3) return null;
  // Some pages repeat the share behind the figures.
  const rest = REST.exec((match['rest'] ?? '').replace(/[\s(]*[<~≈]?\s*\d+(?:[.,]\d+)?\s*%.*$/u, ''))?.groups;
  if (!rest) return null;
  return {
    label,
    used,
    total: match['unlimited'] === undefined ? digits(match['total']) : null,
    unit: (rest['unit'] ?? '').trim().toLowerCase(),
    saysUsed: rest['saysUsed'] !== undefined,
  };
}

/** The meter that figures are of, or null. Figures that do not say "used" are taken for a meter of the vendor alone: 12/2026 is a date. */
function nameOf({ label, saysUsed }: Figures, above: string): Pick<PageReading, 'meter' | 'label'> | null {
  const name = label || above;
  const known = knownMeter(name);
  if (known !== null) return { meter: known };
  return saysUsed && /\p{L}/u.test(name) ? { meter: slug(name), label: name } : null;
}

function knownMeter(name: string): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/\s+/gu, ' ').replace(/ ?:$/, '');
  const all = Object.entries(vendorOf(PAGE_SOURCE)?.meters ?? {});
  return all.find(([key, { label = '', aliases = [] }]) => [key, label, ...aliases].some((one) => plain(one) === plain(name)))?.[0] ?? null;
}

/** `Apollo Contacts` as `apollo_contacts`. */
function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

function digits(text: string | undefined): string {
  return (text ?? '').replace(/\D/g, '');
}

function shortened(line: string): string {
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
