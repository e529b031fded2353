import { expect, test } from 'vitest';
import { consumptionCsv } from '../../../src/core/meters/export.ts';
import { meterDetailsSchema, nameSchema, presentable } from '../../../src/core/meters/meter.ts';
import { plainText } from '../../../src/core/text/plain-text.ts';
import { draftReading } from '../../../src/core/meters/reading.ts';
import { plainRichText } from '../../../src/messages/text/plain.ts';
import { richText, strong } from '../../../src/core/text/rich-text.ts';

/** Everything that turns or hides text: bidirectional controls, zero-width and other format characters. */
const HIDDEN = Array.from(
  '\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061C\u200B\u200C\u200D\u2060\u00AD\uFEFF\u180E\u{E0041}\uFFF9',
);

test.each(HIDDEN.map((one) => [`U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`, one]))(
  'a label is plain text: %s is taken out where it enters and where it is shown',
  (_name, hidden) => {
    const label = `Apo${hidden}llo`;
    expect(presentable(label, 50)).toBe('Apollo');
    expect(meterDetailsSchema.parse({ label, unit: label, consequence: label })).toEqual({
      label: 'Apollo',
      unit: 'Apollo',
      consequence: 'Apollo',
    });
    expect(draftReading({ meter: 'apollo', used: 1, label }, new Date())).toMatchObject({
      ok: true,
      value: { details: { label: 'Apollo' } },
    });
    expect(nameSchema.safeParse(label).success).toBe(false);
    expect(draftReading({ meter: label, used: 1 }, new Date())).toMatchObject({ ok: false });
    expect(plainRichText(richText`${strong(label)} ${label}`, { timeZone: 'UTC', now: new Date() })).toBe('Apollo Apollo');
    const meter = {
      id: '',
      account: 'default',
      source: 's',
      key: 'k',
      label,
      unit: label,
      decimals: 0,
      aliases: [],
      owner: null,
      consequence: null,
      resets: true,
    };
    const csv = consumptionCsv([{ meter, day: 0, period: null, consumed: 1n, used: 1n, total: null }]);
    expect(csv).toContain('default,s,k,Apollo,Apollo,1970-01-01');
  },
);

test.each(['👩‍💻 Seats', '🏳️‍🌈', '👩🏽‍🚀', 'क्‍ष', 'می‌خواهم', 'Größe', 'e\u0301', '❤️', 'a\tb\nc'])('%j stays as it is written', (text) => {
  expect(plainText(text)).toBe(text);
});

test.each(['Apollo\u200D', '\u200CApollo', 'A\u200Dp', '👩\u200D', '\u0007bell', '\uD800x', 'می\u200C'])('%j is not', (text) => {
  expect(plainText(text)).not.toBe(text);
});
