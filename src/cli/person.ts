import { userIdSchema } from '../core/user-id.ts';
import { forgottenText } from '../core/words/stored.ts';
import { systemClock } from '../system-clock.ts';
import { EXIT_USAGE, fail } from './configure.ts';
import { complain, print } from './terminal.ts';
import { withAdministration } from './with-administration.ts';

/** `creditwatch person export <id>`: all that is stored about somebody, as JSON. */
export async function exportPerson(id: string): Promise<void> {
  const person = idOf(id);
  if (person === null) return;
  await withAdministration(async (administration) => {
    const found = await administration.exportPerson({ person });
    if (!found.ok) return fail(found.error);
    print(JSON.stringify({ person, exportedAt: systemClock.now(), stored: found.value }, null, 2));
  });
}

/** `creditwatch person forget <id>`: nothing that is stored names somebody any more. */
export async function forgetPerson(id: string, { json }: { readonly json: boolean }): Promise<void> {
  const person = idOf(id);
  if (person === null) return;
  await withAdministration(async (administration) => {
    const forgotten = await administration.forgetPerson({ person });
    if (!forgotten.ok) return fail(forgotten.error);
    const { found, declared } = forgotten.value;
    if (json) print(JSON.stringify({ person, found, declared }, null, 2));
    else for (const line of forgottenText(person, found, declared)) print(line);
  });
}

function idOf(id: string): string | null {
  const read = userIdSchema.safeParse(id);
  if (read.success) return read.data;
  complain(`"${id}" is not the id of a person.`);
  process.exitCode = EXIT_USAGE;
  return null;
}
