import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { pageOf, vendorOf, vendors } from '../../../src/core/vendors/registry.ts';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';
import { otherLayout, readPage } from '../../../src/sources/pages/read-page.ts';

const FIXTURES = new URL('../../fixtures/pages/', import.meta.url);
const figure = z.number().nullable();
const figuresSchema = z.record(
  z.string(),
  z.strictObject({ used: figure.optional(), remaining: figure.optional(), total: figure.optional(), unit: z.string().optional() }),
);
const shownSchema = z.strictObject({ is: z.string(), page: z.string(), figures: figuresSchema, notes: z.array(z.number()).default([]) });
/** The text of a page as its documentation describes it, the figures that it means, and pages that must store nothing. */
const sampleSchema = shownSchema.omit({ is: true }).extend({
  also: z.array(shownSchema).default([]),
  nothing: z.array(z.strictObject({ is: z.string(), page: z.string() })).min(3),
});

const read = (source: string, text: string) => readPage({ source, text, url: 'https://app.example.com/usage' }, parseImport);
const readingSchema = z.looseObject({ meter: z.string() });

function figuresOf(readings: readonly unknown[]): unknown {
  return Object.fromEntries(
    readings.map((raw) => {
      const { meter, label: _label, unit, ...rest } = readingSchema.parse(raw);
      const isMoney = typeof unit === 'string' && /^[A-Z]{3}$/.test(unit);
      const shown = Object.entries(rest).map(([field, value]) => [field, typeof value === 'string' ? Number(value) : value]);
      return [meter, { ...Object.fromEntries(shown), ...(isMoney && { unit }) }];
    }),
  );
}

test('every folder with a page has one line in the registry and one sample', () => {
  const folders = readdirSync(new URL('../../../src/core/vendors/', import.meta.url), { recursive: true, encoding: 'utf8' });
  const sources = vendors.map(({ source }) => source);
  expect(sources).toEqual(sources.toSorted());
  expect(folders.flatMap((file) => /^(.+)\/page\.ts$/.exec(file)?.[1] ?? []).toSorted()).toEqual(sources);
  expect(readdirSync(FIXTURES).map((file) => file.replace('.yml', ''))).toEqual(sources);
  expect(pageOf('nobody')).toBeNull();
});

describe.each(vendors.map(({ source }) => source))('the page of %s', (source) => {
  const sample = sampleSchema.parse(parse(readFileSync(new URL(`${source}.yml`, FIXTURES), 'utf8')));

  test.each([{ is: 'its sample', ...sample }, ...sample.also])('$is gives the figures beside it', ({ page, figures, notes }) => {
    const taken = read(source, page);
    if (!taken.ok) throw new Error(JSON.stringify(taken.error));
    expect(figuresOf(taken.value.readings)).toEqual(figures);
    expect(taken.value.notes.map((note) => ('line' in note ? note.line : 0))).toEqual(notes);
    for (const key of Object.keys(figures)) expect(vendorOf(source)?.meters).toHaveProperty(key);
  });

  test.each(sample.nothing)('stores nothing if it is $is', ({ page }) => {
    expect(read(source, page)).toMatchObject({ ok: false });
  });

  test('is another page if it has none of the known meters', () => {
    const page = read(source, 'Office plants\n3 of 9 plants used');
    if (!page.ok) throw new Error(JSON.stringify(page.error));
    expect(otherLayout(page.value, source)).toMatchObject({ kind: 'other-layout' });
    expect(otherLayout(page.value, 'nobody')).toBeNull();
    const known = read(source, sample.page);
    expect(known.ok && otherLayout(known.value, source)).toBeNull();
  });

  test('has texts that can be found: in lower case, with a meter for each label', () => {
    const recipe = pageOf(source);
    for (const mark of [...(recipe?.signedOut ?? []), ...(recipe?.notFigures ?? [])]) expect(mark).toBe(mark.toLowerCase().trim());
    for (const { meter } of recipe?.alone ?? []) expect(vendorOf(source)?.meters).toHaveProperty(meter);
  });

  test('is read the same with the line ends of Windows', () => {
    const { readings } = parseUsagePage(sample.page, source);
    expect(parseUsagePage(sample.page.replaceAll('\n', '\r\n'), source).readings).toEqual(readings);
  });
});
