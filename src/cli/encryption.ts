import { rotatedEncryptionText } from '../messages/replies/encryption.ts';
import { currentOperator } from './current-operator.ts';
import { withAdministration } from './with-administration.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch encryption rotate`: encrypts all stored secrets with the current encryption key, or with a new one in the data folder. */
export async function rotateEncryption(terminal: Terminal, { json }: { readonly json: boolean }): Promise<void> {
  await withAdministration(
    terminal,
    async (administration) => {
      const rotated = await administration.rotateEncryption({ actor: currentOperator() });
      if (!rotated.ok) return terminal.fail(rotated.error);
      const { lines, failed } = rotatedEncryptionText(rotated.value);
      if (json) terminal.print(JSON.stringify(rotated.value, null, 2));
      else for (const line of lines) terminal.print(line);
      if (failed !== null) terminal.fail(failed);
    },
    { alone: true },
  );
}
