import { expect, test } from 'vitest';
import { roleOf } from '../../src/core/written/roles.ts';

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
  expect(roleOf(text.split(' '), 'name')).toEqual({ role, perhaps, contradicts: false });
});

test('"used" and "left" together contradict each other', () => {
  expect(roleOf(['used', 'left'])).toMatchObject({ role: null, contradicts: true });
});
