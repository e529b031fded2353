import type { Message } from '../../core/text/message.ts';
import { code, joined, mention, richText, type RichText } from '../../core/text/rich-text.ts';
import type { Person } from '../../core/text/person.ts';

/** The refusal for a person who is not a viewer. It reveals nothing about the credits, not even the names of meters. */
export function viewersOnlyMessage({ person, admins }: { readonly person: Person; readonly admins: readonly Person[] }): Message {
  const title = richText`Only some people may see the credits here.`;
  const whom = admins.length === 0 ? richText`the person who runs Creditwatch` : people(admins, ' or ');
  return {
    summary: title,
    title,
    lines: [richText`Ask ${whom} to add you to ${code('viewers')} in creditwatch.yml. Your ID is ${code(person.id)}.`],
  };
}

/** The refusal for a person who tries to change something for everybody, if creditwatch.yml names no admins. */
export function operatorOnlyMessage({ knowsAdmins }: { readonly knowsAdmins?: true }): Message {
  const title = knowsAdmins
    ? richText`Only an administrator of this workspace or the person who runs Creditwatch can change that.`
    : richText`Only the person who runs Creditwatch can change that.`;
  return {
    summary: title,
    title,
    lines: [richText`The person who runs Creditwatch can allow others: list them under ${code('admins')} in creditwatch.yml.`],
  };
}

/** Mentions people, separated by commas, with `last` before the last one. */
export function people(users: readonly Person[], last: string): RichText {
  const [first = [], ...others] = users.map((user) => richText`${mention(user)}`).toReversed();
  return others.length === 0 ? first : joined([joined(others.toReversed(), ', '), first], last);
}
