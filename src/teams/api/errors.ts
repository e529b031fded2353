import { REPORT_FAULT, type SendOutcome } from '../../core/notifications/delivery.ts';
import { isWebPage, WEB_PAGE } from '../../outbound/web-page.ts';
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
type Refusal = { readonly reason: string; readonly remedy: string };

const ADD_AGAIN = 'Add Creditwatch there again, or route elsewhere.';

/**
 * Permanent codes for one conversation (learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability, "Status codes
 * from bot conversational APIs"). Sometimes the code is only in the details of a general one.
 */
const GONE: ReadonlyMap<string, Refusal> = new Map([
  ['BotNotInConversationRoster', { reason: 'Creditwatch is not in that conversation', remedy: ADD_AGAIN }],
  [
    'ConversationBlockedByUser',
    { reason: 'That person has blocked Creditwatch', remedy: 'They can unblock it in Teams, or route elsewhere.' },
  ],
  ['MessageWritesBlocked', { reason: 'Nobody may write in that conversation', remedy: 'Unblock the app in Teams, or route elsewhere.' }],
]);

/** Codes for a fault in the message itself (same page). It would be rejected again. */
const MESSAGE_FAULTS: ReadonlySet<string> = new Set(['BadSyntax', 'BadArgument', 'MessageSizeTooBig']);

/** The message no longer exists. The conversation may still exist. */
const MESSAGE_GONE: ReadonlySet<string> = new Set([
  'ActivityNotFound',
  'ActivityNotFoundInConversation',
  'MessageNotFound',
  'MessageNotFoundInConversation',
]);

/** Codes that disable all destinations in the organization. */
const INSTALLATION: ReadonlyMap<string, Refusal> = new Map([
  [
    'BotDisabledByAdmin',
    { reason: 'An administrator has switched Creditwatch off', remedy: 'Ask an administrator to allow the app in the Teams admin centre.' },
  ],
  [
    'BotNotRegistered',
    { reason: 'Microsoft knows no bot of this id', remedy: 'Check MicrosoftAppId, and that the Teams channel of the bot is on.' },
  ],
  [
    'BotDisabledForTenant',
    { reason: 'The organisation does not allow this bot', remedy: 'Ask an administrator to allow the app in the Teams admin centre.' },
  ],
]);

/** Returns the outcome of a failed call, with the reason and the next step. Never throws. */
export function classifyFailure(failure: CallFailure): Failed {
  switch (failure.kind) {
    case 'token':
      return failure.failure.kind === 'refused'
        ? {
            outcome: 'rejected',
            scope: 'installation',
            reason: `Microsoft does not accept the credentials (${failure.failure.reason})`,
            remedy: failure.failure.remedy,
          }
        : { outcome: 'retry', reason: `Microsoft gave no token (${failure.failure.reason})` };
    case 'unreadable':
      return { outcome: 'unknown', reason: "Teams' answer could not be read" };
    case 'no-answer':
      return failure.written
        ? { outcome: 'unknown', reason: `No answer came from Teams (${failure.why})` }
        : { outcome: 'retry', reason: `Teams could not be reached (${failure.why})` };
    case 'status':
      return classifyStatus(failure);
  }
}

function classifyStatus({ status, retryAfter, body }: Extract<CallFailure, { kind: 'status' }>): Failed {
  const said = `HTTP ${String(status)}`;
  // Teams rejects in JSON. These answers come from a proxy or a portal, which did not pass the request on.
  if (status === 407) return { outcome: 'retry', reason: `Teams could not be reached (a proxy wants credentials, ${said})` };
  if ([401, 403, 404, 511].includes(status) && isWebPage(body))
    return { outcome: 'retry', reason: `Teams could not be reached (${WEB_PAGE}, ${said})` };
  // 412: another call wrote at the same time. With either status, nothing was posted.
  if (status === 429 || status === 412)
    return { outcome: 'retry', reason: `Teams asked to ${status === 429 ? 'slow down' : 'try again'} (${said})`, ...waitOf(retryAfter) };
  if (status >= 500 || status < 400) return { outcome: 'unknown', reason: `Teams answered ${said}` };
  const codes = codesIn(body);
  const [code] = codes;
  const named = codes.find((one) => GONE.has(one) || INSTALLATION.has(one));
  const gone = GONE.get(named ?? '');
  const off = INSTALLATION.get(named ?? '');
  const details = `(${[said, named ?? code].filter(Boolean).join(', ')})`;
  if (off) return { outcome: 'rejected', scope: 'installation', reason: `${off.reason} ${details}`, remedy: off.remedy };
  if (gone) return { outcome: 'rejected', scope: 'destination', reason: `${gone.reason} ${details}`, remedy: gone.remedy };
  switch (status) {
    case 401:
      return {
        outcome: 'rejected',
        scope: 'installation',
        reason: `Teams does not accept the token ${details}`,
        remedy: 'Check MicrosoftAppId and MicrosoftAppTenantId, and that the Teams channel of the bot is on.',
      };
    case 403:
      return {
        outcome: 'rejected',
        scope: 'destination',
        reason: `Creditwatch may not write in that conversation ${details}`,
        remedy: ADD_AGAIN,
      };
    case 404:
      if (codes.some((one) => MESSAGE_GONE.has(one)))
        return {
          outcome: 'rejected',
          scope: 'message',
          reason: `The message no longer exists ${details}`,
          remedy: 'Nothing to do: someone deleted it.',
        };
      return {
        outcome: 'rejected',
        scope: 'destination',
        reason: `Teams knows no such conversation ${details}`,
        remedy: 'Check the id in the route; if the channel was deleted, take the route away.',
      };
    case 413:
      return { outcome: 'rejected', scope: 'message', reason: `The card is too large ${details}`, remedy: REPORT_FAULT };
    default:
      if (code !== undefined && MESSAGE_FAULTS.has(code))
        return { outcome: 'rejected', scope: 'message', reason: `Teams refused the message ${details}`, remedy: REPORT_FAULT };
      // 408 and 409 are temporary. The meaning of other codes is unknown, which is no reason to give up an alert.
      return { outcome: 'retry', reason: `Teams refused it with an answer that Creditwatch does not know ${details}`, unfamiliar: true };
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
