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

/** What Slack may be told instead of a plain acknowledgement (docs.slack.dev/surfaces/modals, "Updating view"). */
type Instead =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: NonNullable<ReturnType<typeof formView>> };
type Ack = (instead?: Instead) => Promise<void>;

const MAX_PROBLEM = 300;

/** The parts of a filled-in modal that matter here (docs.slack.dev/reference/interaction-payloads/view-interactions-payload). */
const submissionSchema = originSchema.extend({
  trigger_id: z.string(),
  view: z.object({
    /** In a channel shared with another company, where the app lives; `team` is then where the person does. */
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
 * Takes what was filled in. Slack waits for this answer, for three seconds, to know whether the modal closes: what cannot be
 * taken, or not now, is said in it and what was typed stays. Never throws.
 */
export function formListener(parts: ListenerParts): (args: { body: unknown; ack: Ack }) => Promise<void> {
  const { chat, accountOf, ways, patience, gate, rolesOf, once, log } = parts;
  return async ({ body, ack }) => {
    const parsed = submissionSchema.safeParse(body);
    if (!parsed.success) {
      log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'a form lacks what it needs');
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
        // What it is about was found in the account that it was opened for.
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

/** Under the fields they belong to. Slack shows none that names a field which is not there. */
function problems(said: Readonly<Record<string, string>>, values: Values): Instead {
  const errors: Record<string, string> = {};
  for (const [name, problem] of Object.entries(said))
    errors[name in values ? name : (Object.keys(values)[0] ?? name)] = sanitizeText(problem, MAX_PROBLEM, strictLength);
  return { response_action: 'errors', errors };
}

/** What stands in each field, whatever kind it is; nothing filled in is an empty text. */
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
