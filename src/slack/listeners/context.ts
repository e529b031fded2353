import { errorName } from '../../core/error-name.ts';
import type { Chat } from '../../ports/inbound/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { RolesOf } from '../api/user-roles.ts';
import type { CommandNames } from '../api/command-names.ts';
import type { Access } from './access.ts';
import type { DeferredReplies } from '../../chat/deferred-reply.ts';
import type { ReplyChannel } from './reply-channel.ts';

/**
 * Takes what Slack hands over, by its id, once. Null for what this process has taken before; else what tells, as often as it is asked,
 * whether it is this process that takes it, or another one has. That throws StoreUnavailable while the database is away: then nothing is done.
 */
export type Once = (id: string) => (() => Promise<boolean>) | null;

/** What listeners work with. */
export type ListenerParts = {
  readonly chat: Chat;
  readonly accountOf: (teamId: string) => string | null;
  readonly ways: ReplyChannel;
  readonly patience: DeferredReplies;
  readonly gate: Access;
  readonly rolesOf: RolesOf;
  readonly commandNames: CommandNames;
  readonly once: Once;
  readonly log: Log;
};

/** Says to Slack that it arrived, before anything else is done: whatever happens to the answer, Slack is never left waiting. */
export async function acknowledge(ack: () => Promise<void>, log: Log): Promise<void> {
  await ack().catch((error: unknown) => log.warn({ error: errorName(error) }, 'Slack could not be told that something arrived'));
}
