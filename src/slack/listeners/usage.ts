import { z } from 'zod';
import { BROKEN, UNAVAILABLE, unknownWorkspace } from '../../core/words/sorry.ts';
import { toAsker, type Asker, type Chat, type Reply } from '../../ports/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/ingest.ts';
import type { Log } from '../../ports/log.ts';
import type { Respond } from '../respond.ts';

/** Slack itself gives up on a command after three seconds. */
const PATIENCE_MS = 2500;
/** Later than this after the command, an answer is no longer expected. */
const LATEST_MS = 25_000;
const AGAIN_AFTER_MS = 500;

/** The parts of a slash command that matter here (docs.slack.dev/interactivity/implementing-slash-commands). */
const commandSchema = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
  response_url: z.url(),
});
type Command = z.infer<typeof commandSchema>;

export type UsageDeps = {
  readonly chat: Chat;
  readonly accountOf: (teamId: string) => string | null;
  readonly respond: Respond;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the room stops: an answer under way is still given, but none is tried again. */
  readonly stopping: AbortSignal;
};

/**
 * Answers the slash command to the asker alone. It acknowledges before anything else: whatever happens to the answer,
 * Slack is never left waiting. Never throws.
 */
export function usageListener({ chat, accountOf, respond, clock, log, stopping }: UsageDeps): (args: { command: unknown; ack: () => Promise<void> }) => Promise<void> {
  return async ({ command, ack }) => {
    await ack().catch((error: unknown) => log.warn({ error: nameOf(error) }, 'a command could not be acknowledged'));
    const parsed = commandSchema.safeParse(command);
    if (!parsed.success) return log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'a command lacks what it needs');
    await reply(parsed.data);
  };

  async function reply(command: Command): Promise<void> {
    const account = accountOf(command.team_id);
    if (account === null) return tell(command, toAsker(unknownWorkspace(command.team_id)));
    const first = ask(command, account);
    const soon = await within(first, PATIENCE_MS);
    if (soon !== null) return tell(command, soon);
    await tell(command, toAsker(UNAVAILABLE));
    const late = await untilAnswered(first, () => ask(command, account));
    if (late !== null) await tell(command, late);
  }

  /** Null when the store does not answer. */
  async function ask(command: Command, account: string): Promise<Reply | null> {
    try {
      return await chat.answer(asTyped(command.text), askerOf(command, account));
    } catch (error) {
      if (error instanceof StoreUnavailable) return null;
      log.error({ error }, 'a command failed');
      return toAsker(BROKEN);
    }
  }

  /** Who was told that figures are missing gets them when they are back, unless that takes too long. */
  async function untilAnswered(first: Promise<Reply | null>, askAgain: () => Promise<Reply | null>): Promise<Reply | null> {
    const tooLate = new AbortController();
    const over = AbortSignal.any([tooLate.signal, stopping]);
    const answered = (async () => {
      let reply = await first;
      while (reply === null) {
        await clock.sleep(AGAIN_AFTER_MS, over);
        if (over.aborted) return null;
        reply = await askAgain();
      }
      return reply;
    })();
    const reply = await within(answered, LATEST_MS - PATIENCE_MS);
    tooLate.abort();
    return reply;
  }

  async function tell(command: Command, reply: Reply): Promise<void> {
    if (reply.kind === 'done') return;
    const told = await respond(command.response_url, reply.message, reply.kind === 'form' ? 'asker' : reply.to);
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

/** Of a direct message the person is the place: its channel is of no use to anybody else. */
function askerOf({ user_id: user, channel_id: channel, command }: Command, account: string): Asker {
  const direct = channel.startsWith('D');
  return { account, platform: 'slack', user, invokedAs: command, place: { kind: 'slack', address: direct ? user : channel }, direct, isPlatformAdmin: async () => false };
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack escapes these three in what people type (docs.slack.dev, "Formatting message text"), but meters are named without. */
function asTyped(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
