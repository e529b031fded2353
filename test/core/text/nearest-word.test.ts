import { expect, test } from 'vitest';
import { nearestWord } from '../../../src/core/text/nearest-word.ts';

test.each([
  ['abm', ['ABM'], 'ABM'],
  ['ABMATC', ['Abmatic'], 'Abmatic'],
  ['hubpsot', ['HubSpot'], 'HubSpot'],
  ['chek', ['check', 'export'], 'check'],
  ['xyz', ['ABM'], null],
  ['ab', ['abm'], null],
])('%s among %j is near %s', (typed, words, nearest) => {
  expect(nearestWord(typed, words)).toBe(nearest);
});
