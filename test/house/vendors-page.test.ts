import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { vendorsPage } from '../../scripts/vendors-page.mjs';
import { readPresets } from '../../src/config/presets.ts';

test('docs/vendors.md is what the presets say: npm run vendors writes it', () => {
  expect(readFileSync(new URL('../../docs/vendors.md', import.meta.url), 'utf8')).toBe(vendorsPage(readPresets()));
});

test.each(['README.md', 'docs/sources.md'])('%s links to the page of vendors, and names as many as there are', (file) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(text).toContain('vendors.md');
  const counts = [...text.matchAll(/(\d+) vendors/g)].map(([, count]) => Number(count));
  for (const count of counts) expect(count).toBe(readPresets().length);
});
