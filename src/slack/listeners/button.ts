import type { AllMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { buttonActions } from '../../core/text/message.ts';
import { BUTTON_GONE } from '../../messages/replies/errors.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import { actionOf } from '../views/buttons.ts';
import { logIncomplete, type ListenerParts } from './listener-parts.ts';
import { requestIn } from './context.ts';

/** The button of a click (docs.slack.dev/reference/interaction-payloads/block_actions-payload). An action of an earlier version is null. */
const buttonSchema = z.object({
  action_id: z.string().transform((id) => buttonActions.find((one) => one === actionOf(id)) ?? null),
  value: z.string().default(''),
});

type Args = Pick<AllMiddlewareArgs, 'context'> & { readonly action: unknown };

/** Creates the listener for buttons. It performs the action and replies to the person who clicked. Never throws. */
export function buttonListener({ chat, deferredReplies, log }: ListenerParts): (args: Args) => Promise<void> {
  return async ({ action: sent, context }) => {
    const { isOurs, refusal, requester, reply } = requestIn(context);
    const button = buttonSchema.safeParse(sent);
    if (!button.success) return logIncomplete('click', button.error, log);
    const { action_id: action, value } = button.data;
    if (action === null) return reply.say(BUTTON_GONE, 'requester');
    await deferredReplies.answer(async () => {
      if (!(await isOurs())) return { kind: 'done' };
      const refused = await refusal({ change: action !== 'show' });
      return refused === null ? chat.clickButton({ action, value }, requester) : toRequester(refused);
    }, reply);
  };
}
