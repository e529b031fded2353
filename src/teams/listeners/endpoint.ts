import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import { createBodies, MOST_UNVERIFIED_BYTES, refuseBody, type Bodies } from '../../http/request-bodies.ts';
import { endAnswer } from '../../http/end-response.ts';
import { err } from '../../core/result.ts';
import type { Log } from '../../ports/log.ts';
import { activitySchema, envelopeSchema, handledTypes, tenantsOf, type Activity } from './activity.ts';
import type { MicrosoftTokens } from '../auth/verify-request.ts';
import { isAllowed } from '../auth/service-url.ts';

/**
 * The Bot Framework's limit is about 100 KB for a message
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages).
 */
const BODY_LIMIT = 256 * 1024;

const REFUSED = err('refused' as const);

/** The answer to an invoke: the body of the HTTP answer (learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model). */
export type InvokeAnswer = { readonly statusCode: number; readonly type?: string; readonly value?: unknown };

export type Inbound = {
  readonly account: string;
  /** The organization that the account serves in this conversation. Null if none was named. */
  readonly tenant: string | null;
  readonly activity: Activity;
};

/** An activity of a type that is unknown or ignored. */
type Envelope = { readonly type: string; readonly serviceUrl: string; readonly name?: string | null | undefined };

/**
 * Creates the route `POST /api/messages`. All activities except invokes are answered before they are handled, because Teams repeats what is
 * not answered in time. Activities of an organization that is not served are answered with 200, so that they are not repeated, and ignored.
 *
 * Answers:
 * - 200: accepted or ignored
 * - 400: not an activity
 * - 401: not from Teams. Sent before the body is read
 * - 403: the service URL is not one of Microsoft's
 * - 413: larger than 256 KiB
 * - 501: an unknown invoke
 * - 503: the service is stopping, or (with Retry-After) too many bodies arrive at once
 */
export function createEndpoint(options: {
  readonly authority: MicrosoftTokens;
  readonly bodies?: Bodies | undefined;
  readonly anonymous: boolean;
  /** Returns the account whose credits an organization may see, or null if no account declares the organization. */
  readonly accountOf: (tenant: string | null) => string | null;
  readonly log: Log;
  readonly isStopping: () => boolean;
  /** Handles an accepted activity. Never throws. */
  readonly take: (inbound: Inbound) => void;
  /** Answers an invoke. Resolves to null for an unknown one. Never throws. */
  readonly invoke: (inbound: Inbound) => Promise<InvokeAnswer | null>;
}): { mount(app: Express): void } {
  const { authority, bodies = createBodies(MOST_UNVERIFIED_BYTES), anonymous, accountOf, log, isStopping, take, invoke } = options;

  /**
   * Handles a request. A request without a valid token is rejected before its body is read. The token names the service URL that the
   * activity must name too.
   */
  async function handle(request: Request, response: Response): Promise<void> {
    if (isStopping()) return endAnswer(response, 503, {});
    const authorization = request.get('authorization') ?? '';
    if (!anonymous && !/^Bearer \S/.test(authorization)) return refuse(response, 401, 'rejected Teams request: no token');
    const vouchedFor = anonymous ? null : serviceUrlIn(authorization);
    const checked = vouchedFor === null && !anonymous ? REFUSED : await authority.check(authorization, { serviceUrl: vouchedFor ?? '' });
    if (!checked.ok) {
      return refuse(
        response,
        401,
        checked.error === 'refused'
          ? 'rejected Teams request: invalid token'
          : 'rejected Teams request: the keys of Microsoft could not be fetched',
      );
    }
    const body = await bodies.read(request, BODY_LIMIT);
    if (!body.ok) return refuseBody(response, body.error);
    const received = activityOf(body.value.bytes);
    body.value.release();
    if (received === null) return refuse(response, 400, 'rejected Teams request: not an activity');
    const { serviceUrl, type, name } = received.what;
    if (!isAllowed(serviceUrl, anonymous))
      return refuse(response, 403, 'rejected Teams request: service URL is not one of Microsoft', { host: hostOf(serviceUrl) });
    if (vouchedFor !== null && serviceUrl !== vouchedFor) return refuse(response, 401, 'rejected Teams request: invalid token');
    if (received.kind === 'envelope') {
      log.info({ type, name }, 'ignored Teams activity');
      return void response.status(200).end();
    }
    const activity = received.what;
    const [first = null, ...others] = tenantsOf(activity);
    // In a channel that is shared with another organization, either organization may come first.
    const tenant = [first, ...others].find((one) => accountOf(one) !== null) ?? null;
    const account = tenant === null && first !== null ? null : accountOf(tenant);
    if (account === null) {
      log.warn({ tenant: first, type }, 'ignored Teams activity: no account names the organization');
      return void response.status(200).end();
    }
    if (type !== 'invoke') {
      response.status(200).end();
      return take({ account, tenant, activity });
    }
    const answer = await invoke({ account, tenant, activity });
    if (answer === null) {
      log.info({ type, name }, 'ignored Teams activity');
      return void response.status(501).end();
    }
    response.status(200).json(answer);
  }

  function refuse(response: Response, status: number, message: string, fields: object = {}): void {
    log.warn({ status, ...fields }, message);
    endAnswer(response, status, {});
  }

  return {
    mount: (app) => {
      app.post('/api/messages', handle);
    },
  };
}

type Received = { readonly kind: 'activity'; readonly what: Activity } | { readonly kind: 'envelope'; readonly what: Envelope };

/** Parses an activity. Null if it is not one, or lacks a field that its type requires. */
function activityOf(body: Buffer): Received | null {
  const json = parsedJson(body.toString('utf8'));
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return null;
  if (!handledTypes.some((type) => type === envelope.data.type)) return { kind: 'envelope', what: envelope.data };
  const activity = activitySchema.safeParse(json);
  return activity.success ? { kind: 'activity', what: activity.data } : null;
}

function hostOf(serviceUrl: string): string {
  return URL.canParse(serviceUrl) ? new URL(serviceUrl).host : 'no URL';
}

const claimsSchema = z.object({ serviceurl: z.string() });

/** Returns the service URL in a token that is not verified yet. Null if it is not such a token. */
function serviceUrlIn(authorization: string): string | null {
  const [, payload] = authorization.split('.');
  try {
    const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8')));
    return claims.success ? claims.data.serviceurl : null;
  } catch {
    return null;
  }
}
