import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { BotToken } from './bot-token.ts';
import { classifyFailure } from './errors.ts';

/** The workspace that the bot token belongs to, and the organisation above it. */
export type Home = {
  readonly team: string;
  readonly enterprise: string | null;
  /** What the token may do; null when Slack did not say. */
  readonly scopes: readonly string[] | null;
  /** When Slack took the token. */
  readonly at: Date;
};

export type HomeLookup = {
  /** Asks Slack when it is first needed, and not again once it has answered; null while it does not. */
  find(): Promise<Home | null>;
  /** What Slack has answered so far: nobody waits for it. */
  known(): Home | null;
};

/** A Slack that does not answer is not waited for by every command in turn. */
const NOT_AGAIN_MS = 10_000;

const identitySchema = z.object({
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** What Slack said of one token says nothing of the next. */
export function createHome({
  client,
  token,
  clock,
  log,
}: {
  readonly client: webApi.WebClient;
  readonly token: Pick<BotToken, 'current'>;
  readonly clock: Clock;
  readonly log: Log;
}): HomeLookup {
  let home: (Home & { readonly token: string | null }) | null = null;
  let asking: Promise<Home | null> | null = null;
  let notBefore = 0;

  async function ask(): Promise<Home | null> {
    const at = clock.now();
    const asked = token.current();
    try {
      const { team_id: team, enterprise_id: enterprise = null, response_metadata: said } = identitySchema.parse(await client.auth.test());
      home = { team, enterprise, scopes: said?.scopes ?? null, at, token: asked };
    } catch (error) {
      notBefore = clock.now().getTime() + NOT_AGAIN_MS;
      log.debug({ reason: classifyFailure(error).reason }, 'Slack does not say which workspace this is');
    }
    return known();
  }

  function known(): Home | null {
    return home?.token === token.current() ? home : null;
  }

  return {
    known,
    async find() {
      if (known() !== null || token.current() === null) return known();
      const leftMs = notBefore - clock.now().getTime();
      if (asking === null && leftMs > 0 && leftMs <= NOT_AGAIN_MS) return null;
      asking ??= ask().finally(() => (asking = null));
      return asking;
    },
  };
}
