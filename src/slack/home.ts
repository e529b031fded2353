import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import { classifyFailure } from './errors.ts';

/** The workspace that the bot token belongs to, and the organisation above it. */
export type Home = { readonly team: string; readonly enterprise: string | null };

const identitySchema = z.object({ team_id: z.string(), enterprise_id: z.string().optional() });

/** Asks Slack when it is first needed, and not again once it has answered; null while it does not. */
export function createHome(client: webApi.WebClient, log: Log): () => Promise<Home | null> {
  let home: Home | null = null;
  return async () => {
    if (home !== null) return home;
    try {
      const { team_id: team, enterprise_id: enterprise = null } = identitySchema.parse(await client.auth.test());
      home = { team, enterprise };
    } catch (error) {
      log.debug({ reason: classifyFailure(error).reason }, 'Slack does not say which workspace this is');
    }
    return home;
  };
}
