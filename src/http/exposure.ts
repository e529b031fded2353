import type { RequestHandler } from 'express';
import { bearerOf } from './bearer-token.ts';
import { answerJson } from './json-response.ts';
import { METRICS_NEED_TOKEN, SEND_METRICS_TOKEN } from '../messages/replies/http.ts';
import { isLoopback } from '../outbound/host.ts';

/** Decides who can read figures without the key of an account. */
export type Exposure = {
  /** The listening address: `HOST`. */
  readonly host: string;
  /** `METRICS_TOKEN`; null if it is not set. */
  readonly token: string | null;
};

/**
 * Whether a request comes from this machine and names this machine: the server listens on loopback, and the `Host` header is a
 * loopback name. A web page can make a local browser send requests to any address under its own host name (DNS rebinding), and a
 * reverse proxy forwards the public host name.
 */
export function isLocal(
  { host }: Pick<Exposure, 'host'>,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  if (!isLoopback(host) || headers['forwarded'] !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  const asked = headers['host'];
  return typeof asked === 'string' && asked !== '' && isLoopback(asked.replace(/:\d+$/, ''));
}

/** Allows requests with the token or, without a token, requests from this machine. Rejects all others. */
export function guardMetrics(exposure: Exposure): RequestHandler {
  const { token } = exposure;
  const bringsToken = token === null ? null : bearerOf(token);
  return (request, response, next) => {
    if (bringsToken === null && isLocal(exposure, request.headers)) return next();
    if (bringsToken === null)
      return answerJson(response, 403, {
        error: METRICS_NEED_TOKEN,
      });
    if (bringsToken(request.headers.authorization)) return next();
    return answerJson(response, 401, { error: SEND_METRICS_TOKEN }, { 'www-authenticate': 'Bearer' });
  };
}
