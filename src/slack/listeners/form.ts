import type { AllMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { FORM_GONE, notTaken, UNAVAILABLE } from '../../messages/replies/errors.ts';
import { toRequester, type Invalid, type Reply } from '../../ports/inbound/chat.ts';
import { formView } from '../views/form.ts';
import { sanitizeText, strictLength } from '../../messages/text/sanitize-text.ts';
import { plainLine } from '../views/plain-text.ts';
import { acknowledge, logIncomplete, type ListenerParts } from './listener-parts.ts';
import { formNotes } from './reply-channel.ts';
import { requestIn } from './context.ts';

/** The answers other than a plain acknowledgement (docs.slack.dev/surfaces/modals, "Updating view"). */
type Instead =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: NonNullable<ReturnType<typeof formView>> };
type Ack = (instead?: Instead) => Promise<void>;
type Args = Pick<AllMiddlewareArgs, 'context'> & { readonly view: unknown; readonly ack: Ack };

const MAX_PROBLEM = 300;

/** The form of a submitted modal and its values (docs.slack.dev/reference/interaction-payloads/view-interactions-payload). */
const viewSchema = z.object({
  private_metadata: formNotes,
  state: z.object({
    values: z.record(
      z.string(),
      z.record(z.string(), z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() })),
    ),
  }),
});
type Values = Record<string, string>;

/**
 * Creates the listener for submitted forms. Slack waits 3 s for the answer, which decides whether the modal closes. If the form is
 * rejected, or cannot be saved now, the modal stays open with the reason and the values. Never throws.
 */
export function formListener({ chat, deferredReplies, log }: ListenerParts): (args: Args) => Promise<void> {
  return async ({ view: sent, context, ack }) => {
    const { isOurs, refusal, requester, reply } = requestIn(context);
    const view = viewSchema.safeParse(sent);
    if (!view.success) {
      logIncomplete('form', view.error, log);
      return acknowledge(ack, log);
    }
    const { form, account: openedFor, ...place } = view.data.private_metadata;
    const values = valuesOf(view.data.state.values);
    const submit = () =>
      deferredReplies.attempt(async (): Promise<Reply | Invalid> => {
        if (!(await isOurs())) return { kind: 'done' };
        const refused = await refusal({ change: true });
        if (refused !== null) return toRequester(refused);
        // The form's subject was found in the account for which the form was opened.
        if (openedFor !== requester.account) return toRequester(FORM_GONE);
        return chat.submit({ form, values }, requester);
      });

    const first = submit();
    const soon = await deferredReplies.soon(first);
    const answer = (instead?: Instead) => acknowledge(() => ack(instead), log);
    if (soon === null) return answer(problems({ [Object.keys(values)[0] ?? '']: plainLine(UNAVAILABLE.title) }, values));
    if (soon === 'late') {
      await answer();
      const late = await deferredReplies.later(first, submit, reply);
      return late === null
        ? undefined
        : deferredReplies.give(late.kind === 'invalid' ? toRequester(notTaken(Object.values(late.problems))) : late, reply);
    }
    if (soon.kind === 'invalid') return answer(problems(soon.problems, values));
    const next = soon.kind === 'form' ? formView(soon.form, JSON.stringify({ ...place, account: openedFor, form: soon.form.id })) : null;
    if (next !== null) return answer({ response_action: 'update', view: next });
    await answer();
    await deferredReplies.give(soon.kind === 'form' ? toRequester(soon.message) : soon, reply);
  };
}

/** Puts each problem under its field. Slack does not show a problem for a field that does not exist. */
function problems(said: Readonly<Record<string, string>>, values: Values): Instead {
  const errors: Record<string, string> = {};
  for (const [name, problem] of Object.entries(said))
    errors[name in values ? name : (Object.keys(values)[0] ?? name)] = sanitizeText(problem, MAX_PROBLEM, strictLength);
  return { response_action: 'errors', errors };
}

/** Returns the value of each field, of any kind. An empty field is an empty text. */
function valuesOf(state: z.infer<typeof viewSchema>['state']['values']): Values {
  return Object.fromEntries(
    Object.entries(state).map(([name, inputs]) => [
      name,
      Object.values(inputs).map((one) => one.value ?? one.selected_option?.value ?? '')[0] ?? '',
    ]),
  );
}
