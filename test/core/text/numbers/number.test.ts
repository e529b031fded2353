import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidenceOf, isUnclearMagnitude, shownBy } from '../../../../src/core/text/numbers/evidence.ts';
import { settleFigures } from '../../../../src/core/text/numbers/figures.ts';
import { readNumber, settle, type WrittenNumber } from '../../../../src/core/text/numbers/number.ts';
import { leastCpuMs } from '../../../support/cpu-time.ts';

function read(text: string): WrittenNumber {
  const number = readNumber(text);
  if (number === null) throw new Error(`${text} is no number`);
  return number;
}

/** What a text is beside others, where a comma groups unless they show something else. */
function alone(text: string, ...beside: readonly string[]): string {
  const number = read(text);
  const settled = settle(number, shownBy([text, ...beside].map(read)), ',');
  if (settled.ok) return settled.value;
  return settled.error.code === 'ambiguous' ? `${settled.error.less} or ${settled.error.more}` : settled.error.code;
}

describe('a number that can be read in one way', () => {
  test.each([
    ['1614', '1614'],
    ['1,614', '1614'],
    ['1 614', '1614'],
    ['1\u00A0614', '1614'],
    ['1\u202F614', '1614'],
    ['1\u2009614', '1614'],
    ["1'614", '1614'],
    ['1’614', '1614'],
    ["1'614.50", '1614.50'],
    ['1 614,50', '1614.50'],
    ['1_000_000', '1000000'],
    ['12,34,567', '1234567'],
    ['1,00,00,000', '10000000'],
    ['12,345,678', '12345678'],
    ['12.345.678', '12345678'],
    ['1.614,50', '1614.50'],
    ['1,614.50', '1614.50'],
    ['25,75', '25.75'],
    ['25.75', '25.75'],
    ['0,614', '0.614'],
    ['0.614', '0.614'],
    ['1614.500', '1614.500'],
    ['1.2M', '1200000'],
    ['1,2 Mio', '1200000'],
    ['1,2 Mio.', '1200000'],
    ['3 Mrd', '3000000000'],
    ['1.5bn', '1500000000'],
    ['50k', '50000'],
    ['50K', '50000'],
    ['2 million', '2000000'],
    ['3 lakh', '300000'],
    ['-35', '-35'],
    ['−1,614', '-1614'],
    ['.5M', '500000'],
    ['1.2345M', '1234500'],
  ])('%s is %s', (text, decimal) => {
    expect(alone(text)).toBe(decimal);
  });

  test.each([
    ['€68.67', '68.67', 'EUR', 2],
    ['68,67 €', '68.67', 'EUR', 2],
    ['$1,614.50', '1614.50', 'USD', 2],
    ['-$35', '-35', 'USD', 2],
    ['$-35', '-35', 'USD', 2],
    ['£5', '5', 'GBP', 2],
    ['CHF 1’614.50', '1614.50', 'CHF', 2],
    ['25.75 USD', '25.75', 'USD', 2],
    ['EUR 1.2M', '1200000', 'EUR', 2],
    ['1,2 Mio. €', '1200000', 'EUR', 2],
    ['¥5,000', '5000', 'JPY', 0],
  ])('%s is %s %s', (text, decimal, code, decimals) => {
    expect(alone(text)).toBe(decimal);
    expect(read(text).currency).toEqual({ code, decimals });
  });

  test.each([
    '',
    'many',
    '1,614,5',
    '1.614.5',
    '12,3456,789',
    '0,123,456',
    '1,614.500,00',
    '1 614 50',
    "1'61",
    '50%',
    '1e6',
    '0x10',
    '2026-12-01',
    '5 GB',
    '1.5 Billion,',
    '1/2',
    '--5',
    '$5 EUR',
    '5 credits',
    '1'.repeat(61),
    '01,614',
    '1614,00,00',
  ])('%s is none', (text) => {
    expect(readNumber(text)).toBeNull();
  });
});

describe('a number that could be two', () => {
  test('is settled by what is shown beside it', () => {
    expect(alone('1,614', '25,75')).toBe('1.614');
    expect(alone('1,614', '25.75')).toBe('1614');
    expect(alone('1.614', '12.345.678')).toBe('1614');
    expect(alone('1.614', '12,345,678')).toBe('1.614');
    expect(alone('1.614M', '1,5 Mio')).toBe('1614000000');
  });

  test('is not settled where the others disagree, or show nothing', () => {
    expect(alone('1,614', '25,75', '25.75')).toBe('1.614 or 1614');
    expect(alone('1.614', '900', "1'000'000")).toBe('1.614 or 1614');
    expect(alone('1.614M')).toBe('1614000 or 1614000000');
  });

  test('is not settled by fractions of another writer', () => {
    expect(alone('1,000', '12,34')).toContain(' or ');
    expect(alone('1,614', '2,000', '12,34')).toContain(' or ');
    expect(alone('1.614', '100.00')).toContain(' or ');
    expect(alone('1,614', '12,34')).toBe('1.614');
    expect(alone('1.500', '0.614')).toBe('1.500');
    // A mark that groups is no fraction's, whatever fractions there are.
    expect(alone('1.000', '12,34')).toBe('1000');
  });

  test('is not settled by the dot of an abbreviation', () => {
    expect(settle(read('1,614 Mio.'), null, '.')).toMatchObject({ ok: false, error: { less: '1614000', more: '1614000000' } });
    expect(settle(read('1.614 Mio.'), null, '.')).toEqual({ ok: true, value: '1614000000' });
  });

  test('is not settled where others that could be two use the other mark', () => {
    expect(alone('1.614', '10,000')).toContain(' or ');
    expect(alone('10,000', '1.614')).toContain(' or ');
  });

  test.each(['1,0000', '12,3456', '1234,5678'])('%s does not group by three, and is a fraction only where others are', (text) => {
    expect(alone(text)).toBe('odd-groups');
    expect(alone(text, '25,75')).toBe(text.replace(',', '.'));
  });

  test.each(['120m', '5 m', '120b', '3t', '5mm', '5 mil'])('%s may be in a unit, unless magnitudes are shown', (text) => {
    const number = read(text);
    expect(isUnclearMagnitude(number, evidenceOf([number]))).toBe(true);
    expect(isUnclearMagnitude(number, evidenceOf([number, read('50k')]))).toBe(false);
    expect(isUnclearMagnitude(read('50k'), evidenceOf([number]))).toBe(false);
  });

  test('a Billion with a comma before its fraction is not the English one', () => {
    expect(readNumber('1,5 Billion')).toBeNull();
    expect(alone('1.5 billion')).toBe('1500000000');
  });
});

type Style = { readonly group: string; readonly mark: '.' | ','; readonly indian: boolean };
const styles = fc.constantFrom<Style>(
  { group: '', mark: '.', indian: false },
  { group: '', mark: ',', indian: false },
  { group: ',', mark: '.', indian: false },
  { group: '.', mark: ',', indian: false },
  { group: ' ', mark: '.', indian: false },
  { group: '\u00A0', mark: ',', indian: false },
  { group: '\u202F', mark: ',', indian: false },
  { group: '\u2009', mark: '.', indian: false },
  { group: "'", mark: '.', indian: false },
  { group: '’', mark: ',', indian: false },
  { group: ',', mark: '.', indian: true },
);

function written(amount: bigint, decimals: number, { group, mark, indian }: Style): string {
  const digits = amount.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const grouped = whole.replace(indian ? /\B(?=(?:\d{2})*\d{3}$)/g : /\B(?=(?:\d{3})+$)/g, group);
  return fraction === '' ? grouped : `${grouped}${mark}${fraction}`;
}

test('whatever is written in one style is read as it was meant, or said to be ambiguous, and never anything else', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 6 }),
      styles,
      (amounts, decimals, style) => {
        const numbers = amounts.map((amount) => read(written(amount, decimals, style)));
        const shown = shownBy(numbers);
        amounts.forEach((amount, index) => {
          const number = numbers[index];
          if (!number) throw new Error('a number is missing');
          const settled = settle(number, shown, null);
          if (settled.ok) expect(scaled(settled.value, decimals)).toBe(amount);
          else expect(shown).toBeNull();
        });
      },
    ),
  );
});

test('a column that shows its style once leaves nothing ambiguous', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1_000n, max: 999_999n }), styles, (amount, style) => {
      const column = [amount, 1_234_567n].map((one) => read(written(one, 0, style)));
      const [number] = column;
      if (!number) throw new Error('a number is missing');
      expect(settle(number, shownBy(column), null)).toEqual({ ok: true, value: amount.toString() });
    }),
  );
});

test.each<[string, string, string | null]>([
  ['1.614', '10,000', null],
  ['25.75', '1.000.000', null],
  ['1614', '1,0000', null],
  ['$5', '€10', null],
  ['120m', '500m', null],
  ['1.614', '1.000.000', '1614'],
  ['$5', '10', '5'],
  ['120m', '2.5M', '120000000'],
])('%s of %s is %s', (used, total, expected) => {
  const written = [
    { field: 'used', number: read(used) },
    { field: 'total', number: read(total) },
  ] as const;
  const settled = settleFigures(written, { evidence: evidenceOf(written.map(({ number }) => number)), groups: ',' });
  expect(settled.ok ? settled.value.values.used : null).toBe(expected);
});

function scaled(decimal: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
}

test.each(['1,', '1.', '1 ', '1’', '9', ',', '1,1.', '$'])('20,000 characters of %j take less than 50 ms of CPU time', async (piece) => {
  const text = piece.repeat(20_000 / piece.length);
  expect(await leastCpuMs(50, () => readNumber(text))).toBeLessThan(50);
});
