import { expect, test } from 'vitest';
import { pageProblemText, type PageProblem } from '../../../src/messages/replies/pages.ts';

const PROBLEMS: readonly PageProblem[] = [
  { kind: 'no-key' },
  { kind: 'not-a-page' },
  { kind: 'other-layout', vendor: 'Clay', known: ['Credits'] },
  { kind: 'fewer-meters', missing: ['Leads'] },
  { kind: 'too-many-meters', most: 50 },
];

test.each(PROBLEMS)('$kind names the command for a terminal beside the one for a chat', (problem) => {
  expect(pageProblemText(problem)).toMatch(/\/usage (\w+).*npx creditwatch \1/);
});

test('a page with fewer or too many meters is answered with counts alone', () => {
  expect(pageProblemText({ kind: 'fewer-meters', missing: ['Leads', 'Seats'] })).toBe(
    'the page lacks 2 meters that it had the last time. Nothing was stored. To see which, compare it with /usage in Slack or Teams, or npx creditwatch usage. If the vendor no longer shows them, open the page and paste it once: /usage import in Slack or Teams, or npx creditwatch import',
  );
  expect(pageProblemText({ kind: 'fewer-meters', missing: ['Leads'] })).toContain(
    'lacks a meter that it had the last time. Nothing was stored. To see which,',
  );
  expect(pageProblemText({ kind: 'too-many-meters', most: 50 })).toBe(
    'a source gets at most 50 meters by captured pages, and this page would add more. Nothing was stored. If all of them are right, open the page and paste it once: /usage import in Slack or Teams, or npx creditwatch import',
  );
});
