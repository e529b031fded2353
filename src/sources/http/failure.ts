import { intervalText } from '../../core/time/interval.ts';
import type { PollDefinition, PollOutcome } from '../../core/meters/poll.ts';
import { hostOf } from '../../outbound/host.ts';

/** Why a poll brought no figures. */
export type Failure =
  | { readonly kind: 'timeout'; readonly withinMs: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'redirects' }
  | { readonly kind: 'bad-redirect' }
  /** `host` is `name:port`, of the source's own URL or of a redirect. */
  | { readonly kind: 'refused'; readonly host: string; readonly address: string }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'status'; readonly status: number; readonly inaccessible: boolean; readonly retryAfterMs: number | null }
  | { readonly kind: 'html' }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'runs-away' }
  /** `what`: which expression failed, and why its result cannot be used. */
  | { readonly kind: 'not-understood'; readonly what: string };

type Failed = Extract<PollOutcome, { outcome: 'failed' }>;
type About = { readonly source: string; readonly definition: Pick<PollDefinition, 'keyVariables' | 'url'> };

/** Describes a failure for the operator: what happened, what to do, and whether it is likely to pass. */
export function failedBecause(failure: Failure, about: About): Failed {
  const passing =
    failure.kind === 'timeout' ||
    failure.kind === 'unreachable' ||
    (failure.kind === 'status' && (failure.status === 429 || failure.status >= 500));
  const { reason, remedy } = wordsFor(failure, about);
  return { outcome: 'failed', problem: { reason, remedy }, passing, retryAfterMs: failure.kind === 'status' ? failure.retryAfterMs : null };
}

/** The remedy if the result of an expression cannot be used. */
export function lookAtAnswer(source: string): string {
  return `See what the endpoint answers now: npx creditwatch try ${source}. Then mend the expression in creditwatch.yml.`;
}

function wordsFor(failure: Failure, { source, definition }: About): { readonly reason: string; readonly remedy: string } {
  const again = `npx creditwatch try ${source}`;
  switch (failure.kind) {
    case 'timeout':
      return {
        reason: `no complete answer within ${intervalText(failure.withinMs)}`,
        remedy: `It is tried again. If it stays: check the url of ${source}, then: ${again}`,
      };
    case 'too-large':
      return {
        reason: 'the answer is larger than 1 MiB',
        remedy: `Point the url of ${source} at the endpoint that answers its usage alone, then: ${again}`,
      };
    case 'redirects':
      return { reason: 'it redirects again and again', remedy: `Put the address it leads to into the url of ${source}, then: ${again}` };
    case 'bad-redirect':
      return { reason: 'it redirects to something that is no web address', remedy: `Check the url of ${source}, then: ${again}` };
    case 'refused':
      return {
        reason: `refused: ${failure.host} is ${failure.address === failure.host.replace(/:\d+$/, '') ? 'a private address' : `the private address ${failure.address}`}`,
        remedy:
          failure.host === hostOf(new URL(definition.url))
            ? `If it is your own, allow it in creditwatch.yml: allowHosts: ["${failure.host}"]. Then: ${again}`
            : `The url of ${source} redirects there. If that is meant, allow it in creditwatch.yml: allowHosts: ["${failure.host}"]. Then: ${again}`,
      };
    case 'unreachable':
      return {
        reason: UNREACHABLE.get(failure.code) ?? `it cannot be reached (${failure.code})`,
        remedy: `It is tried again. If it stays: check the url of ${source}, then: ${again}`,
      };
    case 'html':
      return {
        reason: 'it answered a web page, probably a sign-in page, not JSON',
        remedy: `Check the url of ${source} and the header that carries the key, then: ${again}`,
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
    case 'not-understood':
      return { reason: failure.what, remedy: lookAtAnswer(source) };
    case 'status':
      return statusWords(failure, { source, definition }, again);
  }
}

function statusWords(
  { status, inaccessible }: Extract<Failure, { kind: 'status' }>,
  { source, definition }: About,
  again: string,
): { readonly reason: string; readonly remedy: string } {
  if (status === 401) return { reason: '401: the key was refused', remedy: `Put a valid key in ${keyOf(definition)}, then: ${again}` };
  if (status === 403 && inaccessible)
    return {
      reason: '403: the key is of the wrong kind (API_INACCESSIBLE)',
      remedy: `Make a master key, or one with access to this endpoint, and put it in ${keyOf(definition)}, then: ${again}`,
    };
  if (status === 403)
    return {
      reason: '403: the key may not read this',
      remedy: `Give the key in ${keyOf(definition)} access to usage, or use one that has it, then: ${again}`,
    };
  if (status === 404) return { reason: '404: there is nothing at this address', remedy: `Check the url of ${source}, then: ${again}` };
  if (status === 429)
    return { reason: '429: too many requests', remedy: `It is tried again later. If it stays: raise every of ${source}.` };
  if (status >= 500)
    return { reason: `${status}: the vendor has a problem`, remedy: 'It is tried again. If it stays: see the status page of the vendor.' };
  return { reason: `${status}: the request was not accepted`, remedy: `Check method, url, headers and body of ${source}, then: ${again}` };
}

const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'the name of its host is not known'],
  ['EAI_AGAIN', 'the name of its host cannot be looked up now'],
  ['bad port', 'its port is one that the web never uses'],
  ['ECONNREFUSED', 'nothing listens at this address'],
  ['ECONNRESET', 'the connection was cut off'],
  ['UND_ERR_SOCKET', 'the connection was cut off'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it cannot be reached'],
  ['UND_ERR_HEADERS_OVERFLOW', 'its answer has more headers than are taken'],
  ['not inflated', 'its answer is not compressed in the way that it says'],
  ['not HTTP', 'what it answers is not HTTP'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by nobody we trust'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
]);

/** Returns `APOLLO_KEY` if the file takes the key from the environment, otherwise where the key is written. */
function keyOf({ keyVariables }: Pick<PollDefinition, 'keyVariables'>): string {
  return keyVariables.length === 0 ? 'headers of creditwatch.yml' : keyVariables.join(' or ');
}
