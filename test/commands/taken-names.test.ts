import { describe, expect, test } from 'vitest';
import { matchMeters } from '../../src/commands/match-meter.ts';
import { meterNow } from '../support/read-store.ts';
import { credit } from '../messages/credits.ts';

/** Meters as a key feeds them, and beside them what somebody pasted under a label of their choice. */
const meter = (source: string, key: string, label = key) =>
  meterNow(credit(label, 1, 1_000, { key, source, id: `${source}/${key}` })).meter;
const FED = [meter('crm', 'leads', 'Leads'), meter('crm', 'seats', 'Seats'), meter('clay', 'clay', 'Clay'), meter('clay', 'rows', 'Rows')];
const found = (asked: string, ...pasted: readonly ReturnType<typeof meter>[]) =>
  matchMeters(asked, [...FED, ...pasted]).map(({ id }) => id);

describe('a label that somebody chose takes no name away', () => {
  test.each([
    ['of a source', 'crm', 'crm', ['crm/leads', 'crm/seats']],
    ['of a source, written another way', 'CRM', ' Crm ', ['crm/leads', 'crm/seats']],
    ['of a meter in full', 'crm/leads', 'crm/leads', ['crm/leads']],
    ['of a meter in full, written another way', 'CRM/Leads', 'crm/leads', ['crm/leads']],
  ])('%s', (_what, asked, label, meant) => {
    expect(found(asked, meter('zz', 'a', label))).toEqual(meant);
  });

  test('and what it names is found by its own full name', () => {
    expect(found('zz/a', meter('zz', 'a', 'crm'))).toEqual(['zz/a']);
  });

  test('a source of a look-alike name does not make a full name mean two', () => {
    expect(found('crm/leads', meter('CRM', 'leads', 'Leads'))).toEqual(['crm/leads']);
    expect(found('CRM/leads', meter('CRM', 'leads', 'Leads'))).toEqual(['CRM/leads']);
  });

  test('the meter of a source that is called like it is meant before the others of that source', () => {
    expect(found('clay')).toEqual(['clay/clay']);
  });
});
