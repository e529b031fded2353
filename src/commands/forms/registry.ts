import { FORM_GONE } from '../../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Invalid, type Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';
import { refusedLook } from '../permissions.ts';
import type { FormKind } from './form.ts';
import { importPasted, saveFigures } from './import.ts';
import { resetDay } from './reset-day.ts';
import { subscribeAgain } from './subscribe.ts';

/** Every form there is, by its name. A new one is one file and one line here. */
const formKinds = new Map<string, FormKind>([
  ['import', importPasted],
  ['save-figures', saveFigures],
  ['reset-day', resetDay],
  ['subscribe', subscribeAgain],
]);

/**
 * For whoever may look: what is in a form, and what comes of it, speaks of the credits.
 *
 * @param id the form's name, and behind a space what it is about
 */
export async function openForm(id: string, context: CommandContext): Promise<Reply> {
  const [kind, about] = find(id);
  return kind ? kind.open(about, context) : toRequester(FORM_GONE);
}

export async function submitForm(id: string, values: Readonly<Record<string, string>>, context: CommandContext): Promise<Reply | Invalid> {
  const refused = await refusedLook(context);
  if (refused !== null) return toRequesterAlone(refused);
  const [kind, about] = find(id);
  return kind ? kind.submit(about, values, context) : toRequester(FORM_GONE);
}

/** An id from a message of another version may name none. */
function find(id: string): readonly [FormKind | undefined, string] {
  const [name = '', ...about] = id.split(' ');
  return [formKinds.get(name), about.join(' ')];
}
