import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { errorName } from '../../core/error-name.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SlackIdentity } from '../../ports/stores/slack-identity-store.ts';
import type { BotToken } from './bot-token.ts';
import { classifyFailure } from './errors.ts';

/** The workspace of the bot token and its organization. */
export type Workspace = SlackIdentity & {
  /** The scopes of the token. Null if Slack did not list them. */
  readonly scopes: readonly string[] | null;
  /** When Slack accepted the token. */
  readonly at: Date;
};

/** `refused`: Slack rejected the token. `unknown`: Slack does not answer and has never answered for this token. */
type Whose = ({ readonly kind: 'known' } & SlackIdentity) | { readonly kind: 'unknown' | 'refused' };

export type WorkspaceLookup = {
  /** Returns the workspace. Asks Slack at the first call, and no more after it has answered. Null as long as it does not answer. */
  find(): Promise<Workspace | null>;
  /** Returns Slack's answer to this process so far, without asking. Null if there is none. */
  known(): Workspace | null;
  /**
   * Returns the workspace of the token by Slack's current or earlier answer. An earlier answer still holds if Slack does not answer,
   * because a token never changes its workspace. Never throws.
   */
  whose(): Promise<Whose>;
};

/** Slack's answers about tokens, stored beyond the life of this process. */
export type IdentityMemory = {
  read(token: string): Promise<SlackIdentity | null>;
  keep(token: string, identity: SlackIdentity): Promise<void>;
};

/** If Slack did not answer, commands do not ask it again for this time. */
const NOT_AGAIN_MS = 10_000;

const identitySchema = z.object({
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

const NO_MEMORY: IdentityMemory = { read: async () => null, keep: async () => undefined };

/** Creates the lookup. Slack's answer about one token is never used for another. */
export function createWorkspaceLookup({
  client,
  token,
  memory = NO_MEMORY,
  clock,
  log,
}: {
  readonly client: webApi.WebClient;
  readonly token: Pick<BotToken, 'current' | 'team'>;
  readonly memory?: IdentityMemory | undefined;
  readonly clock: Clock;
  readonly log: Log;
}): WorkspaceLookup {
  let home: (Workspace & { readonly token: string | null }) | null = null;
  let remembered: (SlackIdentity & { readonly token: string }) | null = null;
  /** The token that Slack rejected when asked last. */
  let refused: string | null = null;
  let asking: Promise<Workspace | null> | null = null;
  let notBefore = 0;

  async function ask(): Promise<Workspace | null> {
    const at = clock.now();
    const asked = token.current();
    try {
      const { team_id: team, enterprise_id: enterprise = null, response_metadata: said } = identitySchema.parse(await client.auth.test());
      home = { team, enterprise, scopes: said?.scopes ?? null, at, token: asked };
      refused = null;
      if (asked !== null)
        void memory
          .keep(asked, { team, enterprise })
          .catch((error: unknown) => log.warn({ error: errorName(error) }, 'failed to store the workspace of the bot token'));
    } catch (error) {
      const outcome = classifyFailure(error);
      refused = outcome.outcome === 'rejected' && outcome.scope === 'installation' ? asked : null;
      notBefore = clock.now().getTime() + NOT_AGAIN_MS;
      log.debug({ reason: outcome.reason }, 'workspace of the bot token unknown: Slack did not answer');
    }
    return known();
  }

  function known(): Workspace | null {
    return home?.token === token.current() ? home : null;
  }

  async function find(): Promise<Workspace | null> {
    if (known() !== null || token.current() === null) return known();
    const leftMs = notBefore - clock.now().getTime();
    if (asking === null && leftMs > 0 && leftMs <= NOT_AGAIN_MS) return null;
    asking ??= ask().finally(() => (asking = null));
    return asking;
  }

  async function recall(current: string): Promise<SlackIdentity | null> {
    if (remembered?.token === current) return remembered;
    try {
      const identity = await memory.read(current);
      if (identity !== null) remembered = { ...identity, token: current };
      return identity;
    } catch (error) {
      log.debug({ error: errorName(error) }, 'failed to read the workspace of the bot token');
      return null;
    }
  }

  return {
    known,
    find,
    async whose() {
      const current = token.current();
      const identity = known() ?? (current === null ? null : await recall(current));
      if (identity === null) {
        const said = (await find()) ?? installedIn(token.team());
        return said === null
          ? { kind: refused !== null && refused === token.current() ? 'refused' : 'unknown' }
          : { kind: 'known', team: said.team, enterprise: said.enterprise };
      }
      // Not awaited. It makes the scopes and the time of the token known early.
      void find();
      return { kind: 'known', team: identity.team, enterprise: identity.enterprise };
    },
  };
}

/** Returns the workspace of an installation. Its organization is known only from `auth.test`. */
function installedIn(team: string | null): SlackIdentity | null {
  return team === null ? null : { team, enterprise: null };
}
