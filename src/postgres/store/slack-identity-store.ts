import { createHash } from 'node:crypto';
import type { SlackIdentityStore } from '../../ports/stores/slack-identity-store.ts';
import type { Database } from './sql/database.ts';

export function createSlackIdentityStore(database: Database): SlackIdentityStore {
  return {
    async read(token) {
      const row = await database.models((models) => models.slackIdentity.findFirst({ where: { tokenDigest: digestOf(token) } }));
      return row && { team: row.teamId, enterprise: row.enterpriseId };
    },
    async keep(accountId, token, { team, enterprise }, now) {
      const row = { tokenDigest: digestOf(token), teamId: team, enterpriseId: enterprise, saidAt: now };
      await database.models((models) => models.slackIdentity.upsert({ where: { accountId }, create: { accountId, ...row }, update: row }));
    },
  };
}

/** Hashes a token. Tokens are long and random, so the token cannot be found from the hash. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
