import { describe, expect, it } from 'vitest';
import { dateFormat, momentInUtc } from '../../../src/slack/views/date.ts';

describe('a moment', () => {
  it.each([
    ['time', '{time}', '14:05 UTC'],
    ['lately', '{date_pretty} {time}', '1 Sep 14:05 UTC'],
    ['when', '{date_pretty} {time}', '1 Sep 14:05 UTC'],
  ] as const)('shown as %s is left to Slack to format, and is in UTC where Slack does not', (show, format, inUtc) => {
    const moment = { span: 'moment', at: new Date('2026-09-01T14:05:59Z'), show } as const;
    expect(dateFormat(moment)).toBe(format);
    expect(momentInUtc(moment)).toBe(inUtc);
  });

  it('at midnight is 00:00, not 24:00', () => {
    expect(momentInUtc({ span: 'moment', at: new Date('2026-12-01T00:00:00Z'), show: 'when' })).toBe('1 Dec 00:00 UTC');
  });

  it('that is none is said to be unknown', () => {
    expect(momentInUtc({ span: 'moment', at: new Date(Number.NaN), show: 'time' })).toBe('an unknown time');
  });
});
