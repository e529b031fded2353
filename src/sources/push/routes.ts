import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { answerJson } from '../../answering/json.ts';
import type { Overview } from '../../core/overview.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable, UNANSWERED, type Ingest, type IngestReport } from '../../ports/ingest.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { isOfInflating } from '../inflating.ts';
import { createBearerCheck, hasBearer, keyOfSignature, signedHeaders, whyRefused, type IngestKey, type IngestKeys } from './authorize.ts';
import { parseBody, PUSH_SOURCE } from './body.ts';
import { overviewJson } from '../../core/overview-json.ts';

/** 1 MiB, counted after inflating. */
const BODY_LIMIT = 1024 * 1024;
const MOST_IN_FLIGHT = 256;
/** Requests whose body is still coming take a place of their own: slow senders must not keep out those who have sent all. */
const MOST_ARRIVING = 1024;
const LONGEST_EVENT_ID = 300;
const RETRY_AFTER_S = '5';

/** `POST /v1/usage` and `GET /v1/usage`. The answer to a push comes after its readings are committed. */
export function createPushSource(options: {
  readonly ingest: Ingest;
  /** Of one source, or of all of an account. */
  readonly overview: (account: string, source: string | null) => Promise<Overview>;
  /** Whether some route wants alerts of the account's meters. */
  readonly isRouted: (account: string) => Promise<boolean>;
  /** Of every account. */
  readonly keys: IngestKeys;
  readonly clock: Clock;
  readonly metrics: Metrics;
}): { readonly path: string; handle(request: IncomingMessage, response: ServerResponse, fail: (error: unknown) => void): void } {
  const { ingest, overview, isRouted, keys, clock, metrics } = options;
  const keyOfBearer = createBearerCheck(keys);
  const readBody = express.raw({ type: () => true, limit: BODY_LIMIT });
  const [arriving, inFlight] = [places(MOST_ARRIVING), places(MOST_IN_FLIGHT)];

  return {
    path: '/v1/usage',
    handle(request, response, fail) {
      const answerTo = METHODS.get(request.method ?? '');
      if (answerTo === undefined)
        return refuse(response, 405, 'GET reads the overview, POST pushes readings', { allow: 'GET, HEAD, POST' });
      const receive = (): void => {
        if (!isExpected(request, response) || !arriving.take(response)) return;
        readBody(request, response, (error) => {
          arriving.leave();
          if (error !== undefined)
            return isOfInflating(error)
              ? refuse(response, 400, 'the body is not compressed in the way that content-encoding says')
              : fail(error);
          if (inFlight.take(response))
            void (answerTo === 'push' ? push : read)(request, response)
              .catch(fail)
              .finally(() => inFlight.leave());
        });
      };
      if (!isUnknown(request)) return receive();
      keys
        .lookAgain()
        .then((isCurrent) => (isCurrent || !isUnknown(request) ? receive() : notKnownNow(response)))
        .catch(fail);
    },
  };

  /** A key that is none of ours, as far as this process knows: it may have been made just now. */
  function isUnknown({ headers }: IncomingMessage): boolean {
    return hasBearer(headers) && keyOfBearer(headers.authorization, clock.now()) === null && signedHeaders(headers) === null;
  }

  /** Strangers are sent away before their body is read; a signature can only be checked with it. */
  function isExpected(request: IncomingMessage, response: ServerResponse): boolean {
    const known = keyOfBearer(request.headers.authorization, clock.now()) !== null || signedHeaders(request.headers) !== null;
    if (!known) sendAway(request, response);
    else if (Number(request.headers['content-length']) > BODY_LIMIT) refuse(response, 413, 'the body is larger than 1 MiB');
    else return true;
    return false;
  }

  function sendAway({ headers }: IncomingMessage, response: ServerResponse): void {
    refuse(response, 401, whyRefused(headers, clock.now()), BEARER);
  }

  /** The key, or null once it was answered that there is none. */
  async function admit(request: IncomingMessage, bytes: Buffer, response: ServerResponse): Promise<IngestKey | null> {
    const known = authorize(request, bytes);
    if (known !== null) return known;
    const isCurrent = await keys.lookAgain();
    const made = authorize(request, bytes);
    if (made !== null) return made;
    if (isCurrent) sendAway(request, response);
    else notKnownNow(response);
    return null;
  }

  async function push(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = bodyOf(request);
    const key = await admit(request, bytes, response);
    if (key === null) return;
    const body = parseBody(bytes);
    if (!body.ok) return refuse(response, 400, body.error);
    const eventId = header(request, 'webhook-id') || null;
    if (eventId !== null && eventId.length > LONGEST_EVENT_ID)
      return refuse(response, 400, `webhook-id must have at most ${LONGEST_EVENT_ID} characters`);
    const { source = key.source ?? PUSH_SOURCE, readings } = body.value;
    if (key.source !== null && source !== key.source)
      return refuse(response, 401, `this key is for the source "${key.source}" alone`, BEARER);
    try {
      const report = await ingest({ account: key.account, source, via: 'push', eventId, arrivedAt: clock.now(), readings });
      metrics.ingested({ accepted: report.accepted, duplicates: report.duplicates, rejected: report.rejected.length });
      answerJson(response, isRefused(report) ? 422 : 202, report);
    } catch (error) {
      unavailable(response, error, 'nothing was stored, send it again');
    }
  }

  async function read(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = await admit(request, bodyOf(request), response);
    if (key === null) return;
    try {
      const [now, routed] = await Promise.all([overview(key.account, key.source), isRouted(key.account)]);
      answerJson(response, 200, overviewJson(now, { routed, now: clock.now() }));
    } catch (error) {
      unavailable(response, error, 'ask again in a moment');
    }
  }

  function authorize(request: IncomingMessage, bytes: Buffer): IngestKey | null {
    const bearer = keyOfBearer(request.headers.authorization, clock.now());
    if (bearer !== null) return bearer;
    const signed = signedHeaders(request.headers);
    return signed === null ? null : keyOfSignature(signed, bytes, keys.all(), clock.now());
  }
}

/** Nothing at all was taken of what was sent. A sender that looks at the status alone must not take that for success. */
function isRefused({ accepted, duplicates, rejected }: IngestReport): boolean {
  return rejected.length > 0 && accepted + duplicates === 0;
}

const METHODS: ReadonlyMap<string, 'push' | 'read'> = new Map([
  ['POST', 'push'],
  ['GET', 'read'],
  ['HEAD', 'read'],
]);
const BEARER = { 'www-authenticate': 'Bearer' };

/**
 * Lets so many requests be at a step at once, and asks the others to come back. Whoever took a place leaves it when the step
 * ends: that a response was closed is told late or never where a client hangs up while its body is inflated, or with requests in line.
 */
function places(most: number): { take(response: ServerResponse): boolean; leave(): void } {
  let taken = 0;
  return {
    take(response) {
      if (taken >= most) {
        refuse(response, 429, 'too many requests at once; try again in a second', { 'retry-after': '1' });
        return false;
      }
      taken += 1;
      return true;
    },
    leave() {
      taken -= 1;
    },
  };
}

function bodyOf(request: IncomingMessage): Buffer {
  const body: unknown = 'body' in request ? request.body : null;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refuse(response: ServerResponse, status: number, error: string, headers?: Readonly<Record<string, string>>): void {
  answerJson(response, status, { error }, headers);
}

/** Nobody can say whether it is one of ours while the database does not answer. */
function notKnownNow(response: ServerResponse): void {
  refuse(response, 503, 'this key is not known yet, and the database is away; send it again', { 'retry-after': RETRY_AFTER_S });
}

/** Anything else is a fault of ours, for the error handler of the server. */
function unavailable(response: ServerResponse, error: unknown, next: string): void {
  if (!(error instanceof StoreUnavailable)) throw error;
  const why = error.message === UNANSWERED ? 'the database is away' : error.message;
  refuse(response, 503, `${why}; ${next}`, { 'retry-after': RETRY_AFTER_S });
}
