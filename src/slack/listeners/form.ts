import { z } from 'zod';
import { FORM_GONE, notTaken, UNAVAILABLE, unknownWorkspace } from '../../messages/replies/errors.ts';
import { toRequester, type Invalid, type Reply } from '../../ports/inbound/chat.ts';
import { formView } from '../views/form.ts';
import { sanitizeText, strictLength } from '../../messages/text/sanitize-text.ts';
import { plainLine } from '../views/plain-text.ts';
import { requesterOf } from './requester.ts';
import { originSchema, teamOf } from './access.ts';
import { acknowledge, type ListenerParts } from './context.ts';
import { notesSchema } from './reply-channel.ts';

/** The answers other than a plain acknowledgement (docs.slack.dev/surfaces/modals, "Updating view"). */
type Instead =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: NonNullable<ReturnType<typeof formView>> };
type Ack = (instead?: Instead) => Promise<void>;

const MAX_PROBLEM = 300;

/** The parts of a submitted modal that are used (docs.slack.dev/reference/interaction-payloads/view-interactions-payload). */
const submissionSchema = originSchema.extend({
  trigger_id: z.string(),
  view: z.object({
    /** The workspace of the app, in a channel shared with another company. `team` is then the workspace of the person. */
    app_installed_team_id: z.string().nullish(),
    private_metadata: z.string().transform(parseJson).pipe(notesSchema),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(z.string(), z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() })),
      ),
    }),
  }),
});
type Values = Record<string, string>;

/**
 * Creates the listener for submitted forms. Slack waits 3 s for the answer, which decides whether the modal closes. If the form is
 * rejected, or cannot be saved now, the modal stays open with the reason and the values. Never throws.
 */
export function formListener(parts: ListenerParts): (args: { body: unknown; ack: Ack }) => Promise<void> {
  const { chat, accountOf, ways, patience, gate, rolesOf, once, log } = parts;
  return async ({ body, ack }) => {
    const parsed = submissionSchema.safeParse(body);
    if (!parsed.success) {
      log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'Slack form rejected: fields missing');
      return acknowledge(ack, log);
    }
    const { user, view, trigger_id: triggerId } = parsed.data;
    const isOurs = once(triggerId);
    if (isOurs === null) return acknowledge(ack, log);
    const team = view.app_installed_team_id ?? teamOf(parsed.data);
    const { form, account: openedFor, ...place } = view.private_metadata;
    const values = valuesOf(view.state.values);
    const account = accountOf(team);
    const way = ways.backFromForm({ place, account: account ?? '', team, user: user.id, triggerId });
    const submit = () =>
      patience.attempt(async (): Promise<Reply | Invalid> => {
        if (!(await isOurs())) return { kind: 'done' };
        if (account === null) return toRequester(unknownWorkspace(team));
        const refusal = await gate({ origin: parsed.data, account }, { change: true });
        if (refusal !== null) return toRequester(refusal);
        // The form's subject was found in the account for which the form was opened.
        if (openedFor !== account) return toRequester(FORM_GONE);
        return chat.submit({ form, values }, requesterOf({ ...place, account, user: user.id }, rolesOf));
      });

    const first = submit();
    const soon = await patience.soon(first);
    const answer = (instead?: Instead) => acknowledge(() => ack(instead), log);
    if (soon === null) return answer(problems({ [Object.keys(values)[0] ?? '']: plainLine(UNAVAILABLE.title) }, values));
    if (soon === 'late') {
      await answer();
      const late = await patience.later(first, submit, way);
      return late === null
        ? undefined
        : patience.give(late.kind === 'invalid' ? toRequester(notTaken(Object.values(late.problems))) : late, way);
    }
    if (soon.kind === 'invalid') return answer(problems(soon.problems, values));
    const next = soon.kind === 'form' ? formView(soon.form, JSON.stringify({ ...place, account: openedFor, form: soon.form.id })) : null;
    if (next !== null) return answer({ response_action: 'update', view: next });
    await answer();
    await patience.give(soon.kind === 'form' ? toRequester(soon.message) : soon, way);
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
function valuesOf(state: z.infer<typeof submissionSchema>['view']['state']['values']): Values {
  return Object.fromEntries(
    Object.entries(state).map(([name, inputs]) => [
      name,
      Object.values(inputs).map((one) => one.value ?? one.selected_option?.value ?? '')[0] ?? '',
    ]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
