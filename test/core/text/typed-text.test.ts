import { expect, test } from 'vitest';
import { commandWordIn, typedText } from '../../../src/core/text/typed-text.ts';
import { leastCpuMs } from '../../support/cpu-time.ts';

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

test.each(['?', '"', ' ?', '" ', '?a'])('20,000 characters of %j take less than 50 ms of CPU time', async (piece) => {
  const text = piece.repeat(20_000 / piece.length);
  expect(await leastCpuMs(50, () => [typedText(text), typedText(`a${text}x`)])).toBeLessThan(50);
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
