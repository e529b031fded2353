import { LONGEST_TIMER_MS, LONGEST_WAIT_MS, POLLED_AHEAD_MS } from '../../core/longest-wait.ts';
import type { ClockStore } from '../../ports/clock-store.ts';
import type { Database } from './database.ts';

const timers = Object.entries(LONGEST_TIMER_MS).flatMap(([kind, longestMs]) => (longestMs === null ? [] : [{ kind, longestMs }]));

/** The sweep asks for this every few seconds, and nearly always there is nothing to mend. */
export function createClockStore(database: Database): ClockStore {
  return {
    async mendInstants(now) {
      const [lease, pace, pause, retry, quiet, pollLease] = (['lease', 'pace', 'pause', 'retry', 'quietHours', 'pollLease'] as const).map(
        (kind) => new Date(now.getTime() + LONGEST_WAIT_MS[kind]),
      );
      await database.query(
        (queries) => queries.$executeRaw`
          WITH ahead AS (
            SELECT id FROM destination WHERE lease_until > ${lease} OR next_allowed_at > ${pace} OR paused_until > ${pause} ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
          ), destinations AS (
            UPDATE destination SET lease_until = CASE WHEN lease_until > ${lease} THEN ${now}::timestamptz ELSE lease_until END,
              next_allowed_at = CASE WHEN next_allowed_at > ${pace} THEN ${now}::timestamptz ELSE next_allowed_at END,
              paused_until = CASE WHEN paused_until > ${pause} THEN ${now}::timestamptz ELSE paused_until END
            FROM ahead WHERE destination.id = ahead.id
          ), deliveries AS (
            UPDATE delivery SET due_at = least(due_at, ${now}::timestamptz), held_until = CASE WHEN held_until > ${quiet} THEN ${now}::timestamptz ELSE held_until END
            WHERE status = 'pending' AND (due_at > ${retry} OR held_until > ${quiet})
          ), polls AS (
            UPDATE poll SET due_at = least(due_at, ${now}::timestamptz), last_attempt_at = least(last_attempt_at, ${now}::timestamptz),
              lease_until = CASE WHEN lease_until > ${pollLease} THEN ${now}::timestamptz ELSE lease_until END
            WHERE last_attempt_at > ${new Date(now.getTime() + POLLED_AHEAD_MS)} OR lease_until > ${pollLease}
          )
          UPDATE timer SET due_at = ${now}
          FROM unnest(${timers.map(({ kind }) => kind)}::text[], ${timers.map(({ longestMs }) => new Date(now.getTime() + longestMs))}::timestamptz[]) AS longest(kind, until)
          WHERE timer.kind = longest.kind AND timer.due_at > longest.until`,
      );
    },
  };
}
