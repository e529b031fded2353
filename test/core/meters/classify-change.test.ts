import { expect, test } from 'vitest';
import type { ChangeKind } from '../../../src/core/meters/classify-change.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { changeOf } from '../../support/changes.ts';
import { november } from '../../support/watching.ts';

const december = { start: new Date('2026-12-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

function reading(used: bigint, at: string, overrides: Partial<Reading> = {}): Reading {
  return { used, total: 1000n, observedAt: new Date(at), period: november, ...overrides };
}

const before = reading(800n, '2026-11-20T00:00:00Z');

test.each<[string, Reading | null, Reading, ChangeKind]>([
  ['nothing before it', null, reading(5n, '2026-11-21T00:00:00Z'), 'first'],
  ['more used', before, reading(801n, '2026-11-21T00:00:00Z'), 'consumption'],
  ['the same figures', before, reading(800n, '2026-11-21T00:00:00Z'), 'consumption'],
  ['less used in a new period', before, reading(799n, '2026-12-01T00:05:00Z', { period: december }), 'reset'],
  ['less used after the period ended, with no period named', before, reading(3n, '2026-12-01T00:05:00Z', { period: null }), 'reset'],
  [
    'a period that moved without a drop: all of it was consumed in the new one',
    before,
    reading(800n, '2026-12-01T00:05:00Z', { period: december }),
    'reset',
  ],
  ['less than a tenth inside the period', before, reading(79n, '2026-11-21T00:00:00Z'), 'presumed-reset'],
  ['exactly a tenth inside the period', before, reading(80n, '2026-11-21T00:00:00Z'), 'presumed-reset'],
  ['more than a tenth inside the period', before, reading(81n, '2026-11-21T00:00:00Z'), 'correction'],
  [
    'less than a tenth with no period known',
    { ...before, period: null },
    reading(79n, '2026-11-21T00:00:00Z', { period: null }),
    'presumed-reset',
  ],
  ['a little less inside the period', before, reading(790n, '2026-11-21T00:00:00Z'), 'correction'],
  ['a larger total', before, reading(800n, '2026-11-21T00:00:00Z', { total: 2500n }), 'top-up'],
  ['a smaller total', before, reading(800n, '2026-11-21T00:00:00Z', { total: 900n }), 'plan-cut'],
  ['a total that became unlimited', before, reading(800n, '2026-11-21T00:00:00Z', { total: null }), 'consumption'],
])('%s', (_case, previous, current, change) => {
  expect(changeOf(previous, current)).toBe(change);
});
