import { describe, expect, test } from 'vitest';
import { orderOf, parseInstant } from '../../../src/core/time/parse-date.ts';
import { leastCpuMs } from '../../support/cpu-time.ts';

function read(text: string, beside: readonly string[] = []) {
  const instant = parseInstant(text, orderOf([text, ...beside]));
  return instant.ok ? instant.value : instant.error;
}

describe('a moment', () => {
  test('that is a day and its hour, or seconds since 1970, is refused with both', () => {
    expect(read('2026112308')).toEqual({ why: 'two-days', days: ['2026-11-23', '2034-03-16'] });
  });

  test.each([
    ['978307200', '2001-01-01T00:00:00Z'],
    ['4102444799', '2099-12-31T23:59:59Z'],
    ['978307200000', '2001-01-01T00:00:00Z'],
    ['4102444799000', '2099-12-31T23:59:59Z'],
  ])('counted as %s is %s', (text, at) => {
    expect(read(text)).toMatchObject({ at: new Date(at) });
  });

  test.each([
    '2026-11-23T08:00:00Z',
    '2026-11-23T08:00:00+00:00',
    '2026-11-23T08:00:00+0000',
    '2026-11-23T08:00:00+00',
    '2026-11-23T08:00:00.000000Z',
    '2026-11-23T08:00:00,000Z',
    '2026-11-23 08:00:00 UTC',
    '2026-11-23 08:00 UTC',
    '2026-11-23 08:00:00 +0000 UTC'.replace(' UTC', ''),
    '2026-11-23T10:00:00+0200',
    '2026-11-23T10:00:00+02',
    '2026-11-23T03:00:00-05:00',
    '20261123T080000Z',
    'Mon, 23 Nov 2026 08:00:00 +0000',
    'Mon, 23 Nov 2026 08:00:00 GMT',
    '23 Nov 2026 03:00:00 EST',
    'Mon, 23 Nov 2026 10:00:00 +0200 (CEST)',
    'Mon Nov 23 2026 09:00:00 GMT+0100 (Central European Standard Time)',
    'Nov 23, 2026, 8:00 AM UTC',
    '2026-11-23T08:00:00z',
    '2026-11-23t08:00:00z',
    '2026-11-23t08:00:00Z',
    '2026-11-23t10:00:00.000+02:00',
    '20261123t080000z',
    '1795420800',
    '1795420800000',
    '1795420800.000',
  ])('%s is eight in the morning, UTC', (text) => {
    expect(read(text)).toEqual({ at: new Date('2026-11-23T08:00:00Z'), dateOnly: false, zoneless: false });
  });

  test.each([
    '2026-11-23T08:00:00',
    '2026-11-23 08:00',
    '23.11.2026 08:00',
    '23.11.26 08:00:00',
    '11/23/2026 8:00 AM',
    '11/23/2026 08:00',
    '23/11/2026 08:00:00',
    '202611230800',
    '20261123080000',
    '23-11-2026 8:00',
    '2026/11/23 08:00',
    '23-Nov-26 08:00',
    '23. November 2026 08:00',
    'November 23, 2026 8:00 am',
  ])('%s has no zone, and is taken for UTC', (text) => {
    expect(read(text)).toEqual({ at: new Date('2026-11-23T08:00:00Z'), dateOnly: false, zoneless: true });
  });

  test.each([
    '2026-11-23',
    '23.11.2026',
    '11/23/2026',
    '23-Nov-2026',
    'Nov 23, 2026',
    '23 novembre 2026',
    '23 de noviembre de 2026',
    '2026-11-23 UTC',
    '20261123',
  ])('%s is a day alone', (text) => {
    expect(read(text)).toEqual({ at: new Date('2026-11-23T00:00:00Z'), dateOnly: true, zoneless: false });
  });

  test.each([
    ['1 März 2026', '2026-03-01'],
    ['15 Dez. 2026', '2026-12-15'],
    ['3 août 2026', '2026-08-03'],
    ['1er mai 2026', '2026-05-01'],
    ['05/05/2026', '2026-05-05'],
    ['03.04.2026', '2026-04-03'],
  ])('%s is %s', (text, day) => {
    expect(read(text)).toMatchObject({ at: new Date(`${day}T00:00:00Z`) });
  });

  test.each([
    '',
    'yesterday',
    '2026-11-23T25:00:00Z',
    '2026-11-23T08:61:00Z',
    '2026-11-23 13:00 PM',
    '2026-11-23T08:00:00 CET',
    '2026-11-23T08:00:00+99',
    '2026-11',
    '46349',
    '20261323',
    '202602300800',
    '202611232500',
    '978307199',
    '4102444800',
    '978307199999',
    '4102444800000',
    '99999999999999',
    '23 Foo 2026',
    '2026-11-23T8',
    `2026-11-23 08:00:00${' '.repeat(100)}Z`,
  ])('%s is none', (text) => {
    expect(read(text)).toEqual({ why: 'no-time' });
  });

  test.each(['2026-13-01', '2026-02-30', '31/31/2026', '30.02.2026', '31 Apr 2026', '0000-01-01'])('%s is no day', (text) => {
    expect(read(text)).toEqual({ why: 'no-such-day' });
  });

  test('that could be of two days is refused with both, unless what stands beside it settles the order', () => {
    expect(read('03/04/2026')).toEqual({ why: 'two-days', days: ['2026-04-03', '2026-03-04'] });
    expect(read('03/04/26 08:00')).toEqual({ why: 'two-days', days: ['2003-04-26', '2026-04-03', '2026-03-04'] });
    expect(read('03/04/2026', ['13/04/2026'])).toMatchObject({ at: new Date('2026-04-03T00:00:00Z') });
    expect(read('03/04/2026', ['04/13/2026'])).toMatchObject({ at: new Date('2026-03-04T00:00:00Z') });
    expect(read('03/04/2026', ['2026-12-13', '13.12.2026'])).toMatchObject({ why: 'two-days' });
    expect(read('03/04/2026', ['13/04/2026', '04/13/2026'])).toMatchObject({ why: 'two-days' });
  });
});

test.each(['1', '1/', '2026-11-23 ', 'Nov ', '(', '+0', ' '])('20,000 characters of %j take less than 50 ms of CPU time', async (piece) => {
  const text = piece.repeat(20_000 / piece.length);
  const read = () => [parseInstant(text), parseInstant(`2026-11-23 08:00${piece.repeat(20)}`)];
  expect(await leastCpuMs(50, read)).toBeLessThan(50);
});
