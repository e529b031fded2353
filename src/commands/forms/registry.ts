import { FORM_GONE } from '../../messages/replies/errors.ts';
import { toRequester, toRequesterAlone, type Invalid, type Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';
import { refusedLook } from '../permissions.ts';
import type { FormKind } from './form.ts';
import { importPasted, saveFigures } from './import.ts';
import { resetDay } from './reset-day.ts';
import { statedTotal } from './stated-total.ts';
import { subscribeAgain } from './subscribe.ts';

/** All forms by name. A new one is one file and one line here. */
const formKinds = new Map<string, FormKind>([
  ['import', importPasted],
  ['save-figures', saveFigures],
  ['reset-day', resetDay],
  ['total', statedTotal],
  ['subscribe', subscribeAgain],
]);

/**
 * Opens a form. Callers check that the person may see the figures, which the form and its result show.
 *
 * @param id the name of the form and, after a space, its subject
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

/** Finds a form. The id of a message from another version may be unknown. */
function find(id: string): readonly [FormKind | undefined, string] {
  const [name = '', ...about] = id.split(' ');
  return [formKinds.get(name), about.join(' ')];
}
