import { userIdSchema } from '../core/text/person.ts';
import { forgottenText, notAPersonText } from '../messages/replies/stored-data.ts';
import { systemClock } from '../app/system-clock.ts';
import { currentOperator } from './current-operator.ts';
import { withAdministration } from './with-administration.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch person export <id>`: prints all stored data about a person as JSON. */
export async function exportPerson(terminal: Terminal, id: string): Promise<void> {
  const person = idOf(terminal, id);
  if (person === null) return;
  await withAdministration(terminal, async (administration) => {
    const found = await administration.exportPerson({ person, actor: currentOperator() });
    if (!found.ok) return terminal.fail(found.error);
    terminal.print(JSON.stringify({ person, exportedAt: systemClock.now(), stored: found.value }, null, 2));
  });
}

/** `creditwatch person forget <id>`: removes a person from all stored data. */
export async function forgetPerson(terminal: Terminal, id: string, { json }: { readonly json: boolean }): Promise<void> {
  const person = idOf(terminal, id);
  if (person === null) return;
  await withAdministration(terminal, async (administration) => {
    const forgotten = await administration.forgetPerson({ person, actor: currentOperator() });
    if (!forgotten.ok) return terminal.fail(forgotten.error);
    const { found, declared } = forgotten.value;
    if (json) terminal.print(JSON.stringify({ person, found, declared }, null, 2));
    else for (const line of forgottenText(person, found, declared)) terminal.print(line);
  });
}

function idOf(terminal: Terminal, id: string): string | null {
  const read = userIdSchema.safeParse(id);
  if (read.success) return read.data;
  terminal.refuse(notAPersonText(id));
  return null;
}
