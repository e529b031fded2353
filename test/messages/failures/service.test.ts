import { expect, test } from 'vitest';
import {
  EMPTY_BACKUP,
  LOCAL_TOKEN_NEEDED,
  OTHER_VERSION,
  serviceAwayText,
  serviceRefusedText,
} from '../../../src/messages/failures/service.ts';

const url = 'http://127.0.0.1:3000';

test.each([
  [serviceRefusedText(url, 413, 'the body is too large'), `The service at ${url} answered 413: the body is too large.`],
  [serviceRefusedText(url, 500, null), `The service at ${url} answered 500: without a reason.`],
  [serviceAwayText(url, 'socket hang up'), `The service at ${url} did not answer: socket hang up.`],
  [
    serviceRefusedText(url, 401, LOCAL_TOKEN_NEEDED),
    `The service at ${url} answered 401: only the command line of the same data folder may use this.`,
  ],
  [
    serviceRefusedText(url, 400, OTHER_VERSION),
    `The service at ${url} answered 400: the request cannot be read; the command line and the service may have different versions.`,
  ],
  [EMPTY_BACKUP, 'The service sent an empty backup. Check its log.'],
])('%s', (shown, text) => {
  expect(shown).toBe(text);
});
