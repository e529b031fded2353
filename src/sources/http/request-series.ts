import { z } from 'zod';
import type { RequestSeries, RequestTemplate } from '../../core/meters/poll.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeholderValues, renderRequest } from '../../core/meters/render-request.ts';
import { ask, ended, find, textOf, type Conversation, type Ended } from './conversation.ts';
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
  // A list is no single value, so it is written as JSON. A list that is gone is not an empty one.
  const asText = `($items := (${expression}); $exists($items) and $items != null ? $string($append([], $items)))`;
  const found = await find(conversation, list.answer, [asText], list.name);
  if (!found.ok) return found;
  const text = textOf(found.value[0]);
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
 * there are. More pages than allowed, a page that was asked for already, and a `next` that fails are failures, because the sum would be
 * a wrong figure. An address is followed only at the host of the source itself: the key is sent to no other, not even after a redirect.
 */
export async function askForPages(
  conversation: Conversation,
  { next, first, most }: Extract<RequestSeries, { kind: 'pages' }>,
): Promise<Answers> {
  const { definition, begunAt } = conversation;
  const { origin } = new URL(definition.url);
  const answers: Answer[] = [];
  const asked = new Set<string>();
  let template: RequestTemplate = definition;
  let page = first;
  for (;;) {
    const { url, body, headers } = renderRequest(template, placeholderValues({ ...conversation.values, page }, begunAt, definition.period));
    const request = JSON.stringify([url, body, headers]);
    if (asked.has(request)) return err(ended({ kind: 'same-page' }, null));
    asked.add(request);
    const answered = await ask(conversation, template, null, { page });
    if (!answered.ok) return answered;
    answers.push(answered.value);
    const named = { ...conversation.named, page: JSON.stringify(isNumber(page) ? Number(page) : page) };
    const found = await find({ ...conversation, named }, answered.value, [next], null);
    if (!found.ok) return found;
    const [result] = found.value;
    const isLast =
      result?.found === 'nothing' ||
      (result?.found === 'value' && (result.value === null || result.value === false || result.value === ''));
    if (isLast) return ok(answers);
    const following = textOf(result);
    if (following === null || NOT_A_SEGMENT.includes(following))
      return err(ended({ kind: 'no-value', name: 'page', expression: next }, null, answered.value));
    if (answers.length === most) return err(ended({ kind: 'too-many', what: 'pages', most }, null));
    if (!isUrl(following)) page = following;
    else {
      const { url: here } = answered.value;
      const to = URL.canParse(following, here) ? new URL(following, here) : null;
      if (new URL(here).origin !== origin || to?.origin !== origin) return err(ended({ kind: 'other-origin' }, null));
      // What a vendor writes is no placeholder.
      template = { ...template, url: to.href.replaceAll('{', '%7B').replaceAll('}', '%7D') };
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
