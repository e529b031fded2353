import type { IncomingMessage, ServerResponse } from 'node:http';
import { createBodies, MOST_UNVERIFIED_BYTES, refuseBody, type Bodies, type BodyRefusal } from '../../http/request-bodies.ts';
import { answerJson } from '../../http/json-response.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Ingest, IngestReport } from '../../ports/inbound/ingest.ts';
import type { Metrics } from '../../ports/metrics.ts';
import {
  createBearerCheck,
  hasBearer,
  isWorthReading,
  keyOfSignature,
  signedHeaders,
  whyRefused,
  whyUnread,
  type IngestKey,
  type IngestKeys,
} from './authorize.ts';
import { parseBody, PUSH_SOURCE } from './body.ts';
import type { SignedHeaders } from './signature.ts';
import { overviewJson } from '../../queries/overview-json.ts';
import type { Queries } from '../../queries/queries.ts';

/** 1 MiB, counted after inflating. */
const BODY_LIMIT = 1024 * 1024;
const MOST_IN_FLIGHT = 256;
/** Requests with keys that are not known wait for the database, with what they hold: no more than these. */
const MOST_LOOKING = 16;
/** What the bodies take together that are still coming from holders of a key. */
const MOST_VERIFIED_BYTES = 64 * 1024 * 1024;
const LONGEST_EVENT_ID = 300;
const RETRY_AFTER_S = '5';

/** `POST /v1/usage` and `GET /v1/usage`. The answer to a push comes after its readings are committed. */
export function createPushSource(options: {
  readonly ingest: Ingest;
  readonly overview: Queries['overview'];
  /** Of every account. */
  readonly keys: IngestKeys;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** For what is signed, and known only with its body: shared by all that reads what nobody vouches for yet. */
  readonly unverified?: Bodies;
  /** For what comes with a key that is known: apart from those of strangers, who must not keep it out. */
  readonly verified?: Bodies;
}): { readonly path: string; handle(request: IncomingMessage, response: ServerResponse, fail: (error: unknown) => void): void } {
  const { ingest, overview, keys, clock, metrics } = options;
  const { unverified = createBodies(MOST_UNVERIFIED_BYTES), verified = createBodies(MOST_VERIFIED_BYTES) } = options;
  const keyOfBearer = createBearerCheck(keys);
  const inFlight = places(MOST_IN_FLIGHT);
  let looking = 0;

  return {
    path: '/v1/usage',
    handle(request, response, fail) {
      const answerTo = METHODS.get(request.method ?? '');
      if (answerTo === undefined)
        return refuse(response, 405, 'GET reads the overview, POST pushes readings', { allow: 'GET, HEAD, POST' });
      void take(request, response, answerTo === 'push' ? push : read).catch(fail);
    },
  };

  /** Strangers are sent away before their body is read; a signature can only be checked with it. */
  async function take(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    const byBearer = () => keyOfBearer(request.headers.authorization, clock.now());
    let bearer = byBearer();
    if (bearer === null && hasBearer(request.headers) && signatureOf(request) === null) {
      const isCurrent = await lookAgain();
      bearer = byBearer();
      if (bearer === null && !isCurrent) return notKnownNow(response);
    }
    const isToRead = bearer !== null || (signatureOf(request) !== null && isWorthReading(request.headers, clock.now()));
    if (!isToRead) return sendAway(request, response);
    const body = await (bearer === null ? unverified : verified).read(request, BODY_LIMIT);
    if (!body.ok) return refuseBody(response, body.error, { error: WHY_NOT_READ[body.error.why] });
    const { bytes, release } = body.value;
    let key: IngestKey | 'unknown' | 'not-now';
    try {
      key = bearer ?? (await keyOfBody(request, bytes));
    } finally {
      release();
    }
    if (key === 'not-now') return notKnownNow(response);
    if (key === 'unknown') return sendAway(request, response);
    if (!inFlight.take(response)) return;
    try {
      await answer({ request, response, bytes, key });
    } finally {
      inFlight.leave();
    }
  }

  async function keyOfBody(request: IncomingMessage, bytes: Buffer): Promise<IngestKey | 'unknown' | 'not-now'> {
    const signed = signatureOf(request);
    if (signed === null) return 'unknown';
    const find = () => keyOfSignature(signed, bytes, keys.all(), clock.now());
    const known = find();
    if (known !== null) return known;
    const isCurrent = await lookAgain();
    return find() ?? (isCurrent ? 'unknown' : 'not-now');
  }

  /** A key that is none of ours, as far as this process knows, may have been made just now. Few may wait for that: strangers can have any number of those. */
  async function lookAgain(): Promise<boolean> {
    if (looking >= MOST_LOOKING) return false;
    looking += 1;
    try {
      return await keys.lookAgain();
    } finally {
      looking -= 1;
    }
  }

  function sendAway({ method, headers }: IncomingMessage, response: ServerResponse): void {
    refuse(response, 401, method === 'POST' ? whyRefused(headers, clock.now()) : whyUnread(headers), BEARER);
  }

  async function push({ request, response, bytes, key }: Authorized): Promise<void> {
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

  async function read({ response, key }: Authorized): Promise<void> {
    try {
      answerJson(response, 200, overviewJson(await overview(key.account, key.source)));
    } catch (error) {
      unavailable(response, error, 'ask again in a moment');
    }
  }
}

type Authorized = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly bytes: Buffer; readonly key: IngestKey };
type Answer = (authorized: Authorized) => Promise<void>;

/** Signed is a body that is pushed, and not the method: whoever has recorded a push may not read with its signature. */
function signatureOf({ method, headers }: IncomingMessage): SignedHeaders | null {
  return method === 'POST' ? signedHeaders(headers) : null;
}

const WHY_NOT_READ: Readonly<Record<BodyRefusal['why'], string>> = {
  'too-large': 'the body is larger than 1 MiB',
  'unknown-encoding': 'this content encoding is not understood: send gzip, deflate, br or none',
  damaged: 'the body is not compressed in the way that content-encoding says',
  full: 'too many bodies are arriving at once; nothing was stored, send it again',
  'cut-off': 'the body did not arrive whole',
};

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

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refuse(response: ServerResponse, status: number, error: string, headers?: Readonly<Record<string, string>>): void {
  answerJson(response, status, { error }, headers);
}

/** Nobody can say whether it is one of ours while the database does not answer. */
function notKnownNow(response: ServerResponse): void {
  refuse(response, 503, 'this key is not known yet, and could not be looked up now; send it again', { 'retry-after': RETRY_AFTER_S });
}

/** Anything else is a fault of ours, for the error handler of the server. */
function unavailable(response: ServerResponse, error: unknown, next: string): void {
  if (!(error instanceof StoreUnavailable)) throw error;
  refuse(response, 503, `${error.reason ?? 'the database is away'}; ${next}`, { 'retry-after': RETRY_AFTER_S });
}
