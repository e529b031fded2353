import { expect, test } from 'vitest';
import { expressionMistakeText, type ExpressionMistake } from '../../../src/messages/text/expression-mistake.ts';

test.each<[ExpressionMistake['problem'], string]>([
  [{ kind: 'nothing' }, 'found nothing'],
  [{ kind: 'null' }, 'is null'],
  [{ kind: 'ran-too-long' }, 'ran for too long'],
  [{ kind: 'failed' }, 'does not fit the answer'],
  [{ kind: 'no-time' }, 'found no time'],
  [{ kind: 'other-type', type: 'list' }, 'found a list, not a number'],
  [{ kind: 'other-type', type: 'long-text' }, 'found a very long text, not a number'],
  [{ kind: 'other-type', type: 'object' }, 'found a group of values, not a number'],
  [{ kind: 'not-a-number', value: 'many' }, 'found "many", which is not a number'],
  [{ kind: 'not-a-number', value: true }, 'found true, which is not a number'],
  [
    { kind: 'unclear-number', text: '1.614', problem: { code: 'ambiguous', less: '1.614', more: '1614' } },
    'found "1.614", which could be 1.614 or 1614: make the expression return a number',
  ],
  [{ kind: 'unclear-time', value: '2026-11-31', problem: { why: 'no-such-day' } }, 'found "2026-11-31", which is not in the calendar'],
])('the result of an expression cannot be used: %j', (problem, text) => {
  expect(expressionMistakeText({ meter: 'credits', field: 'used', expression: 'data.used', problem })).toBe(
    `used of credits: the expression data.used ${text}`,
  );
});

test('a constant has no expression to name, and a value that may be a key is not shown', () => {
  const problem = { kind: 'not-a-number', value: 'x'.repeat(500) } as const;
  const text = expressionMistakeText({ meter: 'credits', field: 'total', expression: null, problem });
  expect(text).toMatch(/^total of credits: the constant found a text of 500 characters, which is not a number$/);
  expect(text.length).toBeLessThan(130);
});
