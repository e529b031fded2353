import type { z } from 'zod';
import { errorName } from '../../core/error-name.ts';
import type { Chat } from '../../ports/inbound/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { RolesOf } from '../api/user-roles.ts';
import type { CommandNames } from '../api/command-names.ts';
import type { Access } from './access.ts';
import type { DeferredReplies } from '../../chat/deferred-reply.ts';
import type { ReplyChannel } from './reply-channel.ts';

/**
 * Accepts a request from Slack once, by its ID. Returns null if this process has accepted it before. Otherwise, returns a function that
 * tells whether this process handles the request, or another process has claimed it. That function may be called repeatedly. It throws
 * StoreUnavailable if the database cannot be reached; then the request must not be handled.
 */
export type Once = (id: string) => (() => Promise<boolean>) | null;

/** The parts that listeners share. */
export type ListenerParts = {
  readonly chat: Chat;
  readonly accountOf: (teamId: string) => string | null;
  readonly replyChannel: ReplyChannel;
  readonly deferredReplies: DeferredReplies;
  readonly access: Access;
  readonly rolesOf: RolesOf;
  readonly commandNames: CommandNames;
  readonly once: Once;
  readonly log: Log;
};

/** Logs which parts a payload of Slack lacks. `kind`: what it would have been, such as `form`. */
export function logIncomplete(kind: string, { issues }: z.ZodError, log: Log): void {
  log.warn({ kind, issues: issues.map(({ path }) => path.join('.')) }, 'Slack request rejected: fields missing');
}

/** Acknowledges a request before anything else is done, so that Slack does not wait for the reply. Never throws. */
export async function acknowledge(ack: () => Promise<void>, log: Log): Promise<void> {
  await ack().catch((error: unknown) => log.warn({ error: errorName(error) }, 'failed to acknowledge a Slack request'));
}
