import { expect, test } from 'vitest';
import { commandWordIn, typedText } from '../../../src/core/text/typed-text.ts';

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
  expect(typedText(typed)).toBe(plain);
});

test.each(['?', '"', ' ?', '" ', '?a'])('20,000 characters of %j are read in no time', (piece) => {
  const before = process.cpuUsage();
  typedText(piece.repeat(20_000 / piece.length));
  typedText(`a${piece.repeat(20_000 / piece.length)}x`);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(50);
});

test.each<[string, string]>([
  ...['help', 'HELP', 'help!', 'Help?!', 'help.', '--help', '--Help!', '-h', '-H', '-help', '?', '???', '!', '/?', '-?'].map(
    (typed): [string, string] => [typed, 'help'],
  ),
  ['alerts!', 'alerts'],
  ['Alerts.', 'alerts'],
  ['apollo', 'apollo'],
  ['-hello', '-hello'],
  ['', ''],
])('%j is the command %j', (typed, word) => {
  expect(commandWordIn(typed)).toBe(word);
});
