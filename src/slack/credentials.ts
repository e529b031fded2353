import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { classifyFailure } from './errors.ts';
import { requiredScopes } from './scopes.ts';

export type CredentialsCheck = Result<
  { readonly team: string; readonly bot: string },
  { readonly reason: string; readonly remedy: string }
>;

const identitySchema = z.object({
  team: z.string(),
  user: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/**
 * Asks Slack whom the bot token belongs to, and whether it may do what it has to (docs.slack.dev/reference/methods/auth.test;
 * every answer names the token's scopes in a header).
 */
export async function checkCredentials(client: webApi.WebClient): Promise<CredentialsCheck> {
  try {
    const identity = identitySchema.parse(await client.auth.test());
    const granted = identity.response_metadata?.scopes;
    const missing = granted === undefined ? [] : requiredScopes.filter((scope) => !granted.includes(scope));
    if (missing.length > 0)
      return err({
        reason: `The bot token lacks ${missing.join(' and ')}`,
        remedy: 'Add it under OAuth & Permissions, then install the app to the workspace again.',
      });
    return ok({ team: identity.team, bot: identity.user });
  } catch (error) {
    const outcome = classifyFailure(error);
    return err({
      reason: outcome.reason,
      remedy: outcome.outcome === 'rejected' ? outcome.remedy : 'Check the way from here to slack.com, then try again.',
    });
  }
}
