import { z } from 'zod';
import type { PollStore } from '../../ports/stores/poll-store.ts';
import type { Database } from './sql/database.ts';
import { decodeAnswerMemory, decodeCauses, encodeDrift } from './sql/drift.ts';

const claimedRows = z
  .array(
    z.object({
      id: z.string(),
      account_id: z.string(),
      source_id: z.string(),
      fence: z.bigint(),
      failures: z.number(),
      answer_memory: z.unknown(),
      drift_causes: z.unknown(),
    }),
  )
  .max(1);
const countRows = z.array(z.object({ count: z.int() }));
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
            ) RETURNING id, account_id, source_id, fence, failures, answer_memory, drift_causes`,
        ),
      );
      if (row === undefined) return null;
      const drift = { memory: decodeAnswerMemory(row.answer_memory), causes: decodeCauses(row.drift_causes) };
      return { id: row.id, account: row.account_id, source: row.source_id, fence: row.fence, failures: row.failures, drift };
    },

    async finishPoll({ id, fence }, { at, nextAt, succeeded, problem, drift }) {
      const stored = drift && encodeDrift(drift);
      const [finished] = countRows.parse(
        await database.query(
          (queries) => queries.rows`
            WITH finished AS (
              UPDATE poll SET due_at = ${nextAt}, lease_owner = NULL, lease_until = NULL,
                failures = CASE WHEN ${succeeded}::boolean THEN 0 ELSE failures + 1 END,
                last_success_at = CASE WHEN ${succeeded}::boolean THEN ${at}::timestamptz ELSE last_success_at END,
                last_error = ${problem?.reason ?? null}::text, last_error_remedy = ${problem?.remedy ?? null}::text, last_error_at = ${problem && at}::timestamptz,
                answer_memory = coalesce(${stored?.memory ?? null}::jsonb, answer_memory),
                drift_causes = CASE WHEN ${stored === null}::boolean THEN drift_causes ELSE ${stored?.causes ?? null}::jsonb END
              WHERE id = ${id}::uuid AND fence = ${fence} RETURNING account_id, source_id
            ), told AS (
              INSERT INTO timer (account_id, kind, subject, due_at, set_at)
              SELECT account_id, 'source-problem', source_id, ${at}, ${at} FROM finished WHERE ${drift?.isNews ?? false}::boolean
              ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = least(timer.due_at, excluded.due_at), set_at = excluded.set_at
            ) SELECT count(*)::int AS count FROM finished`,
        ),
      );
      return finished?.count === 1;
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
