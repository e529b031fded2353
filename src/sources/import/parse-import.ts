import { createHash } from 'node:crypto';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import type { Imported } from '../../ports/inbound/import.ts';
import { checkBody } from '../push/body.ts';
import { looksLikeCsv } from './csv-columns.ts';
import { parseCsv } from './csv.ts';
import { settledReadings } from './json-figures.ts';
import { parseUsagePage } from './usage-page.ts';
import type { ImportNote, ImportPlace, ImportProblem } from '../../core/text/import-problem.ts';

/** A usage page has some hundreds of lines. Reading more would delay others and find no real figures. */
const MOST_LINES = 1_000;
/** The most notes about a text that is not a usage page. */
const MOST_NOTES = 20;

/**
 * Reads the JSON of `/v1/usage` (as pushed or as answered), history as CSV, or the text of a vendor's usage page copied from the
 * browser.
 */
export function parseImport(text: string, of: string | null = null): Result<Imported, ImportProblem> {
  const clean = text.replace(/^\uFEFF/, '').trim();
  if (clean === '') return err({ kind: 'empty' });
  if (clean.startsWith('{') || clean.startsWith('[')) return parseJson(clean);
  if (looksLikeCsv(clean)) return parseCsv(clean);
  const lines = clean.match(/\n|\r(?!\n)/g)?.length ?? 0;
  if (lines >= MOST_LINES) return err({ kind: 'too-many-lines', lines: lines + 1, most: MOST_LINES });
  const page = parseUsagePage(clean, of);
  const { notes } = page;
  if (page.readings.length > 0) return ok({ ...page, form: 'page', digest: createHash('sha256').update(clean).digest('hex') });
  return err({ kind: 'no-figures', notes: notes.slice(0, MOST_NOTES), more: notes.length - MOST_NOTES });
}

const listed = z.array(z.unknown());
const pushed = z.looseObject({ readings: z.array(z.unknown()) });
const answered = z.object({ meters: z.array(z.looseObject({ source: z.string() })) });
const FIELDS = ['meter', 'label', 'unit', 'used', 'total', 'observedAt', 'period'];

function parseJson(text: string): Result<Imported, ImportProblem> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return err({ kind: 'not-json', why: error instanceof Error ? error.message : String(error) });
  }
  const list = listed.safeParse(json);
  if (list.success) return ok(listOf(null, list.data));
  if (pushed.safeParse(json).success) {
    const body = checkBody(json);
    return body.ok ? ok(listOf(body.value.source ?? null, body.value.readings)) : err({ kind: 'bad-body', problem: body.error });
  }
  const overview = answered.safeParse(json);
  return overview.success ? fromOverview(overview.data.meters) : err({ kind: 'no-readings' });
}

/** Converts an answer of `GET /v1/usage` to readings. */
function fromOverview(meters: readonly Readonly<Record<string, unknown> & { source: string }>[]): Result<Imported, ImportProblem> {
  const sources = [...new Set(meters.map(({ source }) => source))];
  if (sources.length > 1) return err({ kind: 'several-sources', sources });
  const readings = meters.map((meter) => Object.fromEntries(Object.entries(meter).filter(([field]) => FIELDS.includes(field))));
  return ok(listOf(sources[0] ?? null, readings));
}

function listOf(source: string | null, all: readonly unknown[]): Imported {
  const readings: unknown[] = [];
  const places: ImportPlace[] = [];
  const notes: ImportNote[] = [];
  for (const [index, reading] of settledReadings(all).entries()) {
    const place = { reading: index + 1 };
    if (reading.ok) {
      readings.push(reading.value);
      places.push(place);
    } else notes.push({ at: place, problem: reading.error });
  }
  return { source, form: 'json', readings, places, notes, lost: notes.length, digest: null };
}
