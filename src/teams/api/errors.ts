import type { SendOutcome } from '../../core/notifications/delivery.ts';
import { callFailureText } from '../../messages/platforms/call-failure.ts';
import {
  credentialsRejected,
  noToken,
  TEAMS_CONVERSATION_REJECTIONS,
  TEAMS_INSTALLATION_REJECTIONS,
  TEAMS_REJECTIONS,
  type Problem,
} from '../../messages/platforms/teams-errors.ts';
import { isWebPage } from '../../outbound/web-page.ts';
import type { TokenFailure } from '../auth/verify-request.ts';

/** Why a call failed, as far as the transport shows. */
export type CallFailure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | null; readonly body: string }
  /** `written`: false only if certainly no byte of the request was sent. */
  | { readonly kind: 'no-answer'; readonly written: boolean; readonly why: string }
  /** A success status with a body that could not be read. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'token'; readonly failure: TokenFailure };

type Failed = Exclude<SendOutcome, { outcome: 'sent' }>;
type Rejected = Extract<SendOutcome, { outcome: 'rejected' }>;

const NAME = 'Teams';

/** Codes for a fault in the message itself (same page). It would be rejected again. */
const MESSAGE_FAULTS: ReadonlySet<string> = new Set(['BadSyntax', 'BadArgument', 'MessageSizeTooBig']);

/** The message no longer exists. The conversation may still exist. */
const MESSAGE_GONE: ReadonlySet<string> = new Set([
  'ActivityNotFound',
  'ActivityNotFoundInConversation',
  'MessageNotFound',
  'MessageNotFoundInConversation',
]);

/** Returns the outcome of a failed call, with the reason and the next step. Never throws. */
export function classifyFailure(failure: CallFailure): Failed {
  switch (failure.kind) {
    case 'token':
      return failure.failure.kind === 'refused'
        ? {
            outcome: 'rejected',
            scope: 'installation',
            code: 'credentials-rejected',
            reason: credentialsRejected(failure.failure.reason),
            remedy: failure.failure.remedy,
          }
        : { outcome: 'retry', reason: noToken(failure.failure.reason) };
    case 'unreadable':
      return { outcome: 'unknown', reason: callFailureText(NAME, { kind: 'unreadable' }) };
    case 'no-answer':
      return failure.written
        ? { outcome: 'unknown', reason: callFailureText(NAME, { kind: 'no-answer', why: failure.why }) }
        : { outcome: 'retry', reason: callFailureText(NAME, { kind: 'unreachable', why: failure.why }) };
    case 'status':
      return classifyStatus(failure);
  }
}

function classifyStatus({ status, retryAfter, body }: Extract<CallFailure, { kind: 'status' }>): Failed {
  // Teams rejects in JSON. These answers come from a proxy or a portal, which did not pass the request on.
  if (status === 407) return { outcome: 'retry', reason: callFailureText(NAME, { kind: 'proxy-needs-credentials', status }) };
  if ([401, 403, 404, 511].includes(status) && isWebPage(body))
    return { outcome: 'retry', reason: callFailureText(NAME, { kind: 'web-page', status }) };
  // 412: another call wrote at the same time. With either status, nothing was posted.
  if (status === 429 || status === 412)
    return {
      outcome: 'retry',
      reason: callFailureText(NAME, { kind: status === 429 ? 'slow-down' : 'conflict', status }),
      ...waitOf(retryAfter),
    };
  if (status >= 500 || status < 400) return { outcome: 'unknown', reason: callFailureText(NAME, { kind: 'status', status }) };
  return classifyCodes(status, codesIn(body));
}

/**
 * Classifies a rejection by the codes of Teams. The codes are those of learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability,
 * "Status codes from bot conversational APIs". Sometimes a code is only in the details of a general one.
 */
function classifyCodes(status: number, codes: readonly string[]): Failed {
  const [code] = codes;
  const named = codes.find((one) => TEAMS_CONVERSATION_REJECTIONS.has(one) || TEAMS_INSTALLATION_REJECTIONS.has(one));
  const details = [`HTTP ${String(status)}`, named ?? code].filter(Boolean).join(', ');
  const rejected = (scope: Rejected['scope'], because: string, { reason, remedy }: Problem): Rejected => ({
    outcome: 'rejected',
    scope,
    code: because,
    reason: `${reason} (${details})`,
    remedy,
  });
  const ours = (scope: Rejected['scope'], kind: keyof typeof TEAMS_REJECTIONS) => rejected(scope, kind, TEAMS_REJECTIONS[kind]);
  if (named !== undefined) {
    const ofInstallation = TEAMS_INSTALLATION_REJECTIONS.get(named);
    if (ofInstallation) return rejected('installation', named, ofInstallation);
    const ofConversation = TEAMS_CONVERSATION_REJECTIONS.get(named);
    if (ofConversation) return rejected('destination', named, ofConversation);
  }
  switch (status) {
    case 401:
      return ours('installation', 'token-rejected');
    case 403:
      return ours('destination', 'may-not-write');
    case 404:
      return codes.some((one) => MESSAGE_GONE.has(one)) ? ours('message', 'message-gone') : ours('destination', 'conversation-unknown');
    case 413:
      return ours('message', 'too-large');
    default:
      if (code !== undefined && MESSAGE_FAULTS.has(code)) return ours('message', 'message-faulty');
      // 408 and 409 are temporary. The meaning of other codes is unknown, which is no reason to give up an alert.
      return { outcome: 'retry', reason: callFailureText(NAME, { kind: 'unknown-code', details }), unfamiliar: true };
  }
}

const CODE = /^[A-Za-z0-9_]{1,60}$/;
const CODE_FIELDS = new Set(['code', 'errorCode', 'subCode']);

/**
 * Returns the codes in an error of Teams, the general one first. A detail may be JSON inside a text. Only codes are read and repeated,
 * because the rest of the error may contain names and addresses.
 */
export function codesIn(body: string): readonly string[] {
  const codes: string[] = [];
  const collect = (text: string): void => {
    if (!text.trimStart().startsWith('{')) return;
    try {
      JSON.parse(text, (key, value: unknown) => {
        if (typeof value !== 'string') return value;
        if (CODE_FIELDS.has(key) && CODE.test(value)) codes.push(value);
        else collect(value);
        return value;
      });
    } catch {
      // Not JSON, so it contains no code.
    }
  };
  collect(body);
  return codes;
}

/** Teams sends seconds. Without them, the usual waits apply. */
function waitOf(retryAfter: string | null): { afterMs?: number } {
  if (retryAfter === null || !/^\d{1,6}(?:\.\d+)?$/.test(retryAfter.trim())) return {};
  return { afterMs: Math.ceil(Number(retryAfter) * 1000) };
}
