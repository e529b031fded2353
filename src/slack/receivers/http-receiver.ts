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
import { checkSignature, mayBeSigned } from './signature.ts';
import type { SlackRequests, Transport } from './transport.ts';

/**
 * The most that Slack sends comes with a press or a form: the message or view it stood in, of at most 100 blocks with texts of up to 3,000
 * characters, in a form that writes a letter as up to nine (docs.slack.dev/reference/block-kit/blocks). Ours are far from that.
 */
const BODY_LIMIT = 512 * 1024;
/** Slack's check of the certificate is not signed, and is a form of two fields. */
const SSL_CHECK_LIMIT = 1024;

/**
 * All of Slack over HTTP: Bolt's receiver on `POST /slack/events` of the service's own server. Before it stands one check of our own, which
 * takes its place in verifying: Bolt's accepts timestamps from the future and replays, goes by the machine's clock, and reads what anybody sends.
 * Answers: 200 taken, 400 nothing that Slack sends, 401 not from Slack or not now, before the body is read where the headers tell it, 413
 * above 512 KiB, 503 while stopping, and with Retry-After while too many bodies arrive at once.
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
      if (!(error instanceof UnknownPayload)) log.error({ error }, 'a request from Slack failed');
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
    // Where Bolt looks for what has been read already; it knows a form only by its bare type.
    Object.assign(req, { rawBody: body });
    req.headers['content-type'] = mediaType(contentType);
    next();
  }

  function refuse(res: Response, reason: string, now: Date): void {
    log.warn({ reason }, 'refused a request that Slack did not sign, or not now');
    const why = WHY.get(reason);
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

/** What a refusal says about the configuration. */
const WHY: ReadonlyMap<string, 'signature' | 'clock'> = new Map([
  ['wrong signature', 'signature'],
  ['too old', 'clock'],
  ['from the future', 'clock'],
]);
