import { expect, test } from 'vitest';
import { dateOfPlaceholder, fillPlaceholders, isDatePlaceholder, placeholdersIn } from '../../../src/core/meters/placeholder.ts';
import { renderRequest } from '../../../src/core/meters/render-request.ts';

const NOW = new Date('2026-11-30T23:30:15.250Z');

test.each([
  ['now', '2026-11-30T23:30:15Z'],
  ['now:unix', '1796081415'],
  ['now:ms', '1796081415250'],
  ['today', '2026-11-30T00:00:00Z'],
  ['today:date', '2026-11-30'],
  ['tomorrow:date', '2026-12-01'],
  ['today-30d:date', '2026-10-31'],
  ['now-36h', '2026-11-29T11:30:15Z'],
  ['monthStart', '2026-11-01T00:00:00Z'],
  ['monthStart:unix', '1793491200'],
  ['monthStart:yyyy-MM', '2026-11'],
  ['nextMonth', '2026-12-01T00:00:00Z'],
  ['periodStart:date', '2026-11-01'],
  ['periodEnd:date', '2026-12-01'],
])('%s at half past eleven in the evening of 30 November is %s', (name, expected) => {
  expect(isDatePlaceholder(name)).toBe(true);
  expect(dateOfPlaceholder(name, NOW, null)).toBe(expected);
});

test.each([
  ['the 15th', { every: 'month', day: 15 }, '2026-11-15', '2026-12-15'],
  ['a year from March', { every: 'year', month: 3 }, '2026-03-01', '2027-03-01'],
  ['a day', { every: 'day' }, '2026-11-30', '2026-12-01'],
  ['no periods: calendar months', { every: 'none' }, '2026-11-01', '2026-12-01'],
] as const)('the period of the source: %s', (_about, spec, start, end) => {
  expect([dateOfPlaceholder('periodStart:date', NOW, spec), dateOfPlaceholder('periodEnd:date', NOW, spec)]).toEqual([start, end]);
});

test.each(['team', 'now:', 'now:banana', 'nowhere', 'today-30', 'today-30d:', 'monthStart:yyyyy', ''])('%j is no date', (name) => {
  expect(isDatePlaceholder(name)).toBe(false);
  expect(dateOfPlaceholder(name, NOW, null)).toBeUndefined();
});

test('placeholders are found once each, with spaces inside, and other braces are not', () => {
  expect(placeholdersIn('a={{x}}&b={{ y }}&c={{x}}&d={z}&e=${W}&{"f":{"g":{}}}')).toEqual(['x', 'y']);
  expect(fillPlaceholders('{{x}}-{{ y }}-{{z}}', (name) => ({ x: '1', y: '2' })[name])).toBe('1-2-{{z}}');
});

test('each value is encoded for its place, an empty parameter is left out, and a number needs no quotes in JSON', () => {
  const valueOf = (name: string) => ({ team: 'a/b "c"&d', page: '', 'now:ms': '17' })[name];
  const of = (body: string | null, type = 'application/json') =>
    renderRequest(
      {
        method: 'POST',
        url: 'https://api.example/teams/{{team}}/usage?page={{page}}&team={{team}}&empty=',
        headers: { 'content-type': type, 'x-team': '{{team}}' },
        body,
      },
      valueOf,
    );
  const json = of('{"team":"{{team}}","since":"{{now:ms}}","open":"{{later}}"}');
  expect(json.url).toBe('https://api.example/teams/a%2Fb%20%22c%22%26d/usage?team=a%2Fb%20%22c%22%26d&empty=');
  expect(json.headers['x-team']).toBe('a/b "c"&d');
  expect(json.body).toBe('{"team":"a/b \\"c\\"&d","since":17,"open":"{{later}}"}');
  expect(of('team={{team}}', 'application/x-www-form-urlencoded').body).toBe('team=a%2Fb%20%22c%22%26d');
  expect(of('team={{team}}', 'text/plain').body).toBe('team=a/b "c"&d');
  expect(of(null).body).toBeNull();
});
