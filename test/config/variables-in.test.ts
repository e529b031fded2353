import { expect, test } from 'vitest';
import { variablesIn } from '../../src/config/yaml.ts';

test.each([
  ['in a value', 'a: "x ${ACME_KEY}"'],
  ['in a comment', '# a: ${ACME_KEY}\nb: 1'],
  ['written with escapes', String.raw`a: "\u0024{ACME_KEY}"`],
  ['in a file that is not YAML', 'a: [\nb: ${ACME_KEY}'],
])('a variable is found %s', (_where, text) => {
  expect([...variablesIn(text)]).toEqual(['ACME_KEY']);
});
