import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Overview } from '../../core/overview.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable, type Ingest } from '../../ports/ingest.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { createBearerCheck, keyOfSignature, signedHeaders, type IngestKey } from './authorize.ts';
import { parseBody, PUSH_SOURCE } from './body.ts';
import { overviewJson } from './overview-json.ts';

/** 1 MiB, counted after inflating. */
const BODY_LIMIT = 1024 * 1024;
const MOST_IN_FLIGHT = 256;
/** Requests whose body is still coming take a place of their own: slow senders must not keep out those who have sent all. */
const MOST_ARRIVING = 1024;
const LONGEST_EVENT_ID = 300;
const RETRY_AFTER_S = '5';

const NOT_AUTHORISED = 'send Authorization: Bearer <ingest key>, or a Standard Webhooks signature made with it';

/** `POST /v1/usage` and `GET /v1/usage`. The answer to a push comes after its readings are committed. */
export function createPushSource(options: {
  readonly ingest: Ingest;
  /** Of one source, or of all of an account. */
  readonly overview: (account: string, source: string | null) => Promise<Overview>;
  /** Whether some route wants alerts of the account's meters. */
  readonly isRouted: (account: string) => Promise<boolean>;
  /** Of every account. */
  readonly keys: readonly IngestKey[];
  readonly clock: Clock;
  readonly metrics: Metrics;
}): { readonly mount: (app: Express) => void } {
  const { ingest, overview, isRouted, keys, clock, metrics } = options;
  const keyOfBearer = createBearerCheck(keys);

  /** Strangers are sent away before their body is read; a signature can only be checked with it. */
  const knockFirst: RequestHandler = (request, response, next) => {
    const known = keyOfBearer(request.headers.authorization) !== null || signedHeaders(request.headers) !== null;
    if (!known) return refuse(response.set('www-authenticate', 'Bearer'), 401, NOT_AUTHORISED);
    if (Number(request.headers['content-length']) > BODY_LIMIT) return refuse(response, 413, 'the body is larger than 1 MiB');
    next();
  };

  const push = async (request: Request, response: Response): Promise<void> => {
    const bytes = bodyOf(request);
    const key = authorize(request, bytes);
    if (key === null) return refuse(response.set('www-authenticate', 'Bearer'), 401, NOT_AUTHORISED);
    const body = parseBody(bytes);
    if (!body.ok) return refuse(response, 400, body.error);
    const eventId = request.header('webhook-id') || null;
    if (eventId !== null && eventId.length > LONGEST_EVENT_ID) return refuse(response, 400, `webhook-id must have at most ${LONGEST_EVENT_ID} characters`);
    const { source = key.source ?? PUSH_SOURCE, readings } = body.value;
    if (key.source !== null && source !== key.source) return refuse(response.set('www-authenticate', 'Bearer'), 401, `this key is for the source "${key.source}" alone`);
    try {
      const { account } = key;
      const report = await ingest({ account, source, via: 'push', eventId, arrivedAt: clock.now(), readings });
      metrics.ingested({ accepted: report.accepted, duplicates: report.duplicates, rejected: report.rejected.length });
      response.status(202).json(report);
    } catch (error) {
      unavailable(response, error, 'nothing was stored, send it again');
    }
  };

  const read = async (request: Request, response: Response): Promise<void> => {
    const key = authorize(request, bodyOf(request));
    if (key === null) return refuse(response.set('www-authenticate', 'Bearer'), 401, NOT_AUTHORISED);
    try {
      const [now, routed] = await Promise.all([overview(key.account, key.source), isRouted(key.account)]);
      response.json(overviewJson(now, { routed, now: clock.now() }));
    } catch (error) {
      unavailable(response, error, 'ask again in a moment');
    }
  };

  return {
    mount(app) {
      const raw = express.raw({ type: () => true, limit: BODY_LIMIT });
      const [arriving, inFlight] = [places(MOST_ARRIVING), places(MOST_IN_FLIGHT)];
      const route = app.route('/v1/usage').post(arriving, knockFirst, raw, inFlight, push).get(arriving, knockFirst, raw, inFlight, read);
      route.all((_request, response) => {
        refuse(response.set('allow', 'GET, HEAD, POST'), 405, 'GET reads the overview, POST pushes readings');
      });
    },
  };

  function authorize(request: Request, bytes: Buffer): IngestKey | null {
    const bearer = keyOfBearer(request.headers.authorization);
    if (bearer !== null) return bearer;
    const signed = signedHeaders(request.headers);
    return signed === null ? null : keyOfSignature(signed, bytes, keys, clock.now());
  }
}

/** Lets so many requests be on their way to an answer at once, and asks the others to come back. */
function places(most: number): RequestHandler {
  let taken = 0;
  return (_request, response, next) => {
    if (taken >= most) return refuse(response.set('retry-after', '1'), 429, 'too many requests at once; try again in a second');
    taken += 1;
    response.once('close', () => {
      taken -= 1;
    });
    next();
  };
}

function bodyOf(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error });
}

/** Anything else is a fault of ours, for the error handler of the server. */
function unavailable(response: Response, error: unknown, next: string): void {
  if (!(error instanceof StoreUnavailable)) throw error;
  refuse(response.set('retry-after', RETRY_AFTER_S), 503, `the database is away; ${next}`);
}
