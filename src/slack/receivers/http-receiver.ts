import type { App, ReceiverEvent } from '@slack/bolt';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { createBodies, MOST_UNVERIFIED_BYTES, refuseBody, type Bodies } from '../../http/request-bodies.ts';
import { endAnswer } from '../../http/end-response.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { ReplayGuard } from './replay-guard.ts';
import { isForm, isSslCheck, parseBody } from './request-body.ts';
import { checkSignature, mayBeSigned } from './signature.ts';
import { take } from './take.ts';
import type { SlackRequests, Transport } from './transport.ts';

/**
 * The most that Slack sends comes with a press or a form: the message or view it stood in, of at most 100 blocks with texts of up to 3,000
 * characters, in a form that writes a letter as up to nine (docs.slack.dev/reference/block-kit/blocks). Ours are far from that.
 */
const BODY_LIMIT = 512 * 1024;
/** Slack's check of the certificate is not signed, and is a form of two fields. */
const SSL_CHECK_LIMIT = 1024;

const urlVerificationSchema = z.object({ type: z.literal('url_verification'), challenge: z.string() });

/**
 * All of Slack over HTTP, on `POST /slack/events` of an app that is somebody else's. Our own instead of Bolt's, which takes
 * timestamps from the future and replays, waits three seconds when nothing answers, and wants the app before it exists.
 * Answers: 200 taken, 400 nothing that we know, 401 not from Slack or not now, before the body is read where the headers tell it, 413 above
 * 512 KiB, 503 while stopping, and with Retry-After while too many bodies arrive at once.
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
  let bolt: App | undefined;
  let stopping = false;
  let requests: SlackRequests = { acceptedAt: null, refused: null };

  async function handle(req: Request, res: Response): Promise<void> {
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
    let check;
    try {
      if (isSslCheck(contentType, body)) return void res.status(200).end();
      check = isSigned.ok ? checkSignature(signingSecret, { ...signed, body }, now) : isSigned;
    } finally {
      release();
    }
    if (!check.ok) return refuse(res, check.reason, now);
    if (!replays.admit(check.signature, check.expiresAt, now)) return refuse(res, 'replayed', now);

    requests = { ...requests, acceptedAt: now };
    const parsed = parseBody(contentType, body);
    if (parsed === null) return void res.status(400).end();
    const verification = urlVerificationSchema.safeParse(parsed);
    if (verification.success) return void res.json({ challenge: verification.data.challenge });
    await dispatch(parsed, req, res);
  }

  function refuse(res: Response, reason: string, now: Date): void {
    log.warn({ reason }, 'refused a request that Slack did not sign, or not now');
    const why = WHY.get(reason);
    if (why !== undefined) requests = { ...requests, refused: { at: now, why } };
    endAnswer(res, 401, {});
  }

  async function dispatch(body: Record<string, unknown>, req: Request, res: Response): Promise<void> {
    const ack: ReceiverEvent['ack'] = async (said) => {
      if (res.headersSent) return;
      // Only a form that was filled in, and a menu that asks for its choices, are answered with more than that they arrived.
      if (typeof said === 'object') res.json(said);
      else res.status(200).end();
    };
    if (!(await take(bolt, { body, ...retryOf(req), ack }, log))) res.status(400).end();
  }

  return {
    init: (app) => {
      bolt = app;
    },
    requests: () => requests,
    start: () => Promise.resolve(),
    stop: () => {
      stopping = true;
      return Promise.resolve();
    },
    mount: (app) => {
      app.post('/slack/events', handle);
    },
  };
}

/** What a refusal says about the configuration. */
const WHY: ReadonlyMap<string, 'signature' | 'clock'> = new Map([
  ['wrong signature', 'signature'],
  ['too old', 'clock'],
  ['from the future', 'clock'],
]);

function retryOf(req: Request): { retryNum?: number; retryReason?: string } {
  const number = Number(req.get('x-slack-retry-num') ?? Number.NaN);
  const reason = req.get('x-slack-retry-reason');
  return { ...(Number.isNaN(number) ? {} : { retryNum: number }), ...(reason === undefined ? {} : { retryReason: reason }) };
}
