import { z } from 'zod';
import type { RequestSeries } from '../../core/meters/poll.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { ask, ended, find, type Conversation, type Ended } from './conversation.ts';
import type { Answer } from './fetch.ts';

type Answers = Result<readonly Answer[], Ended>;

const AT_ONCE = 4;
/** A path with one of these would be another path. */
export const NOT_A_SEGMENT: readonly string[] = ['', '.', '..'];
const itemsSchema = z.array(
  z
    .union([z.string(), z.number()])
    .transform(String)
    .refine((item) => !NOT_A_SEGMENT.includes(item)),
);

/**
 * Makes the main request for each item of a list. A list that is longer than allowed is a failure, because a sum over some of its items
 * would be a wrong figure.
 *
 * @param list the answer of the last earlier request
 */
export async function askForItems(
  conversation: Conversation,
  { items: expression, most }: Extract<RequestSeries, { kind: 'items' }>,
  list: { readonly name: string; readonly answer: Answer },
): Promise<Answers> {
  const { definition } = conversation;
  // A list is no single value, so it is written as JSON.
  const found = await find(conversation, list.answer, [`$string($append([], (${expression})))`], list.name);
  if (!found.ok) return found;
  const [text = null] = found.value;
  const items = itemsSchema.safeParse(text === null ? null : JSON.parse(text));
  if (!items.success) return err(ended({ kind: 'no-value', name: 'item', expression }, list.name, list.answer));
  if (items.data.length > most) return err(ended({ kind: 'too-many', what: 'items', most }, null));
  const answers: Answer[] = [];
  for (let start = 0; start < items.data.length; start += AT_ONCE) {
    const some = items.data.slice(start, start + AT_ONCE).map((item) => ask(conversation, definition, null, { item }));
    for (const one of await Promise.all(some)) {
      if (!one.ok) return one;
      answers.push(one.value);
    }
  }
  return ok(answers);
}

/**
 * Makes the main request for each page. `next` sees the value of `{{page}}` as `$page`, because some answers tell only how many pages
 * there are. More pages than allowed are a failure, because their sum would be a wrong figure.
 */
export async function askForPages(
  conversation: Conversation,
  { next, first, most }: Extract<RequestSeries, { kind: 'pages' }>,
): Promise<Answers> {
  const answers: Answer[] = [];
  let template = conversation.definition;
  let page = first;
  for (;;) {
    const answered = await ask(conversation, template, null, { page });
    if (!answered.ok) return answered;
    answers.push(answered.value);
    const named = { ...conversation.named, page: JSON.stringify(isNumber(page) ? Number(page) : page) };
    const found = await find({ ...conversation, named }, answered.value, [next], null);
    if (!found.ok) return found;
    const [following = null] = found.value;
    if (following === null || following === '' || following === 'false') return ok(answers);
    if (answers.length === most) return err(ended({ kind: 'too-many', what: 'pages', most }, null));
    if (!isUrl(following)) page = following;
    else {
      const { url } = answered.value;
      const to = URL.canParse(following, url) ? new URL(following, url) : null;
      if (to?.origin !== new URL(url).origin) return err(ended({ kind: 'other-origin' }, null));
      template = { ...template, url: to.href };
    }
  }
}

/** Whether a page is counted. A cursor of many digits is text, because its last ones would be lost. */
function isNumber(page: string): boolean {
  return /^\d{1,9}$/.test(page);
}

/** Whether the next page is told by its address, which may lack the host. */
function isUrl(text: string): boolean {
  return /^(?:https?:\/)?\//i.test(text);
}
