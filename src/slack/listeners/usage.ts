import { z } from 'zod';
import type { Message } from '../../core/words/message.ts';
import { BROKEN, UNAVAILABLE, unknownWorkspace } from '../../core/words/sorry.ts';
import type { Answer } from '../../ports/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/ingest.ts';
import type { Log } from '../../ports/log.ts';
import type { Respond } from '../respond.ts';
import { slackView } from '../views/message.ts';

/** Slack itself gives up on a command after three seconds. */
const PATIENCE_MS = 2500;
/** Later than this after the command, an answer is no longer expected. */
const LATEST_MS = 25_000;

/** The parts of a slash command that matter here (docs.slack.dev/interactivity/implementing-slash-commands). */
const commandSchema = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  team_id: z.string(),
  user_id: z.string(),
  response_url: z.url(),
});
type Command = z.infer<typeof commandSchema>;

export type UsageDeps = {
  readonly answer: Answer;
  readonly accountOf: (teamId: string) => string | null;
  readonly respond: Respond;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Answers the slash command to the asker alone. It acknowledges before anything else: whatever happens to the answer,
 * Slack is never left waiting. Never throws.
 */
export function usageListener({ answer, accountOf, respond, clock, log }: UsageDeps): (args: { command: unknown; ack: () => Promise<void> }) => Promise<void> {
  return async ({ command, ack }) => {
    await ack().catch((error: unknown) => log.warn({ error: nameOf(error) }, 'a command could not be acknowledged'));
    const parsed = commandSchema.safeParse(command);
    if (!parsed.success) return log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'a command lacks what it needs');
    await reply(parsed.data);
  };

  async function reply(command: Command): Promise<void> {
    const account = accountOf(command.team_id);
    if (account === null) return tell(command, unknownWorkspace(command.team_id));
    const outcome = outcomeOf(command, account);
    const inTime = await within(outcome, PATIENCE_MS);
    if (inTime !== null) return tell(command, inTime.message);
    await tell(command, UNAVAILABLE);
    const late = await within(outcome, LATEST_MS - PATIENCE_MS);
    if (late?.answered === true) await tell(command, late.message);
  }

  async function outcomeOf(command: Command, account: string): Promise<{ answered: boolean; message: Message }> {
    try {
      return { answered: true, message: await answer(asTyped(command.text), { account, platform: 'slack', user: command.user_id, invokedAs: command.command }) };
    } catch (error) {
      if (error instanceof StoreUnavailable) return { answered: false, message: UNAVAILABLE };
      log.error({ error }, 'a command failed');
      return { answered: false, message: BROKEN };
    }
  }

  async function tell(command: Command, message: Message): Promise<void> {
    const told = await respond(command.response_url, slackView(message, { possibleRepeat: false }));
    if (!told.ok) log.warn({ reason: told.error, team: command.team_id }, 'an answer could not be handed to Slack');
  }

  /** What `promise` comes to, or null when that takes longer. */
  async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
    const done = new AbortController();
    const timeout = clock.sleep(ms, done.signal).then(() => null);
    try {
      return await Promise.race([promise, timeout]);
    } finally {
      done.abort();
    }
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack escapes these three in what people type (docs.slack.dev, "Formatting message text"), but meters are named without. */
function asTyped(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
