import { describe, expect, test } from 'vitest';
import { emptinessOf } from '../../../src/sources/http/answer-failure.ts';
import { failedBecause } from '../../../src/sources/http/failure.ts';

describe('an answer', () => {
  test.each([
    ['', 'body'],
    [' \n', 'body'],
    ['null', 'answer'],
    ['{}', 'answer'],
    ['[]', { list: null }],
    ['{"usage":[],"next":null}', { list: 'usage' }],
  ])('%j is empty', (text, what) => {
    expect(emptinessOf(text)).toEqual({ kind: 'empty', what });
  });

  test.each([
    '{"used":0}',
    '[0]',
    '0',
    '""',
    '{"usage":[],"plan":{"total":5}}',
    '{"us age":[]}',
    'not JSON',
    `{"list":[],"text":"${'x'.repeat(70_000)}"}`,
  ])('%.40j is not', (text) => {
    expect(emptinessOf(text)).toBeNull();
  });
});

const about = { source: 'acme', definition: { keyVariables: [], url: 'https://acme.example/usage' } };

test.each([
  [404, 'unreadable'],
  [410, 'unreadable'],
  [401, 'refused'],
  [403, 'refused'],
  [400, 'unknown'],
  [503, 'unknown'],
] as const)('a status of %i counts as an answer that is %s', (status, kind) => {
  const failure = { kind: 'status', status, inaccessible: false, retryAfterMs: null } as const;
  expect(failedBecause(failure, about).shape.kind).toBe(kind);
});
