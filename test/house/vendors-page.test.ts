import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { vendorsPage } from '../../scripts/vendors-page.mjs';
import { readPresets } from '../../src/config/presets.ts';
import { vendors } from '../../src/core/vendors/registry.ts';
import { presetFileSchema } from '../../src/core/vendors/preset.ts';

test('docs/vendors.md is what the presets say: npm run vendors writes it', () => {
  expect(readFileSync(new URL('../../docs/vendors.md', import.meta.url), 'utf8')).toBe(vendorsPage(readPresets(), vendors));
});

test.each(['README.md', 'docs/sources.md'])('%s links to the page of vendors, and names as many as there are', (file) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(text).toContain('vendors.md');
  const counts = [...text.matchAll(/(\d+) vendors/g)].map(([, count]) => Number(count));
  for (const count of counts) expect(count).toBe(readPresets().length);
});

test('the worked example of CONTRIBUTING.md is a preset, and its sample gives the figures beside it', async () => {
  const example = readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8').split('## Adding a vendor')[1] ?? '';
  const [preset, sample] = [...example.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']): unknown => parse(text));
  const { meters } = presetFileSchema.parse(preset);
  const { answer, figures } = sampleSchema.parse(sample);
  for (const [key, { used, total }] of Object.entries(figures)) {
    expect(await jsonata(String(meters[key]?.used)).evaluate(answer)).toBe(used);
    expect(await jsonata(String(meters[key]?.total)).evaluate(answer)).toBe(total);
  }
});

const sampleSchema = z.object({ answer: z.unknown(), figures: z.record(z.string(), z.object({ used: z.number(), total: z.number() })) });
