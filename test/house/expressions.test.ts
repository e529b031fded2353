import { expect, test } from 'vitest';
import { faultOf, literalsIn } from '../../scripts/check-expressions.mjs';

test.each([
  ['nested repeats', String.raw`const a = /^(\w+\s?)+$/;`],
  ['two that meet', String.raw`const a = /^\d+(?:\.\d+)?\s*\/?\s*\d+$/;`],
  ['one that may begin anywhere', String.raw`const a = / +$/;`],
  ['one that begins anew at each of what it repeats', String.raw`const a = /;id=.*$/;`],
  ['one behind a look ahead', String.raw`const a = /^(?=(a+)+$)b/;`],
])('the check finds %s', (_what, text) => {
  const [one] = literalsIn(text);
  expect(one).toBeDefined();
  expect(one && faultOf(one)).toMatch(/polynomial|exponential/);
});

test.each([String.raw`const a = /^[\w-]{1,80}$/;`, String.raw`const a = /\d{3}(?=,)/g;`, 'const a = /a|b|c/;', 'const half = 4 / 2 / 1;'])(
  'the check allows %s',
  (text) => {
    for (const one of literalsIn(text)) expect(faultOf(one)).toBeNull();
  },
);
