import type { TokenRequest } from '../../core/meters/poll.ts';
import { placeholderValues } from '../../core/meters/render-request.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { ask, ended, find, textOf, type Conversation, type Ended } from './conversation.ts';
import { signAssertion } from './sign-assertion.ts';

const NAME = 'token';
/** A token is renewed this long before it expires, because a poll takes time. */
const EARLY_MS = 60_000;
/** A header takes no other characters. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Requests a token and gives it to the cache until shortly before it expires. */
export async function requestToken(conversation: Conversation, template: TokenRequest): Promise<Result<string, Ended>> {
  const { definition, tools } = conversation;
  const { token: expression, expiresIn, jwt } = template;
  const at = tools.now();
  const signed = jwt === null ? ok('') : await signAssertion(jwt, placeholderValues({}, at, definition.period), at);
  if (!signed.ok) return err(ended(signed.error, NAME));
  const answered = await ask(conversation, template, NAME, { jwt: signed.value });
  if (!answered.ok) return err(withoutAnswer(answered.error));
  const found = await find(conversation, answered.value, [expression, ...('expression' in expiresIn ? [expiresIn.expression] : [])], NAME);
  if (!found.ok) return err(withoutAnswer(found.error));
  const [token, seconds] = [textOf(found.value[0]), textOf(found.value[1])];
  if (token === null || !TOKEN.test(token)) return err(ended({ kind: 'no-value', name: 'token', expression }, NAME));
  tools.onSecret?.(token);
  const until = new Date(at.getTime() + Number('constant' in expiresIn ? expiresIn.constant : (seconds ?? 0)) * 1000 - EARLY_MS);
  if (until > at) await tools.tokens?.save(token, until);
  return ok(token);
}

/** The answer may hold a token, so it is not shown to anyone. */
function withoutAnswer({ failure }: Ended): Ended {
  return { failure, answer: null };
}
