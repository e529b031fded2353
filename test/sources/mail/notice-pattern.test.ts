import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NoticePattern } from '../../../src/core/meters/mail.ts';
import { readGeneralNotice } from '../../../src/sources/mail/general-notice.ts';
import { readByPatterns } from '../../../src/sources/mail/notice-pattern.ts';

function read(text: string, ...patterns: readonly string[]) {
  const notices = patterns.map((one): NoticePattern => ({ meter: 'credits', subject: null, text: one }));
  const notice = readByPatterns(notices, { subject: '', text });
  return notice && { ...('share' in notice && { share: notice.share }), ...figuresOf(notice) };
}

function figuresOf({ used, left, total }: { readonly used?: string; readonly left?: string; readonly total?: string }) {
  return { ...(used !== undefined && { used }), ...(left !== undefined && { left }), ...(total !== undefined && { total }) };
}

describe('a figure of a pattern is a whole number', () => {
  test.each([
    ['1200 left', '1200'],
    ['You have 1,200 left.', '1200'],
    ['You have 1 200 left.', '1200'],
    ["You have 1'200 left.", '1200'],
    ['You have 1,234,567 left.', '1234567'],
    ['You have 12,34,567 left.', '1234567'],
    ['You have 12k left', '12000'],
    ['You have 1.2M left', '1200000'],
    ['You have 3 million left', '3000000'],
    ['You have 1.5 left', '1.5'],
    ['You have $1,200 left', '1200'],
    ['You have 1,200 € left', '1200'],
    ['You have 12.50 USD left', '12.50'],
    ['(1,200 left)', '1200'],
    ['1,200\nleft', '1200'],
    ['12 seats, 1,200 left', '1200'],
    // Its language is not known, so it may be 1.2 or 1200.
    ['You have 1.200 left', null],
    ['1,234,56 left', null],
    ['You have -5 left', null],
    ['You have −5 left', null],
    ['You have -$5 left', null],
    ['+5 left', null],
    ['<500 left', null],
    ['5-10 left', null],
    ['80–100 left', null],
    ['1e5 left', null],
    ['0x1F left', null],
    ['v2 left', null],
    ['#5 left', null],
    ['.5 left', null],
    ['7½ left', null],
    ['1٬200 left', null],
    ['5GB left', null],
    ['20% left', null],
    ['12/05 left', null],
    ['10:30 left', null],
    ['Plan 2 500 left', null],
    ['10\n200 left', null],
    ['5 hundred left', null],
    ['5 m left', null],
    ['1,2000 left', null],
  ])('%s', (text, left) => {
    expect(read(text, '{left} left')).toEqual(left === null ? null : { left });
  });

  test.each([
    ['Credits used: 12k', '12000'],
    ['Credits used: 12 k', '12000'],
    ['Credits used: 1,200.', '1200'],
    ['Credits used: 5 Mio. of', '5000000'],
    ['Credits used: 5 M', '5000000'],
    ['Credits used: 5 hundred', null],
    ['Credits used: 5 dozen', null],
    ['Credits used: -5', null],
    ['Credits used: 1,200+', null],
    ['Credits used: 12/05', null],
    ['Credits used: 5-10', null],
    ['Credits used: 10 200', '10200'],
    ['Credits used: 80%', null],
    ['Credits unused: 80', null],
    ['Credits used: 1.200', null],
    ['Guthaben, credits used: 1.200', '1200'],
  ])('at the end of a pattern: %s', (text, used) => {
    expect(read(text, 'used: {used}')).toEqual(used === null ? null : { used });
  });

  test('with the signs that a pattern names, or without', () => {
    expect(read('At 80 % of', 'at {percent} % of')).toEqual({ share: '80' });
    expect(read('At 80% of', 'at {percent}% of')).toEqual({ share: '80' });
    expect(read('At 80% of', 'at {percent} of')).toEqual({ share: '80' });
    expect(read('At 80 percent of', 'at {percent} percent')).toEqual({ share: '80' });
    expect(read('At 80k% of', 'at {percent}% of')).toBeNull();
    expect(read('Spent $1,200 of $10,000.', 'spent ${used} of ${total}')).toEqual({ used: '1200', total: '10000' });
    expect(read('Spent -$1,200 of $10,000.', 'spent -${used} of ${total}')).toBeNull();
    expect(read('8,800/10,000 used', '{used}/{total} used')).toEqual({ used: '8800', total: '10000' });
    expect(read('01/12/2026 used', '{used}/{total} used')).toBeNull();
    expect(read('8.800 von 10.000 verbraucht', '{used} von {total} verbraucht')).toEqual({ used: '8800', total: '10000' });
    expect(read('Hello 5 left', '{any} {left} left')).toEqual({ left: '5' });
  });
});

type Format = { readonly text: string; readonly value: string };

const POWERS = [
  'k',
  'K',
  ' k',
  ' Tsd.',
  ' thousand',
  'M',
  ' M',
  ' Mio.',
  ' Mio',
  ' million',
  ' millions',
  ' millones',
  ' Millionen',
  ' Mrd.',
  'bn',
  ' lakh',
  ' hundred',
  ' m',
];
const ZEROS: Readonly<Record<string, number>> = {
  k: 3,
  tsd: 3,
  thousand: 3,
  m: 6,
  mio: 6,
  million: 6,
  millions: 6,
  millones: 6,
  millionen: 6,
  mrd: 9,
  bn: 9,
  lakh: 5,
  hundred: 2,
};
const SIGNS = ['', '', '', '-', '−', '+', '<', '~', '#'];
const GROUPED = [',', '.', ' ', '\u00A0', '\u202F', "'", '’', ''];

/** A figure as vendors write it, with its value; null for one that is negative or not a figure of its own. */
const figures: fc.Arbitrary<Format | { readonly text: string; readonly value: null }> = fc
  .record({
    whole: fc.oneof(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1000, max: 2_000_000_000 })),
    fraction: fc.constantFrom('', '', '', '5', '25', '75'),
    group: fc.constantFrom(...GROUPED),
    sign: fc.constantFrom(...SIGNS),
    money: fc.constantFrom('', '', '', '$', '€', 'US$'),
    moneyBehind: fc.constantFrom('', '', '', ' €', ' USD', '€'),
    power: fc.constantFrom('', '', '', '', ...POWERS),
    percent: fc.constantFrom('', '', '', '%', ' %'),
  })
  .map(({ whole, fraction, group, sign, money, moneyBehind, power, percent }) => {
    const mark = group === '.' || (group !== ',' && whole % 2 === 0) ? ',' : '.';
    const digits = String(whole).replace(/\B(?=(?:\d{3})+$)/g, group);
    const text = `${sign}${money}${digits}${fraction === '' ? '' : `${mark}${fraction}`}${power}${percent === '' ? moneyBehind : percent}`;
    const zeros = ZEROS[power.trim().toLowerCase().replace('.', '')] ?? 0;
    const isFigure = sign === '' && percent === '';
    return { text, value: isFigure ? plain(whole, fraction, zeros) : null };
  });

function plain(whole: number, fraction: string, zeros: number): string {
  const moved = fraction.padEnd(zeros, '0');
  const rest = moved.slice(zeros).replace(/0+$/, '');
  return `${BigInt(`${String(whole)}${moved.slice(0, zeros)}`).toString()}${rest === '' ? '' : `.${rest}`}`;
}

function sameAmount(a: string | undefined, b: string | null): boolean {
  const of = (one: string) => (one.includes('.') ? one.replace(/\.?0+$/, '') : one).replace(/^0+(?=\d)/, '');
  return a !== undefined && b !== null && of(a) === of(b);
}

test('any figure in any pattern gives its value or nothing, and never a part of it', () => {
  const patterns = [
    '{left} left',
    'remaining: {left}',
    'have {left} {any} left',
    '{left} credits',
    'only {left} in',
    '{any} {left} left',
    '{left}',
  ];
  const around = [
    ['You have ', ' left.'],
    ['Remaining: ', ''],
    ['Remaining: ', ' credits'],
    ['You have ', ' credits left'],
    ['Only ', ' in your plan'],
    ['Plan 5 ', ' left'],
    ['', ' left'],
    ['Vous avez ', ' crédits left'],
    ['x', ' left'],
    ['12: ', ' left'],
  ] as const;
  fc.assert(
    fc.property(figures, fc.constantFrom(...patterns), fc.constantFrom(...around), ({ text, value }, pattern, [before, behind]) => {
      const notice = read(`${before}${text}${behind}`, pattern);
      const left = notice === null ? undefined : 'left' in notice ? notice.left : undefined;
      const others = before === 'Plan 5 ' || before === '12: ' ? [before.replace(/\D/g, '')] : [];
      if (left !== undefined && !sameAmount(left, value))
        expect([left, text, pattern, before, others.includes(left)]).toEqual([left, text, pattern, before, true]);
    }),
    { numRuns: 3_000 },
  );
});

test('any figure in usual words gives its value or nothing, and never a part of it', () => {
  const sentences = [
    ['You have ', ' credits left.', 'left'],
    ['You have used ', ' of your credits.', 'used'],
    ['You have used 1 of ', ' credits.', 'total'],
    ['Sie haben ', ' Credits verbraucht.', 'used'],
    ['Vous avez utilisé ', ' crédits.', 'used'],
    ['Le quedan ', ' créditos.', 'left'],
    ['Pro ', ' credits left', 'left'],
  ] as const;
  fc.assert(
    fc.property(figures, fc.constantFrom(...sentences), ({ text, value }, [before, behind, field]) => {
      const notice = readGeneralNotice({ subject: '', text: `${before}${text}${behind}` }, { credits: { label: 'Credits' } });
      const figure = notice.ok ? notice.value[field] : undefined;
      if (figure !== undefined && !sameAmount(figure, value)) expect([figure, text, before]).toEqual([value, text, before]);
    }),
    { numRuns: 3_000 },
  );
});
