import { aboutToDeleteText, deletedText, DELETION_NEEDS_YES, NOTHING_DELETED, typeToDeleteText } from '../messages/replies/stored-data.ts';
import { type Terminal, typed } from './terminal.ts';
import { currentOperator } from './current-operator.ts';
import { withAdministration } from './with-administration.ts';

/** `creditwatch account delete <id>`: deletes an account, after `--yes` or after its ID was typed again. */
export async function deleteAccount(terminal: Terminal, account: string, { yes }: { readonly yes: boolean }): Promise<void> {
  await withAdministration(terminal, async (administration) => {
    const contents = await administration.accountContents({ account });
    if (!contents.ok) return terminal.fail(contents.error);
    if (!yes) {
      terminal.print(aboutToDeleteText(account, contents.value));
      if (!terminal.input.isTTY) {
        terminal.refuse(DELETION_NEEDS_YES);
        return;
      }
      if ((await typed(terminal, typeToDeleteText(account))) !== account) return terminal.fail(NOTHING_DELETED);
    }
    const deleted = await administration.deleteAccount({ account, actor: currentOperator() });
    if (!deleted.ok) return terminal.fail(deleted.error);
    for (const line of deletedText(account, deleted.value.deleted, deleted.value.isDeclared)) terminal.print(line);
  });
}
