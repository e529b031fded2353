import { afterAll, beforeAll, describe, expect } from 'vitest';

/** Zones of a host, with their offset on 1 July 2026 as `Date` gives it: to see that the change took. */
const HOSTS = [
  ['UTC', 0],
  ['America/New_York', 240],
  ['Asia/Kolkata', -330],
] as const;

/** Declares the same tests once for each of three zones of the machine they run on. */
export function onEveryHost(declare: () => void): void {
  describe.each(HOSTS)('on a host in %s', (zone, offset) => {
    const before = process.env['TZ'];
    beforeAll(() => {
      process.env['TZ'] = zone;
      expect(new Date('2026-07-01T00:00:00Z').getTimezoneOffset()).toBe(offset);
    });
    afterAll(() => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    });
    declare();
  });
}
