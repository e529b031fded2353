import type { Machine } from '../core/audit/pasted.ts';
import type { CommandContext } from './command.ts';
import { isAdmin } from './permissions.ts';

/** What sends the figures of a source, and who may paste over them all the same. */
type PasteRefusal = { readonly machine: Machine; readonly admins: readonly string[] };

/**
 * Whether the asker may paste figures of a source. Over what a key or a poll sends only an admin may: one that creditwatch.yml
 * names, or one of the platform. Where there is neither, only the operator may, in the terminal.
 *
 * @returns null for who may
 */
export async function pasteRefusal(source: string, context: CommandContext): Promise<PasteRefusal | null> {
  const { requester, queries } = context;
  if (requester.platform === 'terminal') return null;
  const machine = await queries.machineOf(requester.account, source);
  if (machine === null || (await isAdmin(context))) return null;
  return { machine, admins: await queries.admins(requester.account) };
}
