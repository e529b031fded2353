import { expect, test } from 'vitest';
import { METRICS_NEED_TOKEN, SEND_METRICS_TOKEN } from '../../../src/messages/replies/http.ts';

test.each([
  [
    METRICS_NEED_TOKEN,
    'the metrics contain figures: set METRICS_TOKEN and send it as a bearer token, or set METRICS_PORT and read them on this machine',
  ],
  [SEND_METRICS_TOKEN, 'send METRICS_TOKEN as a bearer token'],
])('%s', (shown, text) => {
  expect(shown).toBe(text);
});
