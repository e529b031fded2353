import { vendorOf } from '../../core/vendors/registry.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { z } from 'zod';

/** Readings as they stand in a file; each is checked later, by itself. */
export type Imported = { readonly source: string | null; readonly readings: readonly unknown[]; readonly notes: readonly string[] };

/** Where pasted text of a usage page goes unless told otherwise. */
const PAGE_SOURCE = 'abmatic';

const jsonBody = z.object({ source: z.string().optional(), readings: z.array(z.unknown()) });

/** Reads the JSON of `POST /v1/usage`, or the text of a vendor's usage page as it was copied from the browser. */
export function parseImport(text: string): Result<Imported, string> {
  const clean = text.replace(/^\uFEFF/, '').trim();
  if (clean === '') return err('There is nothing in it.');
  if (clean.startsWith('{') || clean.startsWith('[')) return parseJson(clean);
  const page = parseUsagePage(clean);
  if (page.readings.length > 0) return ok(page);
  const [note] = page.notes;
  return err(`No figures found${note === undefined ? '' : ` (${note})`}. It takes the JSON of POST /v1/usage, or the text of the usage page with lines such as "1,614/1,000,000 credits used".`);
}

function parseJson(text: string): Result<Imported, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return err(`It looks like JSON but is not: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = jsonBody.safeParse(Array.isArray(json) ? { readings: json } : json);
  if (!parsed.success) return err('The JSON has no list "readings". It takes the body of POST /v1/usage.');
  return ok({ source: parsed.data.source ?? null, readings: parsed.data.readings, notes: [] });
}

// Digits in groups, however the page's language separates them: 1,000,000 1.000.000 1'000'000 1 000 000.
const NUMBER = String.raw`\d{1,3}(?:[,.'’\u00A0\u202F\u2009 ]\d{3})+|\d+`;
const FIGURES = new RegExp(String.raw`^(?<label>.*?)[\s:]*(?<used>${NUMBER})\s*(?:\/|of)\s*(?<total>${NUMBER}|unlimited|∞)\s*(?<unit>[\p{L} ]*?)\s*(?:used)?\W*$`, 'iu');

/** One or two lines a meter: a label, and `used/total unit used` behind or below it. */
function parseUsagePage(text: string): Imported {
  const readings: unknown[] = [];
  const notes: string[] = [];
  let label = '';
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/[\s\u00A0]+/gu, ' ').trim();
    if (line === '') return;
    const match = FIGURES.exec(line)?.groups;
    if (match) {
      const name = (match['label'] ?? '').trim() || label;
      if (name === '') notes.push(`line ${index + 1}: figures without a name before them`);
      else readings.push(toReading(name, match['used'] ?? '', match['total'] ?? '', (match['unit'] ?? '').trim()));
      label = '';
      return;
    }
    if (/\d\s*\/\s*\d/.test(line)) notes.push(`line ${index + 1}: "${line.slice(0, 60)}" looks like figures but could not be read`);
    label = line;
  });
  return { source: PAGE_SOURCE, readings, notes };
}

function toReading(name: string, used: string, total: string, unit: string) {
  const digits = (text: string) => text.replace(/\D/g, '');
  const known = Object.entries(vendorOf(PAGE_SOURCE)?.meters ?? {}).find(([key, { label = '', aliases = [] }]) => [key, label, ...aliases].some((one) => one.toLowerCase() === name.toLowerCase()));
  const what = known ? { meter: known[0] } : { meter: slug(name), label: name };
  return { ...what, ...(unit !== '' && { unit: unit.toLowerCase() }), used: digits(used), total: digits(total) === '' ? null : digits(total) };
}

/** `Apollo Contacts` as `apollo_contacts`. */
function slug(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '') || name.replaceAll('/', '_');
}
