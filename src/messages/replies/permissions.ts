import type { Message } from '../../core/text/message.ts';
import { code, joined, mention, richText, type RichText } from '../../core/text/rich-text.ts';
import type { Person } from '../../core/text/person.ts';

/** To somebody whom `viewers` of creditwatch.yml leaves out. It says nothing of the credits, not even the names of meters. */
export function viewersOnlyMessage({ person, admins }: { readonly person: Person; readonly admins: readonly Person[] }): Message {
  const title = richText`Only some people may see the credits here.`;
  const whom = admins.length === 0 ? richText`the person who runs Creditwatch` : people(admins, ' or ');
  return {
    summary: title,
    title,
    lines: [richText`Ask ${whom} to add you to ${code('viewers')} in creditwatch.yml. Your ID is ${code(person.id)}.`],
  };
}

/** To somebody who would change something for everybody where creditwatch.yml names no admins. */
export function operatorOnlyMessage({ knowsAdmins }: { readonly knowsAdmins?: true }): Message {
  const title = knowsAdmins
    ? richText`Only an administrator of this workspace or the person who runs Creditwatch can change that.`
    : richText`Only the person who runs Creditwatch can change that.`;
  return {
    summary: title,
    title,
    lines: [richText`To let others change it here, they list them under ${code('admins')} in creditwatch.yml.`],
  };
}

/** Names people, with `last` between the last two. */
export function people(users: readonly Person[], last: string): RichText {
  const [first = [], ...others] = users.map((user) => richText`${mention(user)}`).toReversed();
  return others.length === 0 ? first : joined([joined(others.toReversed(), ', '), first], last);
}
