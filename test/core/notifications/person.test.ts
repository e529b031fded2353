import { expect, test } from 'vitest';
import { namesPerson, withoutPerson } from '../../../src/core/notifications/names-person.ts';

const OLGA = { platform: 'slack', id: 'U0OLGA', places: ['a:chat-of-olga'] };

test.each<[string, unknown, unknown]>([
  ['whoever did something', { by: 'U0OLGA', at: '2026' }, { by: 'somebody', at: '2026' }],
  ['in a list, which says whom to tell', { mention: { critical: ['U0OLGA', 'U0IVAN'] } }, { mention: { critical: ['U0IVAN'] } }],
  ['a place that the person alone reads', [{ address: 'a:chat-of-olga' }], [{ address: 'somebody' }]],
  ['mentioned in a sentence', { said: '@U0OLGA is on it, @U0OLGA2 is not' }, { said: 'somebody is on it, @U0OLGA2 is not' }],
  ['deep below', { a: [{ b: { c: ['x', { acknowledgedBy: 'U0OLGA' }] } }] }, { a: [{ b: { c: ['x', { acknowledgedBy: 'somebody' }] } }] }],
])('%s is named, and not any more', (_where, value, without) => {
  expect([namesPerson(value, OLGA), withoutPerson(value, OLGA)]).toEqual([true, without]);
  expect(namesPerson(without, OLGA)).toBe(false);
});

test.each([null, 7, true, 'U0OLGAS', { key: 'u0olga' }, { said: 'U0OLGA2 and mail@U0OLGAS' }, ['U0IVAN']])(
  '%j names somebody else, or nobody, and stays',
  (value) => {
    expect([namesPerson(value, OLGA), withoutPerson(value, OLGA)]).toEqual([false, value]);
  },
);

test('a login name counts where it says who did something, and nowhere else', () => {
  const ada = { platform: 'terminal', id: 'ada', places: [] };
  const value = { by: 'ada', acknowledged_by: 'ada', meter: 'ada', unit: 'ada', labels: ['ada'] };
  expect(withoutPerson(value, ada)).toEqual({ ...value, by: 'somebody', acknowledged_by: 'somebody' });
});
