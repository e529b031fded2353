import { expect, test } from 'vitest';
import { EMPTY_BACKUP, serviceAwayText, serviceRefusedText } from '../../../src/messages/failures/service.ts';

const url = 'http://127.0.0.1:3000';

test.each([
  [serviceRefusedText(url, 413, 'the body is too large'), `The service at ${url} answered 413: the body is too large.`],
  [serviceRefusedText(url, 500, null), `The service at ${url} answered 500: without a reason.`],
  [serviceAwayText(url, 'socket hang up'), `The service at ${url} did not answer: socket hang up.`],
  [EMPTY_BACKUP, 'The service sent an empty backup. Check its log.'],
])('%s', (shown, text) => {
  expect(shown).toBe(text);
});
