import { expect, test } from 'vitest';
import { withKnownKeys } from '../../../src/core/vendors/known-meters.ts';

const meter = (key: string, label: string, ...aliases: readonly string[]) => ({ key, label, aliases });
const METERS = [meter('lead_credits', 'Leads', 'Contact credits'), meter('seats', 'Seats')];
const keysOf = (readings: readonly object[], meters = METERS, source = 'crm') =>
  withKnownKeys(source, readings, meters).map((one) => (typeof one === 'object' && one !== null && 'meter' in one ? one.meter : one));

test.each([
  ['the label', { meter: 'leads', label: 'Leads', used: 1 }, 'lead_credits'],
  ['the label in another spelling', { meter: 'LEADS', used: 1 }, 'lead_credits'],
  ['an alias', { meter: 'contact_credits', label: 'Contact credits', used: 1 }, 'lead_credits'],
  ['the key', { meter: 'lead_credits', label: 'Anything', used: 1 }, 'lead_credits'],
  ['the key, written otherwise', { meter: 'Lead credits', used: 1 }, 'lead_credits'],
  ['none', { meter: 'calls', label: 'Calls', used: 1 }, 'calls'],
])('a reading with %s of a meter is of that meter', (_what, reading, key) => {
  expect(withKnownKeys('crm', [reading], METERS)).toEqual([{ ...reading, meter: key }]);
});

test('a name that several meters have, or that two names of the readings mean, changes nothing', () => {
  expect(keysOf([{ meter: 'credits' }], [meter('a', 'Credits'), meter('b', 'Credits')])).toEqual(['credits']);
  expect(keysOf([{ meter: 'leads' }, { meter: 'contact_credits' }])).toEqual(['leads', 'contact_credits']);
  expect(keysOf([{ meter: 'leads' }, { meter: 'lead_credits' }])).toEqual(['leads', 'lead_credits']);
});

test('a meter whose name says what its figures are is meant by the bare name, unless a meter has this name', () => {
  const remaining = meter('email_credits_remaining', 'Email credits remaining');
  expect(keysOf([{ meter: 'email_credits', label: 'Email credits' }], [remaining])).toEqual(['email_credits_remaining']);
  expect(keysOf([{ meter: 'email_credits', label: 'Email credits' }], [remaining, meter('mail', 'Email credits')])).toEqual(['mail']);
});

test('each reading of one meter gets its key, and what is no reading is left for the check', () => {
  expect(keysOf([{ meter: 'leads', used: 1 }, { meter: 'leads', used: 2 }, { used: 3 }])).toEqual([
    'lead_credits',
    'lead_credits',
    { used: 3 },
  ]);
});

test('the name that the recipe of a vendor knows counts as a name of its meter', () => {
  expect(keysOf([{ meter: 'clay_credits', used: 1 }], [meter('my_credits', 'Clay Credits')], 'clay')).toEqual(['my_credits']);
});
