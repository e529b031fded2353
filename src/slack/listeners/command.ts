import type { AllMiddlewareArgs } from '@slack/bolt';
import { toRequester } from '../../ports/inbound/chat.ts';
import type { ListenerParts } from './listener-parts.ts';
import { requestIn } from './context.ts';

type Args = Pick<AllMiddlewareArgs, 'context'> & { readonly command: { readonly text?: string } };

/** Creates the listener for slash commands. The reply is visible only to the requester. Never throws. */
export function commandListener({ chat, deferredReplies, commandNames }: ListenerParts): (args: Args) => Promise<void> {
  return async ({ command, context }) => {
    const { isOurs, refusal, requester, reply } = requestIn(context);
    await deferredReplies.answer(async () => {
      if (!(await isOurs())) return { kind: 'done' };
      // The commands themselves check who may change something.
      const refused = await refusal({ change: false });
      if (refused !== null) return toRequester(refused);
      commandNames.seen(requester.account, requester.invokedAs);
      return chat.answer(asTyped(command.text ?? ''), requester);
    }, reply);
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * Decodes the three characters that Slack escapes in typed text (docs.slack.dev, "Formatting message text"). Names of meters contain them
 * unescaped.
 */
function asTyped(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}
