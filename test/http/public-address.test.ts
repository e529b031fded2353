import { expect, test } from 'vitest';
import { serviceAddress } from '../../src/http/public-address.ts';

test.each([
  ['https://credits.example.com', '0.0.0.0', 'https://credits.example.com'],
  [null, '127.0.0.1', 'http://127.0.0.1:3000'],
  [null, 'localhost', 'http://localhost:3000'],
  [null, '0.0.0.0', 'http://127.0.0.1:3000'],
  [null, '::', 'http://127.0.0.1:3000'],
  [null, '10.0.0.5', 'http://10.0.0.5:3000'],
  [null, '::1', 'http://[::1]:3000'],
])('with PUBLIC_URL %s and HOST %s, browsers reach %s', (publicUrl, host, address) => {
  expect(serviceAddress({ publicUrl, host }, 3000)).toBe(address);
});
