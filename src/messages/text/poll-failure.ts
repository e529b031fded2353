import type { PollProblem } from '../../core/meters/poll.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import { intervalText } from '../../core/time/interval.ts';

/** `host`: `name:port` of the source's own URL. `keyVariables`: the environment variables of its key. */
type About = { readonly source: string; readonly host: string; readonly keyVariables: readonly string[] };

const MIB = 1024 * 1024;

/** Problems of a poll on the side of Creditwatch: the reason (without a full stop) and the next step. */
export const POLL_PROBLEMS = {
  'source-unknown': {
    reason: 'a process was started without this source',
    remedy: 'Start all processes with the same creditwatch.yml.',
  },
  crashed: { reason: 'it failed on our side', remedy: 'This is a bug in Creditwatch. Please report the error in the log.' },
} as const satisfies Record<string, PollProblem>;

/**
 * Adds the reasons of rejected readings to the problem of a poll.
 *
 * @param rejected not empty. `meter`: null if the reading names none
 */
export function rejectedReadingsText(
  rejected: readonly { readonly meter: string | null; readonly reason: string }[],
  source: string,
  problem: PollProblem | null,
): PollProblem {
  const reasons = rejected.map(({ meter, reason }) => `${meter ?? 'a meter'}: ${reason}`);
  return { reason: [...(problem ? [problem.reason] : []), ...reasons].join('; '), remedy: problem?.remedy ?? correctExpression(source) };
}

/** The next step if the result of an expression cannot be used. */
export function correctExpression(source: string): string {
  return `See what the endpoint answers now: npx creditwatch try ${source}. Then correct the expression in creditwatch.yml.`;
}

/** Describes why a poll brought no figures: what happened, at which request if there are several, and what the operator can do. */
export function pollFailureText(failure: PollFailure, about: About): PollProblem {
  const { reason, remedy } = mainFailureText(failure, about);
  return { reason: failure.request === undefined ? reason : `request ${failure.request}: ${reason}`, remedy };
}

function mainFailureText(failure: PollFailure, about: About): PollProblem {
  const { source, host } = about;
  const again = `npx creditwatch try ${source}`;
  switch (failure.kind) {
    case 'timeout':
      return {
        reason: `no complete answer within ${intervalText(failure.withinMs)}`,
        remedy: `Creditwatch tries again. If this continues: check the url of ${source}, then: ${again}`,
      };
    case 'too-large':
      return {
        reason: `the answer is larger than ${String(failure.mostBytes / MIB)} MiB`,
        remedy: `Point the url of ${source} at an endpoint that returns only the usage, or raise answerMiB (at most 8), then: ${again}`,
      };
    case 'all-too-large':
      return {
        reason: `all answers together are larger than ${String(failure.mostBytes / MIB)} MiB`,
        remedy: `Ask for fewer items or pages, or for answers that have only the usage, then: ${again}`,
      };
    case 'redirects':
      return { reason: 'it redirects too many times', remedy: `Put the final address into the url of ${source}, then: ${again}` };
    case 'bad-redirect':
      return { reason: 'it redirects to an invalid URL', remedy: `Check the url of ${source}, then: ${again}` };
    case 'refused':
      return {
        reason: `refused: ${failure.host} is ${failure.address === failure.host.replace(/:\d+$/, '') ? 'a private address' : `the private address ${failure.address}`}`,
        remedy:
          failure.host === host
            ? `If it is your own, allow it in creditwatch.yml: allowHosts: ["${failure.host}"]. Then: ${again}`
            : `The url of ${source} redirects there. If that is intended, allow it in creditwatch.yml: allowHosts: ["${failure.host}"]. Then: ${again}`,
      };
    case 'unreachable':
      return {
        reason: UNREACHABLE.get(failure.code) ?? `it cannot be reached (${failure.code})`,
        remedy: `Creditwatch tries again. If this continues: check the url of ${source}, then: ${again}`,
      };
    case 'empty':
      return {
        reason: emptyText(failure),
        remedy: `If this account has used nothing yet, its figures come with the first use. Otherwise check that the key in ${keyOf(about.keyVariables)} belongs to the account with the credits, and the dates and values in the request, then: ${again}`,
      };
    case 'html':
      return {
        reason: 'it answered with a web page, probably a sign-in page, and not with JSON',
        remedy: `Check the url of ${source} and the header with the key, then: ${again}`,
      };
    case 'not-json':
      return { reason: 'the answer is not JSON', remedy: `Check the url of ${source}, then: ${again}` };
    case 'too-deep':
      return { reason: 'the answer is nested more than 64 levels deep', remedy: `Check the url of ${source}, then: ${again}` };
    case 'runs-away':
      return {
        reason: 'an expression ran for too long or needed too much memory',
        remedy: `Simplify the expressions of ${source} in creditwatch.yml, then: ${again}`,
      };
    case 'no-value':
      return {
        reason: `its answer has no ${failure.name}: ${failure.expression} found nothing that can be sent`,
        remedy: `See what the endpoint answers now: ${again}`,
      };
    case 'too-many':
      return {
        reason: `there are more than ${String(failure.most)} ${failure.what}, and the figures of some of them would be wrong`,
        remedy: `Raise most of the ${failure.what} of ${source} in creditwatch.yml, or ask for fewer, then: ${again}`,
      };
    case 'other-origin':
      return {
        reason: 'the next page is at another host, where the key is not sent',
        remedy: `Correct pages.next of ${source} in creditwatch.yml, then: ${again}`,
      };
    case 'same-page':
      return {
        reason: 'the next page is one that was asked for already',
        remedy: `Write {{page}} where the page goes, or correct pages.next of ${source} in creditwatch.yml, then: ${again}`,
      };
    case 'bad-signing-key':
      return {
        reason: 'the key cannot sign the request',
        remedy: `Put the whole private key (PEM) in ${keyOf(about.keyVariables)}, then: ${again}. When it shows figures, restart Creditwatch, which reads keys at its start.`,
      };
    case 'not-understood':
      return { reason: failure.what, remedy: correctExpression(source) };
    case 'status':
      return statusText(failure, about, again);
  }
}

function emptyText({ what }: Extract<PollFailure, { kind: 'empty' }>): string {
  if (what === 'body') return 'its answer has no content';
  if (what === 'answer') return 'its answer is empty';
  return what.list === null ? 'its answer is an empty list' : `the list ${what.list} in its answer is empty`;
}

function statusText(
  { status, inaccessible }: Extract<PollFailure, { kind: 'status' }>,
  { source, keyVariables }: About,
  again: string,
): PollProblem {
  // The service holds the key that it was started with; the command line reads the new one.
  const restart = `${again}. When it shows figures, restart Creditwatch, which reads keys at its start.`;
  if (status === 401) return { reason: '401: the key was refused', remedy: `Put a valid key in ${keyOf(keyVariables)}, then: ${restart}` };
  if (status === 403 && inaccessible)
    return {
      reason: '403: this is the wrong kind of key (API_INACCESSIBLE)',
      remedy: `Make a master key, or one with access to this endpoint, and put it in ${keyOf(keyVariables)}, then: ${restart}`,
    };
  if (status === 403)
    return {
      reason: '403: the key may not read this',
      remedy: `Give the key in ${keyOf(keyVariables)} access to usage, or put one that has it there, then: ${restart}`,
    };
  if (status === 404 || status === 410)
    return {
      reason: `${status}: there is nothing at this URL`,
      remedy: `The vendor may have moved it. Compare the url of ${source} with the vendor's documentation, then: ${again}`,
    };
  if (status === 429)
    return { reason: '429: too many requests', remedy: `Creditwatch tries again later. If this continues: raise every of ${source}.` };
  if (status >= 500)
    return {
      reason: `${status}: the vendor has a problem`,
      remedy: 'Creditwatch tries again. If this continues: see the status page of the vendor.',
    };
  return { reason: `${status}: the request was rejected`, remedy: `Check method, url, headers and body of ${source}, then: ${again}` };
}

const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'its host name is unknown'],
  ['EAI_AGAIN', 'its host name cannot be looked up now'],
  ['bad port', 'its port is not allowed for web requests'],
  ['ECONNREFUSED', 'nothing listens at this address'],
  ['ECONNRESET', 'the connection was cut off'],
  ['UND_ERR_SOCKET', 'the connection was cut off'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it cannot be reached'],
  ['UND_ERR_HEADERS_OVERFLOW', 'its answer has too many headers'],
  ['not inflated', 'its answer is not compressed as its header says'],
  ['not HTTP', 'its answer is not HTTP'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is self-signed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
]);

/** Returns `APOLLO_KEY` if the file takes the key from the environment, otherwise where the key is written. */
function keyOf(keyVariables: readonly string[]): string {
  return keyVariables.length === 0 ? 'headers of creditwatch.yml' : keyVariables.join(' or ');
}
