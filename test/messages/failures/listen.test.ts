import { expect, test } from 'vitest';
import { listenFailureText } from '../../../src/messages/failures/listen.ts';

const at = { host: '127.0.0.1', port: 80, setting: 'PORT' };

test.each([
  [
    { kind: 'port-in-use', code: 'EADDRINUSE', ...at } as const,
    'Port 80 on 127.0.0.1 is in use. Stop the process that uses it, or set PORT to a free one.',
  ],
  [{ kind: 'not-allowed', code: 'EACCES', ...at } as const, 'This user may not listen on port 80. Set PORT to one above 1023.'],
  [
    { kind: 'bad-host', code: 'EADDRNOTAVAIL', ...at, host: '203.0.113.1' } as const,
    '203.0.113.1 is not an address of this machine (EADDRNOTAVAIL). Set HOST to one, or to 0.0.0.0 for all.',
  ],
])('%j is worded with the next step', (failure, text) => {
  expect(listenFailureText(failure)).toBe(text);
});
