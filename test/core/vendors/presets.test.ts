import { expect, test } from 'vitest';
import { readdirSync } from 'node:fs';
import { presetNames, readPreset } from '../../../src/config/presets.ts';
import { startPipeline } from '../../support/pipeline.ts';
import { json, sampleOf, startVendor } from '../../support/vendor.ts';

const NOW = '2026-11-24T09:05:00Z';

/** What `/usage` shows after one poll of the preset at a vendor that answers its sample; and what the vendor was asked. */
async function polled(preset: string, extra = '') {
  const vendor = await startVendor();
  vendor.on('/usage', json(sampleOf(preset)));
  const key = readPreset(preset)?.key;
  const headers = key ? `headers: { ${key.header}: "${key.value.replace(/\$\{\w+\}/, '${VENDOR_KEY}')}" }` : 'headers: {}';
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: ${preset}, kind: http, preset: ${preset}, url: "${vendor.url}/usage", ${headers}${extra} }]\nroutes: [{ slack: C0123456789, digest: false }]`;
  const pipeline = await startPipeline(file, NOW, { VENDOR_KEY: 'key-of-the-tests' });
  await pipeline.poll();
  const [ledger] = await pipeline.store.polls('default');
  expect(ledger?.problem).toBeNull();
  const overview = await pipeline.usage();
  const meters = await pipeline.store.meters('default');
  return {
    lines: overview.split('\n').slice(1),
    vendor,
    resets: new Map(meters.map(({ meter, reading }) => [meter.key, reading.period?.end.toISOString() ?? null])),
    pipeline,
  };
}

test('every folder with a preset has one line in the registry and one sample, and the lines are in order', () => {
  const folders = readdirSync(new URL('../../../src/core/vendors/', import.meta.url), { recursive: true, encoding: 'utf8' });
  const samples = readdirSync(new URL('../../fixtures/vendors/', import.meta.url));
  expect(presetNames).toEqual(presetNames.toSorted());
  expect(folders.flatMap((file) => /^(.+)\/preset\.yml$/.exec(file)?.[1] ?? []).toSorted()).toEqual(presetNames);
  expect(samples.map((file) => file.replace(/\.yml$/, '')).toSorted()).toEqual(presetNames);
});

test('apollo: each kind of credits, by POST with the key in x-api-key, until the last second of the cycle', async () => {
  const { lines, vendor, resets } = await polled('apollo');
  expect(lines).toEqual([
    '🟠 Apollo Lead Credits  9,640 / 12,000 credits used · 80%',
    '   ▓▓▓▓▓▓▓▓░░ 2,360 left · reset 1 Dec',
    '🟢 Apollo Export Credits  1,200 / 4,000 credits used · 30%',
    '   ▓▓▓░░░░░░░ 2,800 left · reset 1 Dec',
    '🟢 Apollo AI Credits  500 / 5,000 credits used · 10%',
    '   ▓░░░░░░░░░ 4,500 left · reset 1 Dec',
    '🟢 Apollo Mobile Credits  37 / 500 credits used · 7%',
  ]);
  expect(resets.get('lead_credit')).toBe('2026-12-01T00:00:00.000Z');
  expect(vendor.seen).toMatchObject([
    {
      method: 'POST',
      body: '{}',
      headers: { 'x-api-key': 'key-of-the-tests', 'content-type': 'application/json', accept: 'application/json' },
    },
  ]);
});

test('openrouter: money to the cent, bought once and never reset', async () => {
  const { lines, vendor, resets } = await polled('openrouter');
  expect(lines).toEqual(['🟢 OpenRouter Credits  25.74 / 100.50 USD used · 25%', '   ▓▓░░░░░░░░ 74.76 left']);
  expect(resets.get('credits')).toBeNull();
  expect(vendor.seen[0]?.headers.authorization).toBe('Bearer key-of-the-tests');
});

test('elevenlabs: the reset is told in seconds since 1970, and the month before it is the period', async () => {
  const { lines, pipeline } = await polled('elevenlabs');
  expect(lines).toEqual(['🟢 ElevenLabs Characters  17,231 / 100,000 characters used · 17%', '   ▓░░░░░░░░░ 82,769 left · reset 1 Dec']);
  const [stored] = await pipeline.store.meters('default');
  expect(stored?.reading.period).toEqual({ start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') });
});

test('firecrawl: what is used follows from what remains', async () => {
  const { lines } = await polled('firecrawl');
  expect(lines).toEqual(['🟢 Firecrawl Credits  26,750 / 100,000 credits used · 26%', '   ▓▓░░░░░░░░ 73,250 left · reset 1 Dec']);
});

test('firecrawl: with credit packs more can remain than the plan has, and dates can be null', async () => {
  const { vendor, pipeline } = await polled('firecrawl');
  vendor.on(
    '/usage',
    json({ data: { remainingCredits: 130_000, planCredits: 100_000, billingPeriodStart: null, billingPeriodEnd: null } }),
  );
  await pipeline.goTo('2026-11-24T09:25:00Z');
  expect((await pipeline.usage()).split('\n')[1]).toBe('🟢 Firecrawl Credits  0 / 130,000 credits used · 0%');
});

test('hunter: half credits, packs included, a date as reset', async () => {
  const { lines, resets } = await polled('hunter');
  expect(lines).toEqual([
    '🟢 Hunter Credits  482.5 / 2,000.0 credits used · 24%',
    '   ▓▓░░░░░░░░ 1,517.5 left · reset 4 Dec',
    '🟢 Hunter Searches  41 / 1,000 searches used · 4%',
    '🟢 Hunter Verifications  5 / 2,000 verifications used · 0.2%',
  ]);
  expect(resets.get('credits')).toBe('2026-12-04T00:00:00.000Z');
});

test('hunter: where it does not say what remains, the allowance is what is available', async () => {
  const { vendor, pipeline } = await polled('hunter');
  vendor.on('/usage', json({ data: { reset_date: '2026-12-04', requests: { credits: { used: 500.5, available: 2000 } } } }));
  await pipeline.goTo('2026-11-24T09:20:00Z');
  expect((await pipeline.usage()).split('\n').slice(1, 3)).toEqual([
    '🟢 Hunter Credits  500.5 / 2,000.0 credits used · 25% · as of 09:20',
    '   ▓▓░░░░░░░░ 1,499.5 left · reset 4 Dec',
  ]);
  expect((await pipeline.store.polls('default'))[0]?.problem).toBeNull();
});

test('lusha: one allowance until the renewal of the plan, the key in api_key', async () => {
  const { lines, vendor } = await polled('lusha');
  expect(lines).toEqual(['🟢 Lusha Credits  1,500 / 10,000 credits used · 15%', '   ▓░░░░░░░░░ 8,500 left · reset 12 Dec']);
  expect(vendor.seen[0]?.headers['api_key']).toBe('key-of-the-tests');
});

test('lusha: each of two sources is asked five times a minute at the most, also by a process that starts again after a failure and would ask at once', async () => {
  const vendor = await startVendor();
  const source = (id: string) =>
    `{ id: ${id}, kind: http, preset: lusha, url: "${vendor.url}/${id}", every: 12s, headers: { api_key: "\${VENDOR_KEY}" } }`;
  const file = `allowHosts: ["${vendor.host}"]\nsources: [${source('sales')}, ${source('talent')}]`;
  const pipeline = await startPipeline(file, NOW, { VENDOR_KEY: 'key-of-the-tests' });
  const askedAt = { sales: new Array<number>(), talent: new Array<number>() };
  for (const [id, at] of Object.entries(askedAt)) {
    vendor.on(`/${id}`, (request, response) => {
      at.push(pipeline.now().getTime());
      json(at.length === 1 ? {} : sampleOf('lusha'), at.length === 1 ? 503 : 200)(request, response);
    });
  }
  await pipeline.goTo('2026-11-24T09:05:02Z');
  expect(Object.values(askedAt)).toEqual([[expect.any(Number)], [expect.any(Number)]]);
  // It does not wait for the retry after half a minute.
  await pipeline.declare(file);
  await pipeline.goTo('2026-11-24T09:06:30Z');
  for (const at of Object.values(askedAt)) {
    const gaps = at.slice(1).map((later, index) => later - (at[index] ?? 0));
    expect(gaps).toEqual(gaps.map(() => 12_000));
    expect(gaps.length).toBeGreaterThan(5);
  }
});

test('octave: observed when the vendor says so', async () => {
  const { lines, pipeline } = await polled('octave');
  expect(lines).toEqual(['🟠 Octave Credits  1,200 / 1,500 credits used · 80%', '   ▓▓▓▓▓▓▓▓░░ 300 left · reset 1 Dec']);
  expect((await pipeline.store.meters('default'))[0]?.reading.observedAt).toEqual(new Date('2026-11-24T09:00:00Z'));
});

test('abyssale: null is unlimited, and what was bought on top counts', async () => {
  const { lines } = await polled('abyssale');
  expect(lines).toEqual([
    '🟢 Abyssale AI Credits  58 / 110 credits used · 52%',
    '   ▓▓▓▓▓░░░░░ 52 left',
    '🟢 Abyssale Generation Credits  380 credits used · unlimited',
  ]);
});

test("abmatic: six meters from an endpoint of one's own, under either of their names", async () => {
  const { lines } = await polled('abmatic', ', period: { every: month }');
  expect(lines).toEqual([
    '🟢 Abmatic Accounts  24,171 / 4,000,000 credits used · 0.6%',
    '🟢 Abmatic IP Reveal  379,180 / 100,000,000 lookups used · 0.3%',
    '🟢 OpenAI Tokens  4,984,062 / 1,500,000,000 tokens used · 0.3%',
    '🟢 Abmatic Contacts  40,982 / 20,000,000 credits used · 0.2%',
    '🟢 Apollo Contacts  1,614 / 1,000,000 credits used · 0.1%',
    '🟢 Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%',
  ]);
});
