import { describe, expect, test } from 'vitest';
import { pairingLink } from '../../../src/core/notifications/pairing-link.ts';
import { bookmarklet } from '../../../src/sources/pages/browser/bookmarklet.ts';
import { addTargets, decodeTargets, encodeTargets, httpsAddress, targetsOfLink } from '../../../src/sources/pages/browser/pairing.ts';
import { readTexts } from '../../../src/sources/pages/browser/texts.ts';

const KEY = `cwp_${'a'.repeat(32)}`;
const OTHER = `cwp_${'b'.repeat(32)}`;

describe('a pairing link', () => {
  test('is read as it was made, however its sources are written', () => {
    const pages = [
      { source: 'abmatic', page: 'https://app.example.com/usage' },
      { source: 'a & b = #ü', page: null },
      { source: 'crm', page: 'https://crm.example/' },
    ];
    const link = pairingLink('https://credits.example/at', { key: KEY, pages, time: { at: '08:00', zone: 'Europe/Berlin' } });
    expect(targetsOfLink(link)).toEqual(pages.map((one) => ({ ...one, key: KEY })));
  });

  test.each([
    ['', 'nothing'],
    ['https://credits.example/capture', 'no fragment'],
    [`#key=${KEY}`, 'no source'],
    ['#key=cwp_short&source=a', 'no key'],
    [`#key=${'x'.repeat(100_000)}&source=a`, 'a long key'],
    [`#key=${KEY}&source=`, 'an empty source'],
    [`#key=${KEY}&source=${'x'.repeat(201)}`, 'a long source'],
  ])('%j is none: %s', (link) => {
    expect(targetsOfLink(link)).toEqual([]);
  });

  test('has at most 50 sources, and pages only with https', () => {
    const many = `#key=${KEY}${'&source=a&page=javascript:alert(1)'.repeat(1_000)}`;
    expect(targetsOfLink(many)).toHaveLength(50);
    expect(targetsOfLink(many)[0]?.page).toBeNull();
  });
});

test('a new key of a source replaces the old one, and keys of other sources stay', () => {
  const one = { source: 'a', page: null, key: KEY };
  const two = { source: 'b', page: null, key: KEY };
  const again = { source: 'a', page: null, key: OTHER };
  expect(addTargets([one, two], [again])).toEqual([two, again]);
});

test('stored keys are read back, and whatever else is stored there is left out', () => {
  const targets = [{ source: 'a', page: 'https://a.example/usage', key: KEY }];
  expect(decodeTargets(encodeTargets(targets))).toEqual(targets);
  for (const text of [null, '', '{', '{}', '[null]', '[{"source":"a"}]', `[{"source":"a","page":null,"key":"x"}]`])
    expect(decodeTargets(text)).toEqual([]);
});

test('an address loses its query and fragment, which can hold a session, and is one of https', () => {
  expect(httpsAddress('https://app.example.com:8443/usage?token=x#y')).toBe('https://app.example.com:8443/usage');
  for (const text of ['http://app.example.com', 'javascript:alert(1)', 'usage', `https://a.example/${'x'.repeat(2_000)}`])
    expect(httpsAddress(text)).toBeNull();
});

test('the bookmark takes the visible text alone, and gives it to one origin alone', () => {
  const code = decodeURIComponent(bookmarklet('https://credits.example/at/capture', 'Allow "pop-ups"'));
  expect(code).toContain('const o="https://credits.example"');
  expect(code).toContain('open("https://credits.example/at/capture"+"#from="');
  expect(code).toContain('text:document.body.innerText');
  expect(code).not.toMatch(/cookie|storage|cwp_|innerHTML|"\*"|location\.(?:href|search|hash)/i);
});

test('a text gets its values, and a text that is missing is its name', () => {
  const say = readTexts(JSON.stringify({ more: '+{count} more' }));
  expect([say('more', { count: '3' }), say('copied')]).toEqual(['+3 more', 'copied']);
});
