import { z } from 'zod';
import type { TokenFailure } from './verify-request.ts';
import type { Registered } from './identity.ts';

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

const REMEDIES: Readonly<Record<Registered['kind'], string>> = {
  password: 'Check MicrosoftAppId, MicrosoftAppTenantId and MicrosoftAppPassword, whose secret may have expired.',
  certificate:
    'Check MicrosoftAppId and MicrosoftAppTenantId, and that the certificate of MicrosoftAppCertificateFile is uploaded to the app registration and has not expired.',
  'managed-identity': 'Check MicrosoftAppId, and that this managed identity is assigned to the machine that Creditwatch runs on.',
};

/** The texts for Microsoft's numbers (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const TOLD: ReadonlyMap<string, string> = new Map([
  [
    'AADSTS7000222',
    'The client secret has expired. Make a new one under Certificates & secrets of the app registration, set MicrosoftAppPassword, and restart.',
  ],
  [
    'AADSTS7000215',
    'That is no client secret of the app. Copy the value of the secret, not its id, into MicrosoftAppPassword, and restart.',
  ],
  ['AADSTS700016', 'That organisation has no such app. Check MicrosoftAppId and MicrosoftAppTenantId.'],
  ['AADSTS90002', 'There is no such organisation. Check MicrosoftAppTenantId.'],
  ['AADSTS700027', 'The app registration does not know the certificate, or it has expired. Upload the one of MicrosoftAppCertificateFile.'],
  ['AADSTS7000112', 'The app registration is disabled. Enable it in the Entra admin centre.'],
]);

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
  return { kind: 'refused', reason, remedy: TOLD.get(told ?? '') ?? REMEDIES[kind] };
}
