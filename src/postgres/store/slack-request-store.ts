import { createHash } from 'node:crypto';
import type { SlackRequestStore } from '../../ports/stores/slack-request-store.ts';
import type { Database } from './sql/database.ts';

export function createSlackRequestStore(database: Database): SlackRequestStore {
  return {
    async claim(id, claimant, expiresAt, now) {
      const digest = createHash('sha256').update(id).digest('base64url');
      // Expired rows are deleted by the next claim. The row of this claim is excluded, because another process may be claiming it now.
      const taken = await database.query(
        (queries) => queries.run`
        WITH gone AS (DELETE FROM slack_request WHERE expires_at <= ${now}::timestamptz AND digest <> ${digest})
        INSERT INTO slack_request AS known (digest, claimant, expires_at) VALUES (${digest}, ${claimant}::uuid, ${expiresAt}::timestamptz)
        ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at
          WHERE known.claimant = excluded.claimant`,
      );
      return taken === 1;
    },
  };
}
