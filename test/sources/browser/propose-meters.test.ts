import { readdirSync, readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { proposeMeters } from '../../../src/sources/browser/propose-meters.ts';

const at = new Date('2026-11-20T10:00:00Z');

/** What the proposed expressions find in the answer itself. */
async function figuresIn(answer: unknown) {
  const { meters } = proposeMeters(answer, { vendor: 'acme', at });
  const all: Record<string, unknown> = {};
  for (const { key, label: _label, isDoubtful: _isDoubtful, unit: _unit, ...expressions } of meters) {
    const found: Record<string, unknown> = {};
    for (const [field, text] of Object.entries(expressions)) found[field] = await jsonata(text).evaluate(answer);
    all[key] = found;
  }
  return all;
}

test.each<[string, unknown, Record<string, unknown>]>([
  ['snake', { credits_used: 812, credits_limit: 5000 }, { credits: { used: 812, total: 5000 } }],
  ['camel, nested', { data: { usage: { usedCredits: 812, totalCredits: 5000 } } }, { credits: { used: 812, total: 5000 } }],
  ['kebab', { 'credits-used': 812, 'credits-total': 5000 }, { credits: { used: 812, total: 5000 } }],
  ['numbers as text', { credits: { used: '1,614', limit: '10,000' } }, { credits: { used: '1,614', total: '10,000' } }],
  ['what is left, with a total', { emailCredits: { remaining: 40, max: 100 } }, { email_credits: { remaining: 40, total: 100 } }],
  ['only what is left', { account: { creditsRemaining: 40 } }, { credits: { remaining: 40 } }],
  ['a balance', { credit_balance: 68.67 }, { credit: { remaining: 68.67 } }],
  ['all three that add up', { credits: { used: 10, available: 90, total: 100 } }, { credits: { used: 10, remaining: 90, total: 100 } }],
  ['all three that do not', { credits: { used: 10, remaining: 95, total: 100 } }, { credits: { used: 10, total: 100 } }],
  [
    'the role outside',
    { used: { emails: 3, phones: 1 }, limits: { emails: 30, phones: 10 } },
    { emails: { used: 3, total: 30 }, phones: { used: 1, total: 10 } },
  ],
  [
    'in groups beside each other',
    { plan: { credits_limit: 1000 }, usage: { credits_used: 5 }, other: { seats_limit: 3 } },
    { credits: { used: 5, total: 1000 } },
  ],
  ['an unlimited total', { credits: { used: 10, limit: -1 } }, { credits: { used: 10, total: null } }],
  ['a null total', { credits: { used: 10, limit: null } }, { credits: { used: 10, total: null } }],
  ['a current and a limit', { tokens: { current: 10, limit: 50 } }, { tokens: { used: 10, total: 50 } }],
  ['odd names', { 'my emails': { 'used`up': 1 }, in: { 'sms credits-left': 3 } }, { emails: { used: 1 }, sms_credits: { remaining: 3 } }],
])('%s', async (_what, answer, figures) => {
  const found = await figuresIn(answer);
  for (const [key, value] of Object.entries(figures)) expect(found, JSON.stringify(found)).toEqual({ ...found, [key]: value });
  expect(Object.keys(found)).toHaveLength(Object.keys(figures).length);
});

test('entries of a list are found by their name, which is the same tomorrow, and not by their position', async () => {
  const items = [
    { id: 7, type: 'email_credits', label: 'E-mail', used: 3, limit: 30, resetAt: '2026-12-01T00:00:00Z' },
    { id: 8, type: 'phone_credits', label: 'Phone', used: 4, limit: 40, resetAt: '2026-12-05T00:00:00Z' },
  ];
  const { meters } = proposeMeters({ items }, { vendor: 'acme', at });
  expect(meters).toEqual([
    {
      key: 'email_credits',
      label: 'Acme Email Credits',
      unit: 'credits',
      used: 'items[type="email_credits"].used',
      total: 'items[type="email_credits"].limit',
      periodEnd: 'items[type="email_credits"].resetAt',
      isDoubtful: false,
    },
    expect.objectContaining({ key: 'phone_credits', periodEnd: 'items[type="phone_credits"].resetAt' }),
  ]);
  expect(await figuresIn({ items: items.toReversed() })).toMatchObject({ email_credits: { used: 3, total: 30 } });
  expect(await figuresIn(items)).toMatchObject({ phone_credits: { used: 4, total: 40 } });
  expect(await figuresIn([items[0]])).toMatchObject({ email_credits: { used: 3 } });
});

test('a period around the figures is theirs; the past, durations and other dates are not', () => {
  const credits = { used: 1, limit: 2, resetInSeconds: 3600, lastResetAt: '2026-11-02', createdAt: '2026-01-01' };
  const { meters } = proposeMeters(
    { credits, currentPeriod: { start: '2026-11-02', end: '2026-12-02' }, trialEndsAt: '2026-11-30' },
    { vendor: 'acme', at },
  );
  expect(meters).toEqual([expect.objectContaining({ periodStart: 'credits.lastResetAt', periodEnd: 'currentPeriod.end' })]);
});

test.each<[string, unknown]>([
  [
    'rate limits',
    { rateLimit: { limit: 100, remaining: 99, used: 1 }, rate_limits: { credits: { used: 1, limit: 2 } }, requests_per_minute_limit: 60 },
  ],
  ['pages of a list', { items: [], total: 30, limit: 10, page: 1, remaining: 20 }],
  [
    'people',
    {
      members: [
        { name: 'Anna', used: 3 },
        { name: 'Ben', used: 4 },
      ],
    },
  ],
  ['dates and positions', { days_left: 3, used_at: 1_700_000_000, remaining_percent: 40, usage_rate: 3 }],
  [
    'a list without names',
    {
      rows: [
        { used: 1, limit: 2 },
        { used: 3, limit: 4 },
      ],
    },
  ],
  [
    'names that may be secrets',
    {
      usage: { 'sk-live-51HxYzAbCdEf0': { used: 1, limit: 2 } },
      keys: [
        { key: 'a9f3c2e1b7d4a9f3', used: 1, limit: 2 },
        { key: 'b9f3c2e1b7d4a9f3', used: 1, limit: 2 },
      ],
    },
  ],
  [
    'names with control characters',
    {
      'credits\u001B[31m': { used: 1, limit: 2 },
      list: [
        { name: 'a\u001B[2J', used: 1, limit: 2 },
        { name: 'b', used: 1, limit: 2 },
      ],
    },
  ],
  ['text', 'used 5 of 10'],
])('%s are no meters', (_what, answer) => {
  expect(proposeMeters(answer, { vendor: 'acme', at }).meters).toEqual([]);
});

test('of many figures the first eight are proposed, and the others counted', () => {
  const answer = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`${'abcdefghijklmnopqrst'.charAt(index)}x_credits`, { used: 1, limit: 2 }]),
  );
  const { meters, more } = proposeMeters(answer, { vendor: 'acme', at });
  expect(meters).toHaveLength(8);
  expect(more).toBe(12);
});

const sampleSchema = z.object({
  answer: z.unknown(),
  figures: z.record(
    z.string(),
    z.object({ used: z.number().nullish(), remaining: z.number().nullish(), total: z.number().nullish(), reset: z.string().nullish() }),
  ),
});
const number = (value: unknown) => Number(String(value).replaceAll(/[,$]/g, ''));

/** Whether one of the proposed meters has these figures. */
function isFound(
  { used, remaining, total }: z.infer<typeof sampleSchema>['figures'][string],
  all: readonly Readonly<Record<string, unknown>>[],
): boolean {
  return all.some((one) => {
    const [u, r, t] = [number(one['used']), number(one['remaining']), number(one['total'])];
    return (
      (used == null || u === used || t - r === used || (one['used'] === undefined && r === remaining)) &&
      (remaining == null || r === remaining || t - u === remaining) &&
      (total == null || t === total || u + r === total)
    );
  });
}

test('in the samples of the vendors, most meters are found by their figures', async () => {
  const folder = new URL('../../fixtures/vendors/', import.meta.url);
  let found = 0;
  for (const file of readdirSync(folder)) {
    const sample = sampleSchema.safeParse(parse(readFileSync(new URL(file, folder), 'utf8')));
    if (!sample.success || typeof sample.data.answer !== 'object') continue;
    const proposed = Object.values(await figuresIn(sample.data.answer)).map((one) => z.record(z.string(), z.unknown()).parse(one));
    for (const figures of Object.values(sample.data.figures)) {
      if (isFound(figures, proposed)) found += 1;
    }
  }
  // Of about 200 when this was written. Some answer in cents or seconds, or do not name what is counted.
  expect(found).toBeGreaterThan(135);
});
