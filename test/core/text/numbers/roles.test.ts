import { expect, test } from 'vitest';
import { roleOf } from '../../../../src/core/text/numbers/roles.ts';

test.each([
  ['credits used', 'used'],
  ['left', 'remaining'],
  ['contacts remaining', 'remaining'],
  ['unused', 'remaining'],
  ['available', 'remaining'],
  ['not used', 'remaining'],
  ['not yet used', 'remaining'],
  ['free', 'remaining'],
  ['Credits verbraucht', 'used'],
  ['verbleibend', 'remaining'],
  ['übrig', 'remaining'],
  ['verfügbar', 'remaining'],
  ['noch nicht verbraucht', 'remaining'],
  ['frei', 'remaining'],
  ['crédits utilisés', 'used'],
  ['restants', 'remaining'],
  ['restant', 'remaining'],
  ['disponibles', 'remaining'],
  ['non utilisés', 'remaining'],
  ['créditos usados', 'used'],
  ['restantes', 'remaining'],
  ['sin usar', 'remaining'],
  ['no utilizados', 'remaining'],
  ['available credits used', 'used'],
  ['credits', null],
  ['', null],
])('"%s" says %s', (text, role) => {
  expect(roleOf(text.split(' '))).toMatchObject({ role, contradicts: false });
});

test.each([
  ['REST API calls', null, false],
  ['Rest API calls', null, false],
  ['REST CALLS', null, false],
  ['GraphQL and REST', null, false],
  ['Free contacts', null, true],
  ['Left clicks', null, true],
  ['Rest credits', null, true],
  ['Rest', 'remaining', false],
  ['Rest :', 'remaining', false],
  ['Rest der Credits', 'remaining', false],
  ['Credits left', 'remaining', false],
  ['Credits left :', 'remaining', false],
  ['Credits left.', 'remaining', false],
  ['Remaining credits', 'remaining', false],
  ['Free credits used', 'used', false],
  ['Free', 'remaining', true],
])('the name "%s" says %s', (text, role, perhaps) => {
  expect(roleOf(text.split(' '), 'name')).toEqual({ role, perhaps, contradicts: false, doubts: false });
});

test('"used" and "left" together contradict each other', () => {
  expect(roleOf(['used', 'left'])).toMatchObject({ role: null, contradicts: true });
});

test.each([
  // Under a negation nothing was used.
  ['have not been used', 'remaining'],
  ["haven't been used", 'remaining'],
  ['haven’t been used yet', 'remaining'],
  ['were never used', 'remaining'],
  ['not used yet', 'remaining'],
  ['not yet been used', 'remaining'],
  ['wurden noch nicht verwendet', 'remaining'],
  ['nie genutzt', 'remaining'],
  ["n'ont pas encore été utilisés", 'remaining'],
  ['pas encore utilisés', 'remaining'],
  ['jamais utilisés', 'remaining'],
  ['todavía no usados', 'remaining'],
  ['aún no se han usado', 'remaining'],
  ['nunca utilizados', 'remaining'],
  ['non ancora usati', 'remaining'],
  ['non sono mai stati usati', 'remaining'],
  ['mai utilizzati', 'remaining'],
  ['ainda não usados', 'remaining'],
  ['não foram utilizados', 'remaining'],
  ['nog niet gebruikt', 'remaining'],
  ['nooit gebruikt', 'remaining'],
  // To come, and still there.
  ['yet to be used', 'remaining'],
  ['can still be used', 'remaining'],
  ['you can still use', 'remaining'],
  ['still unused', 'remaining'],
  ['kann noch verwendet werden', 'remaining'],
  ['die noch verwendet werden können', 'remaining'],
  ['noch zu verwenden', 'remaining'],
  ['peuvent encore être utilisés', 'remaining'],
  ['à utiliser', 'remaining'],
  ['pueden usarse todavía', 'doubt'],
  ['aún pueden ser usados', 'remaining'],
  ['por usar', 'remaining'],
  ['possono ancora essere usati', 'remaining'],
  ['ainda podem ser usados', 'remaining'],
  ['kunnen nog gebruikt worden', 'remaining'],
  // Neither used nor surely left.
  ['can be used', 'doubt'],
  ['may be used', 'doubt'],
  ['to be used', 'doubt'],
  ['will be used', 'doubt'],
  ['expected to be used', 'doubt'],
  ['still used', 'doubt'],
  ['aún', 'doubt'],
  ['still', 'doubt'],
  ['cannot be used', 'doubt'],
  ["can't be used", 'doubt'],
  ['kann nicht mehr verwendet werden', 'doubt'],
  ['können verwendet werden', 'doubt'],
  ['peuvent être utilisés', 'doubt'],
  ['pueden ser usados', 'doubt'],
  ['possono essere usati', 'doubt'],
  ['podem ser usados', 'doubt'],
  ['kunnen gebruikt worden', 'doubt'],
  ['no credits used', 'doubt'],
  ['not available', 'doubt'],
  ['nicht mehr verfügbar', 'doubt'],
  ['not left', 'doubt'],
  ['hardly used', 'doubt'],
  ['if used', 'doubt'],
  ['never not used', 'doubt'],
  ['not expired', 'doubt'],
  ['used not', 'doubt'],
  // Another sentence takes nothing back.
  ['credits used . You can buy more', 'used'],
  ['left , can be used until May', 'remaining'],
  ['credits used this month', 'used'],
  ['used in May', 'used'],
  ['have been used', 'used'],
  ['wurden verwendet', 'used'],
  ['ont été utilisés en mai', 'used'],
  ['se han usado', 'used'],
  ['sono stati usati', 'used'],
  ['foram usados', 'used'],
  ['zijn gebruikt', 'used'],
  ['seats in use', null],
])('"%s" says %s', (text, expected) => {
  const { role, doubts, contradicts } = roleOf(text.split(' '));
  expect(doubts ? 'doubt' : role).toBe(expected);
  expect(contradicts).toBe(false);
});

const NEGATED = ['not', 'never', "haven't been", 'nicht', 'noch nie', 'pas', 'non', 'no', 'não', 'niet'];
const MODAL = ['can be', 'could be', 'may be', 'will be', 'kann', 'peut être', 'puede ser', 'può essere', 'pode ser', 'kan'];
const VERBS = ['used', 'consumed', 'spent', 'verwendet', 'verbraucht', 'utilisés', 'usados', 'usati', 'gebruikt'];
test('no verb under a negation or a modal says that anything was used', () => {
  for (const before of [...NEGATED, ...MODAL])
    for (const verb of VERBS) {
      const { role, doubts } = roleOf(['credits', ...before.split(' '), verb]);
      expect([before, verb, role === 'used' && !doubts]).toEqual([before, verb, false]);
    }
});
