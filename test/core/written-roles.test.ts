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

test('"used" and "left" together contradict each other', () => {
  expect(roleOf(['used', 'left'])).toMatchObject({ role: null, contradicts: true });
});
