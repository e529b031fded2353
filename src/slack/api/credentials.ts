import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { classifyFailure, isAnswered } from './errors.ts';
import { requiredScopes } from './scopes.ts';
import { CHECK_CONNECTION, LOOK_UP_CODE, missingScopes, noSocket } from '../../messages/platforms/slack-errors.ts';

type Refusal = { readonly reason: string; readonly remedy: string };
export type CredentialsCheck = Result<{ readonly team: string; readonly bot: string }, Refusal>;

const identitySchema = z.object({
  team: z.string(),
  user: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/**
 * Asks Slack which workspace the bot token belongs to, and checks that it has the required scopes
 * (docs.slack.dev/reference/methods/auth.test; each answer lists the scopes of the token in a header). Never throws.
 */
export async function checkCredentials(client: webApi.WebClient): Promise<CredentialsCheck> {
  try {
    const identity = identitySchema.parse(await client.auth.test());
    const granted = identity.response_metadata?.scopes;
    const missing = granted === undefined ? [] : requiredScopes.filter((scope) => !granted.includes(scope));
    if (missing.length > 0) return err(missingScopes(missing));
    return ok({ team: identity.team, bot: identity.user });
  } catch (error) {
    return err(refusalOf(error));
  }
}

/**
 * Requests a socket URL, the first step of each Socket Mode connection. A URL that is not used expires
 * (docs.slack.dev/reference/methods/apps.connections.open). Never throws.
 *
 * @param client a client with the app token
 * @returns null if Slack returns a URL
 */
export async function checkAppToken(client: webApi.WebClient): Promise<Refusal | null> {
  try {
    await client.apps.connections.open();
    return null;
  } catch (error) {
    const { reason, remedy } = refusalOf(error);
    return noSocket(reason, isAnswered(error) ? null : remedy);
  }
}

function refusalOf(error: unknown): Refusal {
  const outcome = classifyFailure(error);
  return {
    reason: outcome.reason,
    remedy: remedyOf(outcome),
  };
}

function remedyOf(outcome: ReturnType<typeof classifyFailure>): string {
  if (outcome.outcome === 'rejected') return outcome.remedy;
  return outcome.outcome === 'retry' && outcome.unfamiliar ? LOOK_UP_CODE : CHECK_CONNECTION;
}
