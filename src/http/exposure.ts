import type { RequestHandler } from 'express';
import { bearerOf } from './bearer-token.ts';
import { answerJson } from './json-response.ts';
import { isLoopback } from '../outbound/host.ts';

/** What decides who may read figures without the key of an account. */
export type Exposure = {
  /** The address that is listened on: `HOST`. */
  readonly host: string;
  /** `METRICS_TOKEN`; null: there is none. */
  readonly token: string | null;
};

/**
 * Whether a request was made on this machine, for this machine: nobody else reaches the address, and it was asked for by a name of
 * it. A web page can have a browser here ask any address, by a name of the page's own that leads to it (DNS rebinding); and
 * a proxy in front passes on the name that it was asked for.
 */
export function isLocal(
  { host }: Pick<Exposure, 'host'>,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  if (!isLoopback(host) || headers['forwarded'] !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  const asked = headers['host'];
  return typeof asked === 'string' && asked !== '' && isLoopback(asked.replace(/:\d+$/, ''));
}

/** Lets through whoever has the token, and without a token whoever asks on this machine; answers everybody else. */
export function guardMetrics(exposure: Exposure): RequestHandler {
  const { token } = exposure;
  const bringsToken = token === null ? null : bearerOf(token);
  return (request, response, next) => {
    if (bringsToken === null && isLocal(exposure, request.headers)) return next();
    if (bringsToken === null)
      return answerJson(response, 403, {
        error: 'metrics tell figures: set METRICS_TOKEN and send it as bearer, or set METRICS_PORT and ask on this machine',
      });
    if (bringsToken(request.headers.authorization)) return next();
    return answerJson(response, 401, { error: 'send METRICS_TOKEN as bearer' }, { 'www-authenticate': 'Bearer' });
  };
}
