import { describe, expect, it } from 'vitest';
import { isSslCheck, parseBody } from '../../../src/slack/receivers/request-body.ts';

const FORM = 'application/x-www-form-urlencoded';

describe('the body of a request', () => {
  it.each([
    ['a command is a form', FORM, 'command=%2Fusage&text=a+b%20c&text2=', { command: '/usage', text: 'a b c', text2: '' }],
    ['a form may name its characters', `${FORM}; charset=UTF-8`, 'text=%C3%A9', { text: 'é' }],
    ['a click is a form with JSON in it', FORM, 'payload=%7B%22type%22%3A%22block_actions%22%7D', { type: 'block_actions' }],
    ['an event is JSON', 'application/json', '{"type":"event_callback"}', { type: 'event_callback' }],
    ['what names no type is taken for JSON', undefined, '{"type":"event_callback"}', { type: 'event_callback' }],
  ])('%s', (_what, contentType, body, parsed) => {
    expect(parseBody(contentType, Buffer.from(body))).toEqual(parsed);
  });

  it.each([['[]'], ['"text"'], ['1'], ['null'], ['{'], [''], ['\uFEFF{}']])('that is %s as JSON is none that Slack sends', (body) => {
    expect(parseBody('application/json', Buffer.from(body))).toBeNull();
  });

  it('with a field named __proto__ changes nothing but itself', () => {
    const parsed = parseBody(FORM, Buffer.from('__proto__=evil&a=b'));
    expect(parsed).toMatchObject({ a: 'b' });
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('evil' in {}).toBe(false);
  });

  it.each([
    [FORM, 'ssl_check=1&token=x', true],
    [FORM, 'ssl_check=0', false],
    [FORM, 'text=ssl_check%3D1', false],
    ['application/json', 'ssl_check=1', false],
  ])('%s %s is a check of the certificate: %s', (contentType, body, is) => {
    expect(isSslCheck(contentType, Buffer.from(body))).toBe(is);
  });
});
