import { expect, test } from 'vitest';
import { undressed } from '../../src/core/typed.ts';

test.each([
  ['apollo', 'apollo'],
  ['“Apollo Contacts” 50k', 'Apollo Contacts 50k'],
  ['check "Apollo Contacts" 50k?', 'check Apollo Contacts 50k'],
  ["check 'campaigns' 1'500'000", "check campaigns 1'500'000"],
  ['`apollo`', 'apollo'],
  ['„Apollo Contacts“', 'Apollo Contacts'],
  ['« Apollo »', 'Apollo'],
  ['‘apollo’ ?', 'apollo'],
  ['apollo\u200B \u2060contacts\uFEFF', 'apollo contacts'],
  ['does it fit??', 'does it fit'],
  ['?', '?'],
  ['', ''],
  ['"', ''],
])('%j is %j', (typed, plain) => {
  expect(undressed(typed)).toBe(plain);
});

test.each(['?', '"', ' ?', '" ', '?a'])('20,000 characters of %j are read in no time', (piece) => {
  const before = process.cpuUsage();
  undressed(piece.repeat(20_000 / piece.length));
  undressed(`a${piece.repeat(20_000 / piece.length)}x`);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(50);
});
