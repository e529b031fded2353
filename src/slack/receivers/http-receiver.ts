import { ExpressReceiver } from '@slack/bolt';
import { Router, type NextFunction, type Request, type Response } from 'express';
import { createBodies, MOST_UNVERIFIED_BYTES, refuseBody, type Bodies } from '../../http/request-bodies.ts';
import { endAnswer } from '../../http/end-response.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { ReplayGuard } from './replay-guard.ts';
import { boltLogger } from '../api/bolt-logger.ts';
import { UnknownPayload } from './acknowledging-app.ts';
import { isForm, isSslCheck, mediaType } from './request-body.ts';
import { checkSignature, mayBeSigned, type SignatureProblem } from './signature.ts';
import type { SlackRequests, Transport } from './transport.ts';

/**
 * The largest payload comes from a button or a form. It contains the message or view, of at most 100 blocks with texts of up to 3,000
 * characters, in an encoding with up to 9 bytes per character (docs.slack.dev/reference/block-kit/blocks). Our messages are much smaller.
 */
const BODY_LIMIT = 512 * 1024;
/** Slack's check of the certificate is an unsigned form with two fields. */
const SSL_CHECK_LIMIT = 1024;

/**
 * Creates the receiver for HTTP: Bolt's own, on `POST /slack/events` of the service's server, behind our check of the signature. Bolt's
 * check accepts timestamps from the future and replays, uses the system clock, and reads the body of any request.
 *
 * Answers:
 * - 200: accepted
 * - 400: not a payload of Slack
 * - 401: not signed by Slack, or the timestamp is off. Sent before the body is read if the headers show it
 * - 413: larger than 512 KiB
 * - 503: the service is stopping, or (with Retry-After) too many bodies arrive at once
 */
export function createHttpReceiver({
  signingSecret,
  bodies = createBodies(MOST_UNVERIFIED_BYTES),
  clock,
  log,
}: {
  signingSecret: string;
  bodies?: Bodies | undefined;
  clock: Clock;
  log: Log;
}): Transport {
  const replays = new ReplayGuard();
  const router = Router();
  router.post('/slack/events', check);
  const receiver = new ExpressReceiver({
    signingSecret,
    signatureVerification: false,
    endpoints: '/slack/events',
    router,
    logger: boltLogger(log),
    processEventErrorHandler: ({ error, response }) => {
      if (!(error instanceof UnknownPayload)) log.error({ error }, 'Slack request failed');
      if (!response.headersSent) response.writeHead(error instanceof UnknownPayload ? 400 : 500).end();
      return Promise.resolve(true);
    },
  });
  let stopping = false;
  let requests: SlackRequests = { acceptedAt: null, refused: null };

  async function check(req: Request, res: Response, next: NextFunction): Promise<void> {
    if (stopping) return endAnswer(res, 503, {});
    const now = clock.now();
    const contentType = req.get('content-type');
    const signed = { timestamp: req.get('x-slack-request-timestamp'), signature: req.get('x-slack-signature') };
    const isSigned = mayBeSigned(signed, now);
    if (!isSigned.ok && !(isForm(contentType) && Number(req.get('content-length')) <= SSL_CHECK_LIMIT))
      return refuse(res, isSigned.reason, now);
    const taken = await bodies.read(req, isSigned.ok ? BODY_LIMIT : SSL_CHECK_LIMIT);
    if (!taken.ok) return refuseBody(res, taken.error);
    const { bytes: body, release } = taken.value;
    let checked;
    try {
      if (isSslCheck(contentType, body)) return void res.status(200).end();
      checked = isSigned.ok ? checkSignature(signingSecret, { ...signed, body }, now) : isSigned;
    } finally {
      release();
    }
    if (!checked.ok) return refuse(res, checked.reason, now);
    if (!replays.admit(checked.signature, checked.expiresAt, now)) return refuse(res, 'replayed', now);

    requests = { ...requests, acceptedAt: now };
    // Bolt takes a body that is already read from `rawBody`. It recognizes a form only by the media type without parameters.
    Object.assign(req, { rawBody: body });
    req.headers['content-type'] = mediaType(contentType);
    next();
  }

  function refuse(res: Response, refusal: Refusal, now: Date): void {
    log.warn({ reason: refusal }, 'rejected Slack request: invalid signature or timestamp');
    const why = WHY.get(refusal);
    if (why !== undefined) requests = { ...requests, refused: { at: now, why } };
    endAnswer(res, 401, {});
  }

  return {
    init: (app) => receiver.init(app),
    requests: () => requests,
    start: () => Promise.resolve(),
    stop: () => {
      stopping = true;
      return Promise.resolve();
    },
    mount: (app) => {
      app.use(router);
    },
  };
}

type Refusal = SignatureProblem | 'replayed';

/** The setting that a rejected request points to. */
const WHY: ReadonlyMap<Refusal, 'signature' | 'clock'> = new Map([
  ['wrong-signature', 'signature'],
  ['too-old', 'clock'],
  ['from-the-future', 'clock'],
]);
