import { Argument, type Command } from 'commander';
import type { commandLineHelp } from '../messages/replies/command-line-help.ts';
import type { Terminal } from './terminal.ts';

export type Json = { readonly json?: true };

/** Defines the commands that change or show what is stored, and not the figures: keys, backups, accounts, people, the audit record. */
export function describeUpkeep(
  describe: (name: 'encryption' | 'backup' | 'restore' | 'account' | 'person' | 'audit') => Command,
  help: ReturnType<typeof commandLineHelp>,
  terminal: Terminal,
): void {
  describe('encryption')
    .addArgument(new Argument('<action>', help.encryption.action).choices(['rotate']))
    .option('--json', help.common.json)
    .action(async (_action: string, { json }: Json) =>
      (await import('./encryption.ts')).rotateEncryption(terminal, { json: json === true }),
    );
  describe('backup')
    .argument('<file>', help.backup.file)
    .option('--force', help.backup.force)
    .option('--json', help.common.json)
    .action(async (file: string, { force, json }: Json & { force?: true }) =>
      (await import('./backup.ts')).backup(terminal, file, { force: force === true, json: json === true }),
    );
  describe('restore')
    .argument('<file>', help.restore.file)
    .option('--replace', help.restore.replace)
    .option('--yes', help.restore.yes)
    .option('--without-key', help.restore.withoutKey)
    .option('--json', help.common.json)
    .action(async (file: string, { replace, yes, withoutKey, json }: Json & { replace?: true; yes?: true; withoutKey?: true }) =>
      (await import('./restore.ts')).restore(terminal, file, {
        replace: replace === true,
        yes: yes === true,
        withoutKey: withoutKey === true,
        json: json === true,
      }),
    );
  describe('account')
    .addArgument(new Argument('<action>', 'delete').choices(['delete']))
    .argument('<id>', help.account.id)
    .option('--yes', help.account.yes)
    .action(async (_action: string, id: string, { yes }: { yes?: true }) =>
      (await import('./account.ts')).deleteAccount(terminal, id, { yes: yes === true }),
    );
  describe('person')
    .addArgument(new Argument('<action>', help.person.action).choices(['export', 'forget']))
    .argument('<id>', help.person.id)
    .option('--json', help.common.json)
    .action(async (action: string, id: string, { json }: Json) => {
      const { exportPerson, forgetPerson } = await import('./person.ts');
      await (action === 'export' ? exportPerson(terminal, id) : forgetPerson(terminal, id, { json: json === true }));
    });
  describe('audit')
    .option('--account <id>', help.audit.account)
    .option('--since <time>', help.audit.since)
    .option('--by <id>', help.audit.by)
    .option('--last <number>', help.audit.last, '100')
    .option('--json', help.common.json)
    .action(async ({ account, since, by, last, json }: Json & { account?: string; since?: string; by?: string; last: string }) =>
      (await import('./audit.ts')).audit(terminal, {
        account: account ?? null,
        since: since ?? null,
        by: by ?? null,
        last,
        json: json === true,
      }),
    );
}
