import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsUntil } from '../../../src/core/time/clock-skew.ts';
import { afterLookup, nextStep } from '../../../src/core/notifications/delivery.ts';
import { LONGEST_TIMER_MS, LONGEST_WAIT_MS } from '../../../src/core/notifications/longest-wait.ts';
import { knownEnd } from '../../../src/core/time/period.ts';
import { quietHoursEnd } from '../../../src/core/notifications/quiet-hours.ts';
import { renotifyAt } from '../../../src/core/alerts/renotify.ts';
import { nextRun } from '../../../src/core/time/schedule.ts';
import { endsAt, isSnoozedFor, snoozeChoices, snoozeFor } from '../../../src/core/alerts/snooze.ts';
import { putRight } from '../../../src/core/alerts/stored-snooze.ts';
import { slackUser } from '../../support/people.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const instant = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2028-01-01') }).map((ms) => new Date(ms));
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia');
const longest = fc.constantFrom(...Object.values(LONGEST_WAIT_MS));

test('whatever the clock does, nothing holds back for longer than its kind can wait', () => {
  fc.assert(
    fc.property(
      instant,
      longest,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: -YEAR_MS, max: YEAR_MS }),
      (at, longestMs, share, jumpMs) => {
        const stored = new Date(at.getTime() + Math.floor(longestMs * share));
        const now = new Date(at.getTime() + jumpMs);
        const holds = holdsUntil(stored, now, longestMs);
        expect(holds.getTime() - now.getTime()).toBeLessThanOrEqual(longestMs);
        // And a clock that goes on as it should is believed.
        if (jumpMs >= 0) expect(holds).toEqual(stored);
      },
    ),
  );
});

test('what is stored by a true clock is never further ahead than its kind can wait', () => {
  const jitter = fc.double({ min: 0, max: 0.999999, noNaN: true });
  const afterMs = fc.option(fc.integer({ min: 0, max: YEAR_MS }), { nil: undefined });
  fc.assert(
    fc.property(instant, zone, jitter, fc.integer({ min: 1, max: 2000 }), afterMs, (now, timeZone, random, attempts, asked) => {
      const ahead = (at: Date | null) => (at === null ? 0 : at.getTime() - now.getTime());
      const patience = asked === undefined ? {} : { afterMs: asked };
      const tried = { attempts, forMs: 0, repeatable: false };
      for (const step of [
        nextStep({ outcome: 'retry', reason: '503', ...patience }, tried, now, random),
        nextStep({ outcome: 'unknown', reason: 'timeout' }, tried, now, random),
        afterLookup({ found: 'no-answer', reason: 'timeout', ...patience }, [], tried, now, random),
      ]) {
        if (!('status' in step) || step.status !== 'pending') throw new Error('it is tried again');
        expect(ahead(step.dueAt)).toBeLessThanOrEqual(LONGEST_WAIT_MS.retry);
        expect(ahead(step.pausedUntil)).toBeLessThanOrEqual(LONGEST_WAIT_MS.pause);
      }
      expect(ahead(quietHoursEnd('warning', now, timeZone))).toBeLessThanOrEqual(LONGEST_WAIT_MS.quietHours);
      expect(ahead(renotifyAt(now, timeZone))).toBeLessThanOrEqual(Number(LONGEST_TIMER_MS.renotify));
      expect(ahead(nextRun({ weekday: 'monday', at: '09:00' }, now, timeZone))).toBeLessThanOrEqual(Number(LONGEST_TIMER_MS.digest));
    }),
  );
});

test('a snooze lasts no longer than its choice can, whatever the clock does after it was set, and a true clock ends none early', () => {
  const HOUR_MS = 3_600_000;
  const DAY_MS = 24 * HOUR_MS;
  const lengthMs = fc.integer({ min: HOUR_MS, max: 366 * DAY_MS });
  fc.assert(
    fc.property(
      instant,
      zone,
      fc.constantFrom(...snoozeChoices),
      lengthMs,
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      fc.integer({ min: -2 * YEAR_MS, max: YEAR_MS }),
      (setAt, timeZone, choice, periodMs, share, jumpMs) => {
        const start = new Date(setAt.getTime() - Math.floor(periodMs * share));
        const period = { start, end: new Date(start.getTime() + periodMs) };
        const reading = { used: 900n, total: 1000n, observedAt: setAt, period };
        // A window that ends with the call has no end to wait for.
        fc.pre(knownEnd(reading) !== null);
        const snooze = snoozeFor(choice, { severity: 'warning', reading }, setAt, timeZone);
        const kept = { snooze, by: slackUser('U0'), at: setAt, with: 'snooze' as const, worseComes: true, readingAt: setAt };
        const now = new Date(setAt.getTime() + jumpMs);
        const right = putRight(kept, now);
        // Clocks change by an hour at most.
        const longestMs = { tomorrow: 3 * DAY_MS, monday: 7 * DAY_MS, 'until-reset': periodMs, 'until-total-changes': periodMs }[choice];
        const after = new Date(now.getTime() + longestMs + DAY_MS + HOUR_MS);
        // What does not hold now is taken away.
        if (isSnoozedFor(right.snooze, now, reading)) {
          expect(isSnoozedFor(right.snooze, after, reading)).toBe(false);
          expect(endsAt(right.snooze)?.getTime()).toBeLessThanOrEqual(after.getTime());
        }
        if (jumpMs >= 0) expect(right).toEqual(kept);
        if (jumpMs >= 0 && now < (endsAt(snooze) ?? now)) expect(isSnoozedFor(right.snooze, now, reading)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});
