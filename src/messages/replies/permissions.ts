import type { Message } from '../../core/text/message.ts';
import { code, joined, mention, say, type Phrase } from '../../core/text/rich-text.ts';

/** To somebody whom `viewers` of creditwatch.yml leaves out. It says nothing of the credits, not even the names of meters. */
export function lookRefusedWords({ user, admins }: { readonly user: string; readonly admins: readonly string[] }): Message {
  const title = say`Who may look at the credits is limited here.`;
  const whom = admins.length === 0 ? say`the person who runs Creditwatch` : people(admins, ' or ');
  return {
    summary: title,
    title,
    lines: [say`Ask ${whom} to add you to ${code('viewers')} in creditwatch.yml. Your ID is ${code(user)}.`],
  };
}

/** To somebody who would change something for everybody where creditwatch.yml names no admins. */
export function operatorOnlyWords({ platform }: { readonly platform: string }): Message {
  const title =
    platform === 'slack'
      ? say`Only an administrator of this workspace or the person who runs Creditwatch can change that.`
      : say`Only the person who runs Creditwatch can change that.`;
  return {
    summary: title,
    title,
    lines: [say`To let others change it here, they name them under ${code('admins')} in creditwatch.yml.`],
  };
}

/** Platform user ids as mentions, with `last` between the last two. */
export function people(users: readonly string[], last: string): Phrase {
  const [first = [], ...others] = users.map((user) => say`${mention(user)}`).toReversed();
  return others.length === 0 ? first : joined([joined(others.toReversed(), ', '), first], last);
}
