import { mention, placeNamed, richText } from '../core/text/rich-text.ts';
import type { Message } from '../core/text/message.ts';
import { typeItThemselves, typeItThere } from '../messages/replies/subscribed.ts';
import type { Requester } from '../ports/inbound/chat.ts';

/** A channel after a command, with an optional `in`, `to` or `for`: `#ops`, `<#C0123|ops>`, `<#C0123>`. */
const CHANNEL = /(?:^|\s)(?:(?:in|to|for)\s{1,9})?(?:<#([A-Z0-9]{1,40})(?:\|[^<>]{0,100})?>|#([\p{L}\p{N}][\p{L}\p{N}._-]{0,99}))$/iu;
/** A person after a command: `@tom`, `<@U0123|tom>`. */
const PERSON = /(?:^|\s)(?:(?:to|for)\s{1,9})?(?:<@([A-Z0-9]{1,40})(?:\|[^<>]{0,100})?>|@([\p{L}\p{N}][\p{L}\p{N}._-]{0,99}))$/iu;
const HERE = /(?:^|\s)(?:(?:in|to|for) )?(?:here|this channel)$/i;

/**
 * A command applies to the place where it is typed. Returns the answer if it names another channel or person, else the text without its
 * `here`.
 *
 * @param word the command: `subscribe`
 * @param rest the text after it
 */
export function elsewhere(word: string, rest: string, requester: Requester): { readonly rest: string } | { readonly refusal: Message } {
  const channel = CHANNEL.exec(rest);
  if (channel) {
    const [all, id, name = ''] = channel;
    const without = rest.slice(0, -all.length);
    // Slack sends a channel that it did not recognise while typing as plain text, so it is compared by name.
    const isHere =
      id === undefined ? name.toLowerCase() === requester.placeName?.toLowerCase() : id.toUpperCase() === requester.place?.address;
    if (isHere) return { rest: without };
    const shown = id === undefined ? richText`#${name}` : richText`${placeNamed({ kind: requester.person.platform, address: id })}`;
    return { refusal: typeItThere(shown, typed(word, without, requester)) };
  }
  const person = PERSON.exec(rest);
  if (person) {
    const [all, id, name] = person;
    const without = rest.slice(0, -all.length);
    if (requester.direct && id === requester.person.id) return { rest: without };
    return {
      refusal: typeItThemselves(
        id === undefined ? richText`@${name ?? ''}` : richText`${mention({ platform: requester.person.platform, id })}`,
        typed(word, without, requester),
      ),
    };
  }
  return { rest: rest.replace(HERE, '') };
}

function typed(word: string, rest: string, { invokedAs }: Requester): string {
  return [invokedAs, word, rest].filter((part) => part !== '').join(' ');
}
