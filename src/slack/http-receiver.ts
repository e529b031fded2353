import type { App, ReceiverEvent } from '@slack/bolt';
import express, { type ErrorRequestHandler, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { ReplayGuard } from './replay-guard.ts';
import { isSslCheck, parseBody } from './request-body.ts';
import { checkSignature } from './signature.ts';
import { take } from './take.ts';
import type { SlackRequests, Transport } from './transport.ts';

const urlVerificationSchema = z.object({ type: z.literal('url_verification'), challenge: z.string() });

/**
 * All of Slack over HTTP, on `POST /slack/events` of an app that is somebody else's. Our own instead of Bolt's, which takes
 * timestamps from the future and replays, waits three seconds when nothing answers, and wants the app before it exists.
 * Answers: 200 taken, 400 nothing that we know, 401 not from Slack or not now, 413 above 1 MiB, 503 while stopping.
 */
export function createHttpReceiver({ signingSecret, clock, log }: { signingSecret: string; clock: Clock; log: Log }): Transport {
  const replays = new ReplayGuard();
  let bolt: App | undefined;
  let stopping = false;
  let requests: SlackRequests = { acceptedAt: null, refused: null };

  async function handle(req: Request, res: Response): Promise<void> {
    if (stopping) return void res.status(503).end();
    const body = bodySchema.parse(req.body);
    const contentType = req.get('content-type');
    if (isSslCheck(contentType, body)) return void res.status(200).end();

    const now = clock.now();
    const check = checkSignature(
      signingSecret,
      { timestamp: req.get('x-slack-request-timestamp'), signature: req.get('x-slack-signature'), body },
      now,
    );
    const refusal = !check.ok ? check.reason : replays.admit(check.signature, check.expiresAt, now) ? null : 'replayed';
    if (refusal !== null) {
      log.warn({ reason: refusal }, 'refused a request that Slack did not sign, or not now');
      const why = WHY.get(refusal);
      if (why !== undefined) requests = { ...requests, refused: { at: now, why } };
      return void res.status(401).end();
    }

    requests = { ...requests, acceptedAt: now };
    const parsed = parseBody(contentType, body);
    if (parsed === null) return void res.status(400).end();
    const verification = urlVerificationSchema.safeParse(parsed);
    if (verification.success) return void res.json({ challenge: verification.data.challenge });
    await dispatch(parsed, req, res);
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
      app.post('/slack/events', express.raw({ type: () => true, limit: '1mb' }), handle, refuseBody);
    },
  };
}

/** What a refusal says about the configuration. */
const WHY: ReadonlyMap<string, 'signature' | 'clock'> = new Map([
  ['wrong signature', 'signature'],
  ['too old', 'clock'],
  ['from the future', 'clock'],
]);

/** A request without a body leaves no buffer behind. */
const bodySchema = z.instanceof(Buffer).catch(Buffer.alloc(0));

function retryOf(req: Request): { retryNum?: number; retryReason?: string } {
  const number = Number(req.get('x-slack-retry-num') ?? Number.NaN);
  const reason = req.get('x-slack-retry-reason');
  return { ...(Number.isNaN(number) ? {} : { retryNum: number }), ...(reason === undefined ? {} : { retryReason: reason }) };
}

const bodyErrorSchema = z.object({ status: z.number().min(400).max(499) });

/** What `express.raw` refuses: too large (413), cut off, or packed in a way that it does not know. */
const refuseBody: ErrorRequestHandler = (error, _req, res, next) => {
  const parsed = bodyErrorSchema.safeParse(error);
  if (!parsed.success || res.headersSent) next(error);
  else res.status(parsed.data.status).end();
};
