import { createInterface } from 'node:readline/promises';
import { aboutToDeleteText, deletedText } from '../core/words/stored.ts';
import { EXIT_USAGE, fail } from './configure.ts';
import { complain, print } from './terminal.ts';
import { withAdministration } from './with-administration.ts';

/** `creditwatch account delete <id>`: deletes it once `--yes` or the id, typed again, says so. */
export async function deleteAccount(account: string, { yes }: { readonly yes: boolean }): Promise<void> {
  await withAdministration(async (administration) => {
    const contents = await administration.accountContents({ account });
    if (!contents.ok) return fail(contents.error);
    if (!yes) {
      print(aboutToDeleteText(account, contents.value));
      if (!process.stdin.isTTY) {
        complain('Nothing was deleted. To delete it, add --yes.');
        process.exitCode = EXIT_USAGE;
        return;
      }
      if ((await typed(`Type ${account} to delete it: `)) !== account) return fail('Nothing was deleted.');
    }
    const deleted = await administration.deleteAccount({ account });
    if (!deleted.ok) return fail(deleted.error);
    for (const line of deletedText(account, deleted.value.deleted, deleted.value.isDeclared)) print(line);
  });
}

async function typed(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
