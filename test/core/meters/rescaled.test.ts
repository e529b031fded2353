import { expect, test } from 'vitest';
import type { Figures } from '../../../src/core/meters/answer.ts';
import { isOldSize, powerOfChange } from '../../../src/core/meters/rescaled.ts';

test.each<[Figures, Figures, number | null]>([
  [{ used: '4000', total: '10000' }, { used: '401000', total: '1000000' }, 2],
  [{ used: '4000', total: '10000' }, { used: '4', total: '10' }, -3],
  [{ used: '25.74', total: '100.50' }, { used: '2574', total: '10050' }, 2],
  [{ used: '0.5', total: '1' }, { used: '500000', total: '1000000' }, 6],
  [{ remaining: '60', total: '100' }, { remaining: '600', total: '1000' }, 1],
  // A larger plan, a smaller one, a top-up: the usage does not follow.
  [{ used: '40', total: '100' }, { used: '41', total: '1000' }, null],
  [{ used: '4', total: '1000' }, { used: '4', total: '100' }, null],
  [{ remaining: '60', total: '100' }, { remaining: '960', total: '1000' }, null],
  [{ used: '40', total: '100' }, { used: '80', total: '200' }, null],
  [{ used: '40', total: '100' }, { used: '51', total: '1000' }, null],
  [{ used: '40', total: '100' }, { used: '501', total: '1000' }, null],
  [{ used: '40', total: '100' }, { used: '500', total: '1000' }, 1],
  [{ used: '40', total: '100' }, { used: '320', total: '1000' }, 1],
  [{ used: '40', total: '100' }, { used: '319', total: '1000' }, null],
  [{ used: '0', total: '100' }, { used: '0', total: '1000' }, null],
  [{ used: '40', total: '100' }, { used: '0', total: '1000' }, null],
  [{ used: '40', total: null }, { used: '400', total: null }, null],
  [{ used: '40', total: '0' }, { used: '400', total: '0' }, null],
  [{ used: '40' }, { used: '400' }, null],
  [{ used: '40', total: '100' }, { used: '40', total: '100' }, null],
  [{ used: '40', total: '100.0' }, { used: '40', total: '100' }, null],
])('from %j to %j is a change of the unit by the power %j', (before, after, power) => {
  expect(powerOfChange(before, after)).toBe(power);
});

test.each<[string | null, string | null, boolean]>([
  ['10000', '10000', true],
  ['10000', '20000', true],
  ['10000', '100000', false],
  ['10000', '2000000', false],
  ['10000', '1000', false],
  ['10000', null, true],
])('after a total of %s, one of %s has the old size: %s', (before, after, expected) => {
  expect(isOldSize({ total: before }, { total: after })).toBe(expected);
});
