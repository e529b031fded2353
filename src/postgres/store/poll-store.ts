import { z } from 'zod';
import type { PollStore } from '../../ports/stores/poll-store.ts';
import type { Database } from './sql/database.ts';

const claimedRows = z
  .array(z.object({ id: z.string(), account_id: z.string(), source_id: z.string(), fence: z.bigint(), failures: z.number() }))
  .max(1);
const waitingRows = z.array(z.object({ id: z.string(), ready_at: z.date() }));

/** Stores when polled sources are due. One process at a time claims a poll; a process whose claim was taken over writes nothing. */
export function createPollStore(database: Database): PollStore {
  return {
    async waitingPolls() {
      const rows = waitingRows.parse(
        await database.query((queries) => queries.rows`SELECT id, greatest(due_at, lease_until) AS ready_at FROM poll`),
      );
      return rows.map((row) => ({ pollId: row.id, readyAt: row.ready_at }));
    },

    async claimPoll(pollId, owner, now, leaseMs) {
      const [row] = claimedRows.parse(
        await database.query(
          (queries) => queries.rows`
            UPDATE poll SET lease_owner = ${owner}, lease_until = ${new Date(now.getTime() + leaseMs)}, fence = fence + 1, last_attempt_at = ${now}
            WHERE id = (
              SELECT id FROM poll WHERE id = ${pollId}::uuid AND due_at <= ${now} AND (lease_until IS NULL OR lease_until <= ${now}) FOR UPDATE SKIP LOCKED
            ) RETURNING id, account_id, source_id, fence, failures`,
        ),
      );
      return row ? { id: row.id, account: row.account_id, source: row.source_id, fence: row.fence, failures: row.failures } : null;
    },

    async finishPoll({ id, fence }, { at, nextAt, succeeded, problem }) {
      const { count } = await database.models((models) =>
        models.poll.updateMany({
          where: { id, fence },
          data: {
            dueAt: nextAt,
            leaseOwner: null,
            leaseUntil: null,
            failures: succeeded ? 0 : { increment: 1 },
            ...(succeeded && { lastSuccessAt: at }),
            lastError: problem?.reason ?? null,
            lastErrorRemedy: problem?.remedy ?? null,
            lastErrorAt: problem && at,
          },
        }),
      );
      return count === 1;
    },

    async releasePoll({ id, fence }, leastGapMs) {
      await database.query(
        (queries) => queries.run`
          UPDATE poll SET lease_owner = NULL, lease_until = NULL, due_at = greatest(due_at, last_attempt_at + ${leastGapMs}::float8 * interval '1 millisecond')
          WHERE id = ${id}::uuid AND fence = ${fence}`,
      );
    },
  };
}
