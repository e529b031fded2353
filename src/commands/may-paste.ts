import type { Machine } from '../core/audit/pasted.ts';
import type { CommandContext } from './command.ts';
import { isAdmin } from './permissions.ts';
import type { Person } from '../core/text/person.ts';

/** What sends the figures of a source automatically, and who may still paste over them. */
type PasteRefusal = { readonly machine: Machine; readonly admins: readonly Person[]; readonly knowsAdmins: boolean };

/**
 * Whether the requester may paste figures of a source. Over figures from a key or a poll, only an admin may, of creditwatch.yml or of
 * the platform; if there is none, only the operator, in the terminal.
 *
 * @returns null if they may
 */
export async function pasteRefusal(source: string, context: CommandContext): Promise<PasteRefusal | null> {
  const { requester, queries } = context;
  if (requester.inTerminal) return null;
  const machine = await queries.machineOf(requester.account, source);
  if (machine === null || (await isAdmin(context))) return null;
  return { machine, admins: await queries.admins(requester.account), knowsAdmins: requester.knowsAdmins === true };
}
