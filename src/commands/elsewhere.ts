import { mention, placeNamed, richText } from '../core/text/rich-text.ts';
import type { Message } from '../core/text/message.ts';
import { typeItThemselves, typeItThere } from '../messages/replies/subscribed.ts';
import type { Requester } from '../ports/inbound/chat.ts';

/** `#ops`, `<#C0123|ops>`, `<#C0123>` behind a command, with `in`, `to` or `for` before it; `here`, which is where it is typed. */
const CHANNEL = /(?:^|\s)(?:(?:in|to|for)\s{1,9})?(?:<#([A-Z0-9]{1,40})(?:\|[^<>]{0,100})?>|#([\p{L}\p{N}][\p{L}\p{N}._-]{0,99}))$/iu;
/** The same of a person: `@tom`, `<@U0123|tom>`. */
const PERSON = /(?:^|\s)(?:(?:to|for)\s{1,9})?(?:<@([A-Z0-9]{1,40})(?:\|[^<>]{0,100})?>|@([\p{L}\p{N}][\p{L}\p{N}._-]{0,99}))$/iu;
const HERE = /(?:^|\s)(?:(?:in|to|for) )?(?:here|this channel)$/i;

/**
 * A command is for where it is typed. Where it names another channel or person, what to say to that; else what remains of it without
 * its `here`.
 *
 * @param word the command, as in `subscribe`
 * @param rest what was typed behind it
 */
export function elsewhere(word: string, rest: string, requester: Requester): { readonly rest: string } | { readonly told: Message } {
  const channel = CHANNEL.exec(rest);
  if (channel) {
    const [all, id, name = ''] = channel;
    const without = rest.slice(0, -all.length);
    // As plain text Slack sends what it does not know for a channel when it is typed: it is told apart by its name then.
    const isHere =
      id === undefined ? name.toLowerCase() === requester.placeName?.toLowerCase() : id.toUpperCase() === requester.place?.address;
    if (isHere) return { rest: without };
    const shown = id === undefined ? richText`#${name}` : richText`${placeNamed({ kind: requester.platform, address: id })}`;
    return { told: typeItThere(shown, typed(word, without, requester)) };
  }
  const person = PERSON.exec(rest);
  if (person) {
    const [all, id, name] = person;
    const without = rest.slice(0, -all.length);
    if (requester.direct && id === requester.user) return { rest: without };
    return {
      told: typeItThemselves(id === undefined ? richText`@${name ?? ''}` : richText`${mention(id)}`, typed(word, without, requester)),
    };
  }
  return { rest: rest.replace(HERE, '') };
}

function typed(word: string, rest: string, { invokedAs }: Requester): string {
  return [invokedAs, word, rest].filter((part) => part !== '').join(' ');
}
