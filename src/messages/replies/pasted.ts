import type { Machine, Pasted } from '../../core/audit/pasted.ts';
import { isTerminal } from '../../core/notifications/route.ts';
import { sourceName } from '../../core/vendors/recognise.ts';
import { SOMEBODY, type Person } from '../../core/text/person.ts';
import type { Message } from '../../core/text/message.ts';
import { joined, mention, richText, when, type RichText } from '../../core/text/rich-text.ts';

/** `Pasted by @anna, Sun 18:40. Earlier figures came from an ingest key.`: the origin of the figures that a meter shows. */
export function pastedLine({ by, at, over }: Pasted): RichText {
  const who = by.id === null ? SOMEBODY : { platform: by.platform, id: by.id };
  const how = isTerminal(by.platform) ? 'Imported in the terminal by' : 'Pasted by';
  return richText`${how} ${isTerminal(by.platform) ? who.id : mention(who)}, ${when(at)}${over === null ? '' : `. Earlier figures came from ${FROM[over]}`}.`;
}

const FROM: Readonly<Record<Machine, string>> = { push: 'an ingest key', poll: 'polling' };

const SENDS: Readonly<Record<Machine, string>> = {
  push: 'gets its figures from an ingest key',
  poll: 'is polled for its figures',
};

type PasteRefused = { readonly machine: Machine; readonly admins: readonly Person[]; readonly knowsAdmins: boolean };

/**
 * Explains why a person may not paste figures into a source, as plain text for the field of a form.
 *
 * @param refused.admins the admins that creditwatch.yml names; empty if it names none
 * @param refused.knowsAdmins whether the platform tells who administers the workspace; administrators may paste too
 */
export function pasteRefused(source: string, { machine, admins, knowsAdmins }: PasteRefused): string {
  const why = `${sourceName(source)} ${SENDS[machine]}, so only an admin can paste over them. Nothing was saved.`;
  return admins.length === 0 ? `${why} ${noAdmins(knowsAdmins)}` : `${why} Ask an admin that creditwatch.yml names to paste them.`;
}

function noAdmins(knowsAdmins: boolean): string {
  const who = knowsAdmins ? 'an administrator of this workspace can paste them, or the operator' : 'only the operator can paste them,';
  return `creditwatch.yml names no admins: ${who} with npx creditwatch import.`;
}

/** The same as a message that names the admins to ask. */
export function pasteRefusedMessage(source: string, { machine, admins, knowsAdmins }: PasteRefused): Message {
  const title = richText`${sourceName(source)} ${SENDS[machine]}. Only an admin can paste over them.`;
  const people = joined(
    admins.map((admin) => richText`${mention(admin)}`),
    ' or ',
  );
  return {
    summary: title,
    title,
    lines: [admins.length === 0 ? richText`${noAdmins(knowsAdmins)}` : richText`Ask ${people} to paste them.`],
  };
}
