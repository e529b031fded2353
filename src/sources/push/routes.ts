import type { IncomingMessage, ServerResponse } from 'node:http';
import { createBodies, MOST_UNVERIFIED_BYTES, refuseBody, type Bodies } from '../../http/request-bodies.ts';
import { answerJson } from '../../http/json-response.ts';
import { createSlots } from '../../http/slots.ts';
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
import { pushProblemText, type PushProblem } from '../../messages/replies/push.ts';
import { meterJsonText, overviewJsonText } from '../../queries/overview-json.ts';
import { streamAnswer } from '../../http/stream-response.ts';
import type { Queries } from '../../queries/queries.ts';

/** 1 MiB, counted after inflating. */
const BODY_LIMIT = 1024 * 1024;
const MOST_IN_FLIGHT = 256;
/** How many requests with unknown keys may wait for the database at once, because each holds its body. */
const MOST_LOOKING = 16;
/** The most bytes of arriving bodies of known senders. */
const MOST_VERIFIED_BYTES = 64 * 1024 * 1024;
const LONGEST_EVENT_ID = 300;
const RETRY_AFTER_S = '5';

/** Creates `POST /v1/usage` and `GET /v1/usage`. A push is answered after its readings are committed. */
export function createPushSource(options: {
  readonly ingest: Ingest;
  readonly queries: Pick<Queries, 'ranking' | 'figures' | 'isRouted'>;
  /** Of all accounts. */
  readonly keys: IngestKeys;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** The budget for signed bodies, whose sender is only known after reading. Shared by all endpoints that read unverified bodies. */
  readonly unverified?: Bodies;
  /** The budget for requests with a known key. Separate, so that unknown senders cannot block them. */
  readonly verified?: Bodies;
}): { readonly path: string; handle(request: IncomingMessage, response: ServerResponse, fail: (error: unknown) => void): void } {
  const { ingest, queries, keys, clock, metrics } = options;
  const { unverified = createBodies(MOST_UNVERIFIED_BYTES), verified = createBodies(MOST_VERIFIED_BYTES) } = options;
  const keyOfBearer = createBearerCheck(keys);
  const inFlight = createSlots(MOST_IN_FLIGHT, (response) => refuse(response, 429, { kind: 'too-many-requests' }, { 'retry-after': '1' }));
  let looking = 0;

  return {
    path: '/v1/usage',
    handle(request, response, fail) {
      const answerTo = METHODS.get(request.method ?? '');
      if (answerTo === undefined) return refuse(response, 405, { kind: 'wrong-method' }, { allow: 'GET, HEAD, POST' });
      void take(request, response, answerTo === 'push' ? push : read).catch(fail);
    },
  };

  /** Rejects unknown senders before reading their body, except for signed requests, whose check needs the body. */
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
    if (!body.ok) return refuseBody(response, body.error, { error: pushProblemText({ kind: body.error.why }) });
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
      inFlight.free();
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

  /**
   * An unknown key may have been created just now by another process. Few requests may wait for that, because anyone can send
   * unknown keys.
   */
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
      return refuse(response, 400, { kind: 'long-event-id', most: LONGEST_EVENT_ID });
    const { source = key.source ?? PUSH_SOURCE, readings } = body.value;
    if (key.source !== null && source !== key.source) return refuse(response, 401, { kind: 'other-source', source: key.source }, BEARER);
    try {
      const report = await ingest({ account: key.account, source, via: 'push', eventId, arrivedAt: clock.now(), readings });
      metrics.ingested({ accepted: report.accepted, duplicates: report.duplicates, rejected: report.rejected.length });
      answerJson(response, isRefused(report) ? 422 : 202, report);
    } catch (error) {
      unavailable(response, error, 'push');
    }
  }

  async function read({ response, key }: Authorized): Promise<void> {
    try {
      const { account, source } = key;
      const figures = queries.figures(account, ...(source === null ? [] : [{ source }]));
      const [ranking, isRouted] = await Promise.all([queries.ranking(account, meterJsonText, figures), queries.isRouted(account)]);
      await streamAnswer(response, { 'content-type': 'application/json; charset=utf-8' }, overviewJsonText(ranking, isRouted));
    } catch (error) {
      unavailable(response, error, 'read');
    }
  }
}

type Authorized = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly bytes: Buffer; readonly key: IngestKey };
type Answer = (authorized: Authorized) => Promise<void>;

/** A signature covers a pushed body and not the method: a recorded push must not allow reading. */
function signatureOf({ method, headers }: IncomingMessage): SignedHeaders | null {
  return method === 'POST' ? signedHeaders(headers) : null;
}

/** Whether every reading was rejected. A sender that only looks at the status must not see a success. */
function isRefused({ accepted, duplicates, rejected }: IngestReport): boolean {
  return rejected.length > 0 && accepted + duplicates === 0;
}

const METHODS: ReadonlyMap<string, 'push' | 'read'> = new Map([
  ['POST', 'push'],
  ['GET', 'read'],
  ['HEAD', 'read'],
]);
const BEARER = { 'www-authenticate': 'Bearer' };

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refuse(response: ServerResponse, status: number, problem: PushProblem, headers?: Readonly<Record<string, string>>): void {
  answerJson(response, status, { error: pushProblemText(problem) }, headers);
}

/** The database does not answer, so it is unknown whether the key is valid. */
function notKnownNow(response: ServerResponse): void {
  refuse(response, 503, { kind: 'key-not-looked-up' }, { 'retry-after': RETRY_AFTER_S });
}

/** Rethrows other errors, which are bugs, to the error handler of the server. */
function unavailable(response: ServerResponse, error: unknown, asked: 'push' | 'read'): void {
  if (!(error instanceof StoreUnavailable)) throw error;
  const { problem, isStoredInPart } = error;
  refuse(response, 503, { kind: 'database-away', problem, asked, isStoredInPart }, { 'retry-after': RETRY_AFTER_S });
}
