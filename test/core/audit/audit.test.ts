import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundedAbout, type AuditAbout } from '../../../src/core/audit/audit.ts';
import { olderText } from '../../../src/messages/replies/audit.ts';
import { anyText } from '../../support/any-text.ts';

const anyAbout: fc.Arbitrary<AuditAbout> = fc.record(
  {
    account: anyText,
    source: anyText,
    meter: anyText,
    meters: fc.oneof(fc.constant('all' as const), fc.array(anyText, { maxLength: 40 })),
    digest: anyText,
    period: anyText,
    choice: anyText,
    command: anyText,
    count: fc.nat(),
    atOnce: fc.boolean(),
  },
  { requiredKeys: [] },
);

test('what a row is about fits and is text that PostgreSQL takes, whatever the names are', () => {
  fc.assert(
    fc.property(anyAbout, (about) => {
      const bounded = boundedAbout(about);
      const json = JSON.stringify(bounded);
      // As PostgreSQL writes it, with a space behind each colon and comma.
      expect(Buffer.byteLength(json) + (json.match(/[,:]/g)?.length ?? 0)).toBeLessThanOrEqual(8_192);
      expect(json).not.toMatch(/\\u[0-9a-f]{4}/);
      expect(json).not.toMatch(/\p{Cs}/u);
      if (Array.isArray(about.meters) && Array.isArray(bounded.meters))
        expect(bounded.meters.length + (bounded.moreMeters ?? 0)).toBe(about.meters.length);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['crm/leads', 'crm/leads'],
  ['a'.repeat(400), 'a'.repeat(400)],
  ['a'.repeat(401), `${'a'.repeat(397)}…`],
  [`${'a'.repeat(395)}🚀🚀`, `${'a'.repeat(395)}…`],
  [`${'a'.repeat(393)}🚀🚀`, `${'a'.repeat(393)}🚀…`],
  ['half \uD83D, none \u0000', 'half \uFFFD, none \uFFFD'],
])('%j is kept as %j', (meter, kept) => {
  expect(boundedAbout({ meter })).toEqual({ meter: kept });
});

test('of many meters 20 are named, fewer where their names are long, and the others counted', () => {
  const meters = (name: string) => boundedAbout({ meters: Array.from({ length: 25 }, () => name) });
  expect(meters('crm/leads')).toMatchObject({ meters: { length: 20 }, moreMeters: 5 });
  expect(meters('漢'.repeat(200))).toMatchObject({ meters: { length: 9 }, moreMeters: 16 });
});

test.each([
  [100, '--last 1000, --since 30d'],
  [5_000, '--last 10000, --since 30d'],
  [10_000, 'For older ones: --since 30d'],
])('behind the newest %d it is said how to see more, with a number that is taken', (shown, says) => {
  expect(olderText(shown, 10_000)).toContain(says);
});
