import { describe, expect, test } from 'vitest';
import { creditwatchAddress, hostPattern, pageAddress, sentAddress } from '../../extension/src/core/address.ts';
import { isPairingLink, parsePairingLink } from '../../extension/src/core/pairing.ts';

const KEY = `cwp_${'a'.repeat(32)}`;
const FIELDS = 'source=abmatic&page=https%3A%2F%2Fapp.example.com%2Fusage&source=hubspot&page=&at=07%3A30&zone=Europe%2FBerlin';
const parse = (link: string) => parsePairingLink(link, 'UTC');

test('a pairing link holds the address, the key, and each source with its page', () => {
  expect(parse(` https://credits.example.com/base/capture#key=${KEY}&${FIELDS} `)).toEqual({
    ok: true,
    value: {
      address: 'https://credits.example.com/base',
      key: KEY,
      sources: [
        { source: 'abmatic', page: 'https://app.example.com/usage' },
        { source: 'hubspot', page: null },
      ],
      at: '07:30',
      zone: 'Europe/Berlin',
    },
  });
});

test('without a time it is eight in the zone of the computer', () => {
  const pairing = parse(`http://127.0.0.1:3000/capture#key=${KEY}&source=a&page=`);
  expect(pairing).toMatchObject({ value: { address: 'http://127.0.0.1:3000', at: '08:00', zone: 'UTC' } });
});

test.each([
  ['', 'not-a-link'],
  ['https://credits.example.com/', 'not-a-link'],
  [`https://credits.example.com/other#key=${KEY}&${FIELDS}`, 'not-a-link'],
  [`http://credits.example.com/capture#key=${KEY}&${FIELDS}`, 'unsafe-address'],
  [`http://127.0.0.1.example.com/capture#key=${KEY}&${FIELDS}`, 'unsafe-address'],
  [`https://user:word@credits.example.com/capture#key=${KEY}&${FIELDS}`, 'unsafe-address'],
  [`https://credits.example.com/capture?to=x#key=${KEY}&${FIELDS}`, 'unsafe-address'],
  [`https://credits.example.com/capture#key=short&${FIELDS}`, 'bad-key'],
  [`https://credits.example.com/capture#key=${KEY}&key=${KEY}&${FIELDS}`, 'bad-key'],
  [`https://credits.example.com/capture#key=${KEY}`, 'bad-source'],
  [`https://credits.example.com/capture#key=${KEY}&source=a`, 'bad-source'],
  [`https://credits.example.com/capture#key=${KEY}&source=a&page=&source=a&page=`, 'bad-source'],
  [`https://credits.example.com/capture#key=${KEY}&source=a%2Fb&page=`, 'bad-source'],
  [`https://credits.example.com/capture#key=${KEY}&source=a%E2%80%AEb&page=`, 'bad-source'],
  [`https://credits.example.com/capture#key=${KEY}&source=a&page=javascript:alert(1)`, 'bad-page'],
  [`https://credits.example.com/capture#key=${KEY}&source=a&page=http%3A%2F%2Fapp.example.com`, 'bad-page'],
  [`https://credits.example.com/capture#key=${KEY}&source=a&page=&at=25%3A00`, 'bad-time'],
  [`https://credits.example.com/capture#key=${KEY}&source=a&page=&zone=Nowhere`, 'bad-time'],
])('refuses %s as %s', (link, problem) => {
  expect(parse(link)).toEqual({ ok: false, problem });
});

test('the page in the tab in front is only offered as a pairing link if it has a key in its fragment', () => {
  expect(isPairingLink(`https://credits.example.com/capture#key=${KEY}`)).toBe(true);
  for (const other of ['https://credits.example.com/capture', 'chrome://extensions/', 'about:blank'])
    expect(isPairingLink(other)).toBe(false);
});

describe('addresses', () => {
  test('a key goes to https, or to this computer', () => {
    expect(creditwatchAddress('https://credits.example.com//')).toBe('https://credits.example.com');
    expect(creditwatchAddress('http://localhost:3000/')).toBe('http://localhost:3000');
    for (const bad of ['http://10.0.0.1', 'ftp://credits.example.com', 'https://credits.example.com/?a', 'https://a/#b', 'credits'])
      expect(creditwatchAddress(bad)).toBeNull();
  });

  test('a usage page is https, and neither its query nor its fragment is sent', () => {
    const page = pageAddress('https://app.example.com:8443/usage?token=1#secret');
    expect(page).toBe('https://app.example.com:8443/usage?token=1#secret');
    expect(page && sentAddress(page)).toBe('https://app.example.com:8443/usage');
    expect(page && hostPattern(page)).toBe('https://app.example.com/*');
    expect(pageAddress('https://user@app.example.com/')).toBeNull();
    expect(pageAddress(`https://app.example.com/${'x'.repeat(2_000)}`)).toBeNull();
  });
});
