import { onAbort } from '../../async/on-abort.ts';
import { hostOf } from '../../outbound/host.ts';
import { fetchAlone } from '../../outbound/http-client.ts';
import { proxyFor } from '../../outbound/proxy.ts';
import type { PollDefinition, RequestTemplate } from '../../core/meters/poll.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { checkLiteral, checkResolved, guardedLookup, RefusedAddress, resolveName, type Resolve } from './ssrf-guard.ts';
import { isDecompressionError } from '../../http/decompression-error.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';

/** The answer of an endpoint, with the text of its body. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly url: string;
};

const WITHIN_MS = 10_000;
const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that are sent after a redirect to another origin: none that could contain a key. */
const PLAIN_HEADERS = ['accept', 'content-type', 'user-agent'];

/** A request whose placeholders are filled in, and what is allowed for it. */
export type HttpRequest = RequestTemplate & Pick<PollDefinition, 'allowHosts' | 'mostBytes'>;
type Request = Pick<HttpRequest, 'method' | 'headers' | 'body'>;

/**
 * Requests an endpoint that may be hostile: it cannot make us connect to a private address, hold us for more than ten seconds, or
 * fill the memory. Never throws for anything that an endpoint or a network can do.
 */
export async function fetchAnswer(
  request: HttpRequest,
  {
    resolve = resolveName,
    signal,
    withinMs = WITHIN_MS,
  }: { readonly resolve?: Resolve; readonly signal: AbortSignal; readonly withinMs?: number },
): Promise<Result<Answer, PollFailure>> {
  const over = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    over.abort();
  }, withinMs);
  const stop = onAbort(signal, () => over.abort());
  try {
    const { allowHosts, mostBytes } = request;
    return await follow(new URL(request.url), request, { allowHosts, mostBytes, resolve, until: over.signal, left: MOST_REDIRECTS });
  } catch (error) {
    if (isLate) return err({ kind: 'timeout', withinMs });
    return err(failureOf(error));
  } finally {
    clearTimeout(timer);
    stop();
  }
}

type Way = Pick<HttpRequest, 'allowHosts' | 'mostBytes'> & {
  readonly resolve: Resolve;
  readonly until: AbortSignal;
  readonly left: number;
};

/** Follows redirects itself, so that each URL is checked like the first. */
async function follow(url: URL, request: Request, way: Way): Promise<Result<Answer, PollFailure>> {
  const isAllowed = way.allowHosts.includes(hostOf(url));
  checkLiteral(url, isAllowed);
  // Through a proxy the name is checked before the proxy gets it. The proxy then decides where to connect.
  if (proxyFor(url) !== null) await checkResolved(url, isAllowed, way.resolve);
  const { method, headers, body } = request;
  const init = { method, headers: { 'user-agent': 'creditwatch', ...headers }, body, redirect: 'manual', signal: way.until } as const;
  return fetchAlone(url, init, {
    lookup: guardedLookup(url, isAllowed, way.resolve),
    read: async (response) => {
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null) return read(url, response, way.mostBytes);
      if (way.left === 0) return err({ kind: 'redirects' });
      const next = URL.canParse(location, url.href) ? new URL(location, url) : null;
      if (next === null || !['http:', 'https:'].includes(next.protocol)) return err({ kind: 'bad-redirect' });
      return follow(next, redirected(request, response.status, next.origin === url.origin), { ...way, left: way.left - 1 });
    },
  });
}

/** Follows the rules of browsers: after a POST only 307 and 308 repeat the method, and credentials for one origin are sent to no other. */
function redirected({ method, headers, body }: Request, status: number, sameOrigin: boolean): Request {
  const repeats = (method === 'GET' || status >= 307) && sameOrigin;
  const kept = sameOrigin ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => PLAIN_HEADERS.includes(name)));
  return repeats ? { method, headers: kept, body } : { method: 'GET', headers: kept, body: null };
}

/** Counts the bytes after inflating, because a small body can become very large. */
async function read(
  url: URL,
  response: Pick<Response, 'status' | 'headers' | 'body'>,
  mostBytes: number,
): Promise<Result<Answer, PollFailure>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) return err({ kind: 'too-large', mostBytes });
    chunks.push(chunk);
  }
  const text = new TextDecoder('utf-8').decode(Buffer.concat(chunks));
  return ok({ status: response.status, headers: Object.fromEntries(response.headers), text, url: url.href });
}

function failureOf(error: unknown): PollFailure {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof RefusedAddress) return { kind: 'refused', host: cause.host, address: cause.address };
    if (cause.name === 'HTTPParserError') return { kind: 'unreachable', code: 'not HTTP' };
    if (cause.message === 'bad port') return { kind: 'unreachable', code: 'bad port' };
    if (isDecompressionError(cause)) return { kind: 'unreachable', code: 'not inflated' };
    if ('code' in cause && typeof cause.code === 'string') return { kind: 'unreachable', code: cause.code };
  }
  return { kind: 'unreachable', code: 'no answer' };
}
