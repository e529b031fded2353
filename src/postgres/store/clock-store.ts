import { AHEAD_MS } from '../../core/time/clock-skew.ts';
import { LONGEST_FIRST_POLL_MS, LONGEST_POLL, LONGEST_TIMER_MS, LONGEST_WAIT_MS } from '../../core/notifications/longest-wait.ts';
import type { ClockStore } from '../../ports/stores/clock-store.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from './sql/database.ts';

const timers = Object.entries(LONGEST_TIMER_MS).flatMap(([kind, longest]) => (typeof longest === 'number' ? [{ kind, longest }] : []));
const kindsThat = (rule: 'as-set' | 'looks-again') => Object.entries(LONGEST_TIMER_MS).flatMap(([kind, of]) => (of === rule ? [kind] : []));

/** Mends due times that a clock set ahead has written. The sweep calls this every few seconds; nearly always there is nothing to mend. */
export function createClockStore(database: Database): ClockStore {
  return {
    async mendInstants(now) {
      const [pace, pause, retry, quiet, pollLease] = (['pace', 'pause', 'retry', 'quietHours', 'pollLease'] as const).map(
        (kind) => new Date(now.getTime() + LONGEST_WAIT_MS[kind]),
      );
      const ahead = new Date(now.getTime() + AHEAD_MS);
      // The clock of the database measures the leases of destinations.
      const oldLease = Prisma.sql`lease_until > clock_timestamp() + ${LONGEST_WAIT_MS.lease}::float8 * interval '1 millisecond'`;
      await database.query(
        (queries) => queries.run`
          WITH ahead AS (
            SELECT id FROM destination WHERE ${oldLease} OR next_allowed_at > ${pace} OR paused_until > ${pause} ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
          ), destinations AS (
            UPDATE destination SET lease_until = CASE WHEN ${oldLease} THEN NULL ELSE lease_until END,
              next_allowed_at = CASE WHEN next_allowed_at > ${pace} THEN ${now}::timestamptz ELSE next_allowed_at END,
              paused_until = CASE WHEN paused_until > ${pause} THEN ${now}::timestamptz ELSE paused_until END
            FROM ahead WHERE destination.id = ahead.id
          ), deliveries AS (
            UPDATE delivery SET due_at = least(due_at, ${now}::timestamptz), held_until = CASE WHEN held_until > ${quiet} THEN ${now}::timestamptz ELSE held_until END
            WHERE status = 'pending' AND (due_at > ${retry} OR held_until > ${quiet})
          ), polls AS (
            UPDATE poll SET due_at = least(due_at, ${now}::timestamptz), last_attempt_at = least(last_attempt_at, ${now}::timestamptz),
              last_success_at = least(last_success_at, ${now}::timestamptz), last_error_at = least(last_error_at, ${now}::timestamptz),
              lease_until = CASE WHEN lease_until > ${pollLease} THEN ${now}::timestamptz ELSE lease_until END
            WHERE greatest(last_attempt_at, last_success_at, last_error_at) > ${ahead} OR lease_until > ${pollLease}
              OR due_at > ${now}::timestamptz + interval '1 millisecond' * CASE WHEN last_attempt_at IS NULL THEN ${LONGEST_FIRST_POLL_MS}::float8
                ELSE greatest(every_ms * ${LONGEST_POLL.intervals}::float8, ${LONGEST_POLL.orMs}::float8) END
          ), timers AS (
            UPDATE timer SET due_at = least(due_at, CASE WHEN kind = ANY(${kindsThat('as-set')}::text[]) THEN ${now}::timestamptz + (due_at - set_at) ELSE ${now}::timestamptz END),
              set_at = ${now}
            WHERE kind = ANY(${[...kindsThat('as-set'), ...kindsThat('looks-again')]}::text[]) AND set_at > ${ahead} AND due_at > ${now}
          )
          UPDATE timer SET due_at = ${now}
          FROM unnest(${timers.map(({ kind }) => kind)}::text[], ${timers.map(({ longest }) => new Date(now.getTime() + longest))}::timestamptz[]) AS longest(kind, until)
          WHERE timer.kind = longest.kind AND timer.due_at > longest.until`,
      );
    },
  };
}
