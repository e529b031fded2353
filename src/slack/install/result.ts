import { z } from 'zod';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import { classifyFailure, isAnswered } from '../api/errors.ts';

/** The result of an installation. `reason` and `missing`, the fields that the answer of Slack lacks, are for the log. */
export type InstallResult =
  | { readonly end: 'installed' | 'other-workspace' | 'unnamed'; readonly team: string; readonly name: string }
  | { readonly end: 'denied' | 'stale' | 'organization' }
  | { readonly end: 'slack-away' | 'slack-refused'; readonly reason: string; readonly missing?: readonly string[] }
  | { readonly end: 'database-away' | 'failed' };

const codeSchema = z.object({ code: z.string() });
const answerSchema = z.object({ data: z.object({ error: z.string() }) });

/**
 * The errors for a code that was already used, has expired (after 10 minutes) or was never issued
 * (docs.slack.dev/reference/methods/oauth.v2.access, "Errors").
 */
const STALE_CODES: ReadonlySet<string> = new Set(['invalid_code', 'code_already_used', 'code_expired']);
const STALE: ReadonlySet<string> = new Set(['slack_oauth_missing_state', 'slack_oauth_invalid_state', 'slack_oauth_missing_code']);

/** Returns the result for an error that the library threw. */
export function endOf(error: unknown): InstallResult {
  if (error instanceof StoreUnavailable) return { end: 'database-away' };
  const code = codeSchema.safeParse(error).data?.code ?? '';
  if (code === 'slack_oauth_installer_authorization_error') return { end: 'denied' };
  if (STALE.has(code) || STALE_CODES.has(answerSchema.safeParse(error).data?.data.error ?? '')) return { end: 'stale' };
  const { reason } = classifyFailure(error);
  return { end: isAnswered(error) ? 'slack-refused' : 'slack-away', reason };
}
