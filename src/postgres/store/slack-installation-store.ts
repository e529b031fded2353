import { createHash } from 'node:crypto';
import type { SlackInstallationStore } from '../../ports/stores/slack-installation-store.ts';
import type { Database } from './sql/database.ts';
import { recordAudit } from './audit-store.ts';
import { holdSwitches, turnOn } from './sql/destinations.ts';
import { purge } from './sql/purge.ts';
import type { Vault } from './sql/vault.ts';

const KIND = 'slack';

/** Stores the workspace in which the app is installed, with its encrypted token. */
export function createSlackInstallationStore(database: Database, vault: Vault): SlackInstallationStore {
  return {
    async read(accounts) {
      const row = await database.models((models) =>
        models.slackInstallation.findFirst({ where: { accountId: { in: [...accounts] }, ciphertext: { not: null } } }),
      );
      if (row === null || row.ciphertext === null) return null;
      const { accountId: account, teamId: team } = row;
      const opened = vault.open(row.ciphertext, placeOf(account, team));
      return { account, team, token: opened.ok ? opened.value : null };
    },

    save: ({ account, team, token }, { accounts, takesOver, by, now }) =>
      database.modelTransaction(async (models, queries) => {
        await holdSwitches(queries);
        const others = await models.slackInstallation.findMany({ where: { accountId: { in: [...accounts] }, teamId: { not: team } } });
        if (others.some(({ ciphertext }) => ciphertext !== null || !takesOver)) return 'other-workspace';
        for (const { accountId } of others) await purge(queries, accountId, KIND, now);
        await models.slackInstallation.deleteMany({ where: { teamId: team } });
        await models.slackInstallation.create({
          data: { accountId: account, teamId: team, ciphertext: vault.seal(token, placeOf(account, team)), installedAt: now },
        });
        await models.timer.deleteMany({ where: { accountId: { in: [...accounts] }, kind: 'purge', subject: KIND } });
        const off = await models.destination.findMany({
          where: { accountId: { in: [...accounts] }, kind: KIND, disabledScope: 'installation' },
          distinct: ['accountId'],
        });
        for (const { id } of off) await turnOn(queries, { id }, now);
        const place = { kind: KIND, address: team } as const;
        await recordAudit(queries, account, { action: 'install', actor: { platform: KIND, id: by }, place }, now);
        return 'saved';
      }),

    async useState(state, expiresAt, now) {
      const digest = createHash('sha256').update(state).digest('base64url');
      await database.models((models) => models.slackInstallState.deleteMany({ where: { expiresAt: { lte: now } } }));
      return (
        (await database.models((models) => models.slackInstallState.createMany({ data: [{ digest, expiresAt }], skipDuplicates: true })))
          .count === 1
      );
    },
  };
}

function placeOf(account: string, team: string) {
  return { table: 'slack_installation', column: 'ciphertext', row: team, account };
}
