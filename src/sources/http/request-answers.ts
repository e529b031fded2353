import type { PollDefinition } from '../../core/meters/poll.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { ALL_WITHIN_MS, ask, ended, find, textOf, type Conversation, type Ended, type PollTools } from './conversation.ts';
import type { Job } from './evaluator.ts';
import type { Answer } from './fetch.ts';
import { askForItems, askForPages, NOT_A_SEGMENT } from './request-series.ts';
import { requestToken } from './request-token.ts';

/** All answers of a poll. `answer`: the last one of the main request; null if there was no item to ask for. */
type Answered = { readonly answer: Answer | null; readonly text: Job['text']; readonly named: Readonly<Record<string, string>> };

const UNAUTHORIZED = 401;

/**
 * Makes the requests of a poll: for a token, then the earlier ones, then the main one as often as needed. Never throws for anything that
 * an endpoint or a network can do.
 *
 * @param begunAt the time of all dates in the requests
 * @throws {StoreUnavailable} from the token cache
 */
export async function requestAnswers(definition: PollDefinition, tools: PollTools, begunAt: Date): Promise<Result<Answered, Ended>> {
  const begun: Conversation = {
    definition,
    tools,
    begunAt,
    values: {},
    named: {},
    until: performance.now() + ALL_WITHIN_MS,
    taken: { bytes: 0 },
  };
  if (definition.token === null) return answersWith(begun);
  const kept = (await tools.tokens?.read()) ?? null;
  if (kept !== null) {
    tools.onSecret?.(kept);
    const answered = await answersWith(withValues(begun, { token: kept }));
    // The vendor may end a token before its time.
    if (answered.ok || answered.error.failure.kind !== 'status' || answered.error.failure.status !== UNAUTHORIZED) return answered;
  }
  const token = await requestToken(begun, definition.token);
  return token.ok ? answersWith(withValues(begun, { token: token.value })) : token;
}

async function answersWith(begun: Conversation): Promise<Result<Answered, Ended>> {
  const { definition } = begun;
  const { series } = definition;
  let conversation = begun;
  let last: { readonly name: string; readonly answer: Answer } | null = null;
  for (const { name, values: wanted, ...template } of definition.requests) {
    const answered = await ask(conversation, template, name);
    if (!answered.ok) return answered;
    const found = await find(conversation, answered.value, Object.values(wanted), name);
    if (!found.ok) return found;
    const values: Record<string, string> = {};
    for (const [index, [value, expression]] of Object.entries(wanted).entries()) {
      const text = textOf(found.value[index]) ?? '';
      if (NOT_A_SEGMENT.includes(text)) return err(ended({ kind: 'no-value', name: value, expression }, name, answered.value));
      values[value] = text;
      conversation.tools.onSecret?.(text);
    }
    const { named } = conversation;
    conversation = { ...withValues(conversation, values), named: { ...named, [name]: answered.value.text } };
    last = { name, answer: answered.value };
  }
  const { named } = conversation;
  if (series === null || (series.kind === 'items' && last === null)) {
    const answered = await ask(conversation, definition, null);
    return answered.ok ? ok({ answer: answered.value, text: answered.value.text, named }) : answered;
  }
  const all = series.kind === 'pages' ? await askForPages(conversation, series) : last && (await askForItems(conversation, series, last));
  if (!all?.ok) return all ?? ok({ answer: null, text: [], named });
  return ok({ answer: all.value.at(-1) ?? null, text: all.value.map(({ text }) => text), named });
}

function withValues(conversation: Conversation, values: Readonly<Record<string, string>>): Conversation {
  return { ...conversation, values: { ...conversation.values, ...values } };
}
