import { expect, test } from 'vitest';
import { canonicalHeader } from '../../../src/sources/mail/canonical.ts';

test.each([
  ['SubJect \t:  a \t b  ', 'subject:a b'],
  ['Subject: a\r\n\t b', 'subject:a b'],
  ['Subject:', 'subject:'],
  // The last byte of "à" in UTF-8, which is a space in other character sets.
  ['Subject: Voil\u00C3\u00A0', 'subject:Voil\u00C3\u00A0'],
  ['Subject: \u00A0a\u000B', 'subject:\u00A0a\u000B'],
])('the signed form of %j', (raw, expected) => {
  expect(canonicalHeader(raw, 'relaxed')).toBe(expected);
});
