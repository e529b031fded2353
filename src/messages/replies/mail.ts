import type { DatabaseProblem } from '../../core/database-problem.ts';
import type { MailProblem } from '../../core/meters/mail.ts';
import { mailReason, TOO_NEAR_RESET_REMEDY, TOTAL_MISSING_REMEDY, unsignedRemedy } from '../text/mail.ts';
import { upperFirst } from '../text/upper-first.ts';
import { notReachedText, NOT_STORED, unreadBodyText, type UnreadBody } from './refused-request.ts';

/** Why a request to `POST /v1/mail` was not taken. */
export type MailRequestProblem =
  | { readonly kind: 'wrong-method' | 'no-key' | 'unknown-key' | 'too-many-requests' | 'dns-away' | 'no-mail' }
  | UnreadBody
  | { readonly kind: 'database-away'; readonly problem: DatabaseProblem | null };

const MOST_MIB = 2;

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
      return 'The body must be JSON or a form, with the whole mail in one of the fields raw, email, body-mime or RawEmail.';
    case 'too-large':
    case 'unknown-encoding':
    case 'damaged':
    case 'full':
    case 'cut-off':
      return `${upperFirst(unreadBodyText(problem, MOST_MIB))}.`;
    case 'database-away':
      return `${upperFirst(notReachedText(problem.problem, NOT_STORED))}.`;
    case 'unused':
      return `The mail gave no figures: ${problem.reason ?? mailReason(problem.code)}.${remedyOf(problem.code)}`;
  }
}

function remedyOf(code: MailProblem): string {
  if (code === 'unsigned') return ` ${unsignedRemedy(false)}`;
  if (code === 'total-missing') return ` ${TOTAL_MISSING_REMEDY} The mail counts then, and need not be sent again.`;
  return code === 'too-near-reset' ? ` ${TOO_NEAR_RESET_REMEDY}` : '';
}
