import { err, ok, type Result } from '../../core/result.ts';
import type { AccessToken } from '../auth/verify-request.ts';
import { classifyFailure } from './errors.ts';
import { USUAL_SERVICE_URL } from '../auth/service-url.ts';
import { CHECK_LOGIN_CONNECTION } from '../../messages/platforms/teams-errors.ts';

/** Checks for the operator whether Microsoft issues a token for the bot. Never throws. */
export async function checkCredentials(token: AccessToken): Promise<Result<void, { readonly reason: string; readonly remedy: string }>> {
  const given = await token(USUAL_SERVICE_URL);
  if (given.ok) return ok(undefined);
  const outcome = classifyFailure({ kind: 'token', failure: given.error });
  return err({
    reason: outcome.reason,
    remedy: outcome.outcome === 'rejected' ? outcome.remedy : CHECK_LOGIN_CONNECTION,
  });
}
