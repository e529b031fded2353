import { upperFirst } from '../text/upper-first.ts';

/** Why a call to a platform failed, without an error code of the platform. */
export type CallFailure =
  /** Nothing was sent. `why`: the code of the connection error, such as `ECONNREFUSED`. */
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'proxy-needs-credentials'; readonly status: number }
  /** A proxy or a captive portal answered with a web page. */
  | { readonly kind: 'web-page'; readonly status: number }
  /** The request was sent, and no answer came. */
  | { readonly kind: 'no-answer'; readonly why: string }
  /** `why`: the name of the error, if there is one. */
  | { readonly kind: 'unreadable'; readonly why?: string }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'slow-down'; readonly status: number }
  | { readonly kind: 'conflict'; readonly status: number }
  | { readonly kind: 'status'; readonly status: number }
  /** A rejection with an unknown code. `details`: the code and what came with it. */
  | { readonly kind: 'unknown-code'; readonly details: string };

/**
 * Describes a failed call, as a reason without a full stop.
 *
 * @param name the platform inside a sentence: `Slack`, `the flow`
 */
export function callFailureText(name: string, failure: CallFailure): string {
  return upperFirst(textOf(name, failure));
}

function textOf(name: string, failure: CallFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return `${name} could not be reached (${failure.why})`;
    case 'proxy-needs-credentials':
      return `${name} could not be reached (a proxy requires credentials, HTTP ${String(failure.status)})`;
    case 'web-page':
      return `${name} could not be reached (a web page answered instead, HTTP ${String(failure.status)})`;
    case 'no-answer':
      return `No answer from ${name} (${failure.why})`;
    case 'unreadable':
      return `The answer from ${name} could not be read${failure.why === undefined ? '' : ` (${failure.why})`}`;
    case 'not-json':
      return `The answer from ${name} is not JSON`;
    case 'slow-down':
      return `${name} asked to slow down (HTTP ${String(failure.status)})`;
    case 'conflict':
      return `${name} asked to try again (HTTP ${String(failure.status)})`;
    case 'status':
      return `${name} answered HTTP ${String(failure.status)}`;
    case 'unknown-code':
      return `${name} rejected the message with an unknown error (${failure.details})`;
  }
}

/** A reason (without a full stop) and the next step, as two sentences. */
export function problemText({ reason, remedy }: { readonly reason: string; readonly remedy: string }): string {
  return `${reason}. ${remedy}`;
}

/** The next step of the operator if the message itself is faulty. */
export const REPORT_BUG = 'This is a bug in Creditwatch. Please report it with this line.';
