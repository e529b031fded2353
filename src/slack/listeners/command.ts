import { z } from 'zod';
import { unknownWorkspace } from '../../messages/replies/errors.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import { requesterOf, isGroupMessage } from './requester.ts';
import { acknowledge, type ListenerParts } from './context.ts';

/** The parts of a slash command that are used (docs.slack.dev/interactivity/implementing-slash-commands). */
const commandSchema = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  team_id: z.string(),
  channel_id: z.string(),
  channel_name: z.string().optional(),
  user_id: z.string(),
  response_url: z.url(),
  trigger_id: z.string(),
});

/** Creates the listener for slash commands. The reply is visible only to the requester. Never throws. */
export function commandListener({
  chat,
  accountOf,
  ways,
  patience,
  gate,
  rolesOf,
  commandNames,
  once,
  log,
}: ListenerParts): (args: { command: unknown; ack: () => Promise<void> }) => Promise<void> {
  return async ({ command, ack }) => {
    await acknowledge(ack, log);
    const parsed = commandSchema.safeParse(command);
    if (!parsed.success)
      return log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'Slack command rejected: fields missing');
    const {
      command: invokedAs,
      text,
      team_id: team,
      channel_id: channel,
      channel_name: channelName,
      user_id: user,
      response_url: responseUrl,
      trigger_id: triggerId,
    } = parsed.data;
    const isOurs = once(triggerId);
    if (isOurs === null) return;
    const place = { responseUrl, channel, invokedAs, isGroupMessage: isGroupMessage(channelName) };
    const account = accountOf(team);
    const way = ways.back({ place, account: account ?? '', team, triggerId });
    if (account === null) return way.say(unknownWorkspace(team), 'requester');
    const requester = requesterOf({ ...place, account, user, channelName }, rolesOf);
    await patience.answer(async () => {
      if (!(await isOurs())) return { kind: 'done' };
      // The commands themselves check who may change something.
      const refusal = await gate({ origin: { user: { id: user, team_id: team } }, account }, { change: false });
      if (refusal !== null) return toRequester(refusal);
      commandNames.seen(account, invokedAs);
      return chat.answer(asTyped(text), requester);
    }, way);
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
