import { err, ok, type Result } from '../core/result.ts';
import { createBotFramework } from './bot-framework.ts';
import type { TeamsIdentity } from './identity.ts';
import { classifyFailure } from './errors.ts';
import { USUAL_SERVICE_URL } from './service-url.ts';

/** Whether Microsoft gives the bot a token, for the operator. */
export async function checkCredentials(identity: Exclude<TeamsIdentity, { kind: 'anonymous' }>): Promise<Result<void, { readonly reason: string; readonly remedy: string }>> {
  const token = await createBotFramework(identity).token(USUAL_SERVICE_URL);
  if (token.ok) return ok(undefined);
  const outcome = classifyFailure({ kind: 'token', refused: token.error.kind === 'refused', reason: token.error.reason });
  return err({ reason: outcome.reason, remedy: outcome.outcome === 'rejected' ? outcome.remedy : 'Check the way from here to login.microsoftonline.com, then try again.' });
}
