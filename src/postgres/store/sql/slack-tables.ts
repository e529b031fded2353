import type { Prisma } from '../../generated/client.ts';

type Queries = Prisma.TransactionClient;

/** The OAuth installation, and whose the bot token is. */
export const slackTables = {
  async purge(queries: Queries, accountId: string): Promise<void> {
    await queries.slackInstallation.deleteMany({ where: { accountId } });
    await queries.slackIdentity.deleteMany({ where: { accountId } });
  },
  async installed(
    queries: Queries,
    accountId: string,
  ): Promise<{ readonly team: string; readonly at: Date; readonly hasToken: boolean } | null> {
    const row = await queries.slackInstallation.findUnique({ where: { accountId } });
    return row && { team: row.teamId, at: row.installedAt, hasToken: row.ciphertext !== null };
  },
  async dropToken(queries: Queries, accountId: string): Promise<void> {
    await queries.slackInstallation.updateMany({ where: { accountId }, data: { ciphertext: null } });
  },
};
