import { z } from 'zod';
import type { Queries } from './queries.ts';

/** The OAuth installation, and whose the bot token is. */
export const slackTables = {
  async purge(queries: Queries, accountId: string): Promise<void> {
    await queries.run`DELETE FROM slack_installation WHERE account_id = ${accountId}`;
    await queries.run`DELETE FROM slack_identity WHERE account_id = ${accountId}`;
  },
  async installed(
    queries: Queries,
    accountId: string,
  ): Promise<{ readonly team: string; readonly at: Date; readonly hasToken: boolean } | null> {
    const [row] = installationRows.parse(
      await queries.rows`
        SELECT team_id AS team, installed_at AS at, ciphertext IS NOT NULL AS "hasToken" FROM slack_installation WHERE account_id = ${accountId}`,
    );
    return row ?? null;
  },
  async dropToken(queries: Queries, accountId: string): Promise<void> {
    await queries.run`UPDATE slack_installation SET ciphertext = NULL WHERE account_id = ${accountId}`;
  },
};

const installationRows = z.array(z.object({ team: z.string(), at: z.date(), hasToken: z.boolean() }));
