import { expect, test } from 'vitest';
import { createRedactor } from '../../src/app/redact.ts';

const redactor = createRedactor(['acme-corp', 'acme-corp-sk-123456', 'abc/def=="', 'team 42']);

test.each([
  ['as it is', 'the key acme-corp-sk-123456 is unknown', 'the key [secret] is unknown'],
  ['also where another is the beginning of it', '{"team":"acme-corp","key":"acme-corp-sk-123456"}', '{"team":"[secret]","key":"[secret]"}'],
  ['as JSON writes it', JSON.stringify({ key: 'abc/def=="' }), '{"key":"[secret]"}'],
  ['as PHP writes JSON', '{"key":"abc\\/def==\\""}', '{"key":"[secret]"}'],
  ['as a URL writes it', '/credits?key=abc%2Fdef%3D%3D%22&a=1', '/credits?key=[secret]&a=1'],
  ['with what looks like a credential', 'Bearer sk-abcdef xoxb-123456-abc', 'Bearer [secret] [secret]'],
])('a secret is redacted %s', (_how, text, expected) => {
  expect(redactor.redact(text)).toBe(expected);
});

test('short values are words or figures and are kept', () => {
  expect(redactor.redact('team 42 used 42')).toBe('team 42 used 42');
});
