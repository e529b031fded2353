import { expect, test } from 'vitest';
import { understoodReadings } from '../../../src/sources/pages/understood-figures.ts';

const NOW = new Date('2026-12-01T08:00:00Z');

test.each([
  [{ remaining: '38204' }, { used: null, left: '38,204', total: null }],
  [{ remaining: '0' }, { used: null, left: '0', total: null }],
  [{ remaining: '-5' }, { used: null, left: '-5', total: null }],
  [
    { remaining: '2.50', decimals: 2 },
    { used: null, left: '2.50', total: null },
  ],
  [
    { remaining: '0', total: '10' },
    { used: '10', left: null, total: '10' },
  ],
  [
    { used: '4', total: null },
    { used: '4', left: null, total: null },
  ],
])('%j is shown as what was sent', (sent, shown) => {
  const readings = [{ meter: 'credits', observedAt: NOW.toISOString(), ...sent }];
  expect(understoodReadings(readings, { source: 'crm', stored: readings, known: [], now: NOW })).toEqual([
    { index: 0, key: 'credits', figure: { meter: 'credits', label: 'Credits', unit: '', ...shown } },
  ]);
});

test('a reading is stored under the key of its meter and shown under the name of the page', () => {
  const reading = { meter: 'leads', used: '4', total: '10', observedAt: NOW.toISOString() };
  const stored = [{ ...reading, meter: 'lead_credits' }];
  expect(understoodReadings([reading], { source: 'crm', stored, known: [], now: NOW })).toMatchObject([
    { key: 'lead_credits', figure: { meter: 'leads', label: 'Leads' } },
  ]);
});
