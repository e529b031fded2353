import { z } from 'zod';
import { buttonActions } from '../../core/text/message.ts';
import { BUTTON_GONE, unknownWorkspace } from '../../messages/replies/errors.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import { actionOf } from '../views/buttons.ts';
import { requesterOf, isGroupMessage } from './requester.ts';
import { originSchema, teamOf } from './access.ts';
import { acknowledge, type ListenerParts } from './context.ts';

/** The parts of a click that are used (docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
const pressSchema = originSchema.extend({
  channel: z.object({ id: z.string(), name: z.string().optional() }),
  response_url: z.url(),
  trigger_id: z.string(),
  actions: z.tuple([z.object({ action_id: z.string().transform(actionOf), value: z.string().default('') })], z.unknown()),
});

/** Creates the listener for buttons. It performs the action and replies to the person who clicked. Never throws. */
export function buttonListener(parts: ListenerParts): (args: { body: unknown; ack: () => Promise<void> }) => Promise<void> {
  const { chat, accountOf, ways, patience, gate, rolesOf, commandNames, once, log } = parts;
  return async ({ body, ack }) => {
    await acknowledge(ack, log);
    const parsed = pressSchema.safeParse(body);
    if (!parsed.success)
      return log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'Slack button rejected: fields missing');
    const { user, channel, response_url: responseUrl, trigger_id: triggerId, actions } = parsed.data;
    const isOurs = once(triggerId);
    if (isOurs === null) return;
    const team = teamOf(parsed.data);
    const account = accountOf(team);
    const place = {
      responseUrl,
      channel: channel.id,
      invokedAs: commandNames.of(account ?? ''),
      isGroupMessage: isGroupMessage(channel.name),
    };
    const way = ways.back({ place, account: account ?? '', team, triggerId });
    if (account === null) return way.say(unknownWorkspace(team), 'requester');
    const action = buttonActions.find((one) => one === actions[0].action_id);
    if (action === undefined) return way.say(BUTTON_GONE, 'requester');
    const requester = requesterOf({ ...place, account, user: user.id }, rolesOf);
    await patience.answer(async () => {
      if (!(await isOurs())) return { kind: 'done' };
      const refusal = await gate({ origin: parsed.data, account }, { change: action !== 'show' });
      return refusal === null ? chat.clickButton({ action, value: actions[0].value }, requester) : toRequester(refusal);
    }, way);
  };
}
