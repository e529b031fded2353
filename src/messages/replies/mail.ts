import type { DatabaseProblem } from '../../core/database-problem.ts';
import type { MailProblem } from '../../core/meters/mail.ts';
import { databaseAwayText } from './http.ts';
import { mailReason } from '../text/mail.ts';

/** Why a request to `POST /v1/mail` was not taken. */
export type MailRequestProblem =
  | { readonly kind: 'wrong-method' | 'no-key' | 'unknown-key' | 'too-many-requests' | 'dns-away' | 'no-mail' }
  | { readonly kind: 'body'; readonly why: 'too-large' | 'unknown-encoding' | 'damaged' | 'full' | 'cut-off' }
  | { readonly kind: 'database-away'; readonly problem: DatabaseProblem | null };

/** Words why `POST /v1/mail` did not take a request, or found no figures in a mail. */
export function mailProblemText(
  problem: MailRequestProblem | { readonly kind: 'unused'; readonly code: MailProblem; readonly reason: string | null },
): string {
  switch (problem.kind) {
    case 'wrong-method':
      return 'Mails are sent with POST.';
    case 'no-key':
      return 'The key is missing. Send one of the keys of the source as Authorization: Bearer <key>, or as the password of Basic authentication.';
    case 'unknown-key':
      return 'The key is unknown. Send one of the keys of a source of kind mail in creditwatch.yml.';
    case 'too-many-requests':
      return 'Too many mails at once. Send it again after Retry-After.';
    case 'dns-away':
      return 'The key of the signature cannot be looked up now. Send the mail again after Retry-After.';
    case 'no-mail':
      return 'The body must be JSON with the whole mail in one of the fields raw, email, body-mime or RawEmail.';
    case 'body':
      return problem.why === 'too-large' ? 'The body is larger than 2 MiB.' : 'The body could not be read.';
    case 'database-away':
      return databaseAwayText(problem.problem);
    case 'unused':
      return `The mail gave no figures: ${problem.reason ?? mailReason(problem.code)}.`;
  }
}
