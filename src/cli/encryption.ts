import { rotatedEncryptionText } from '../core/words/encryption.ts';
import { fail } from './configure.ts';
import { print } from './terminal.ts';
import { withAdministration } from './with-administration.ts';

/** `creditwatch encryption rotate`: encrypts all stored secrets with the present key for them, or with a new one in the data folder. */
export async function rotateEncryption({ json }: { readonly json: boolean }): Promise<void> {
  await withAdministration(
    async (administration) => {
      const rotated = await administration.rotateEncryption();
      if (!rotated.ok) return fail(rotated.error);
      const { lines, failed } = rotatedEncryptionText(rotated.value);
      if (json) print(JSON.stringify(rotated.value, null, 2));
      else for (const line of lines) print(line);
      if (failed !== null) fail(failed);
    },
    { alone: true },
  );
}
