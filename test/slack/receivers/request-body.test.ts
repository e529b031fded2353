import { describe, expect, it } from 'vitest';
import { isSslCheck } from '../../../src/slack/receivers/request-body.ts';

const FORM = 'application/x-www-form-urlencoded';

describe('the body of a request', () => {
  it.each([
    [FORM, 'ssl_check=1&token=x', true],
    [FORM, 'ssl_check=0', false],
    [FORM, 'text=ssl_check%3D1', false],
    ['application/json', 'ssl_check=1', false],
  ])('%s %s is a check of the certificate: %s', (contentType, body, is) => {
    expect(isSslCheck(contentType, Buffer.from(body))).toBe(is);
  });
});
