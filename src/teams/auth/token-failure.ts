import { z } from 'zod';
import type { TokenFailure } from './verify-request.ts';
import type { Registered } from './identity.ts';
import { CREDENTIAL_REMEDIES, TOKEN_REMEDIES } from '../../messages/platforms/teams-errors.ts';

/** The library's errors: OAuth's error code and Microsoft's number. The message may contain text that does not belong in a log. */
const errorSchema = z.object({
  errorCode: z.string().max(60),
  errorNo: z
    .union([z.int(), z.string().regex(/^\d{1,12}$/)])
    .optional()
    .catch(undefined),
});

/** Error codes of OAuth, and of an endpoint that rejects without one. */
const REFUSALS = [
  'invalid_client',
  'unauthorized_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'invalid_resource',
  'invalid_target',
  'HTTP 400',
  'HTTP 401',
];

/**
 * Returns the failure for an error that the library threw, with the reason and, after a rejection, the next step for this kind of identity.
 * Never throws.
 */
export function tokenFailure(error: unknown, kind: Registered['kind']): TokenFailure {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return { kind: 'away', reason: error instanceof Error ? error.name : 'no reason given' };
  const { errorCode, errorNo } = parsed.data;
  const told = errorNo === undefined ? undefined : `AADSTS${String(errorNo)}`;
  const reason = [errorCode, told].filter(Boolean).join(', ');
  if (!REFUSALS.includes(errorCode)) return { kind: 'away', reason };
  return { kind: 'refused', reason, remedy: TOKEN_REMEDIES.get(told ?? '') ?? CREDENTIAL_REMEDIES[kind] };
}
