import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { err, ok, type Result } from '../../core/result.ts';
import { isForged, noticeOutcome, type MailProblem, type MailRules } from '../../core/meters/mail.ts';
import { digest } from '../../http/bearer-token.ts';
import { answerJson } from '../../http/json-response.ts';
import { mountPost } from '../../http/post-endpoint.ts';
import { refuseBody, type Bodies } from '../../http/request-bodies.ts';
import { mailProblemText, type MailRequestProblem } from '../../messages/replies/mail.ts';
import type { UnreadBody } from '../../messages/replies/refused-request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ingest } from '../../ports/inbound/ingest.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { MailStore } from '../../ports/stores/mail-store.ts';
import { BODY_LIMIT, rawMailIn } from './body.ts';
import type { ResolveTxt } from './dkim.ts';
import { readMail } from './read-mail.ts';
import { createTxtLookUp } from './txt-look-up.ts';

type KeyedSource = { readonly account: string; readonly source: string; readonly rules: MailRules; readonly keys: readonly string[] };
/** `id`: all keys of a source are of one sender. */
type Sender = KeyedSource & { readonly id: string };

/** Mailgun posts the whole mail only to an address that ends with `mime`. */
const PATHS = ['/v1/mail', '/v1/mail/mime'];

const STATUS: Readonly<Record<Exclude<MailRequestProblem, UnreadBody>['kind'], number>> = {
  'wrong-method': 405,
  'no-key': 401,
  'unknown-key': 401,
  'too-many-requests': 429,
  'database-away': 503,
  'dns-away': 503,
  'no-mail': 400,
};
const HEADERS: Readonly<Partial<Record<MailRequestProblem['kind'], Readonly<Record<string, string>>>>> = {
  'wrong-method': { allow: 'POST' },
  'no-key': { 'www-authenticate': 'Bearer' },
  'unknown-key': { 'www-authenticate': 'Bearer' },
  'too-many-requests': { 'retry-after': '1' },
  'database-away': { 'retry-after': '5' },
  'dns-away': { 'retry-after': '60' },
};

/**
 * Mounts `POST /v1/mail`, which takes a mail from the inbound webhook of a mail service. A mail that gives no figures is answered with
 * 200, because a service would send it again and again otherwise; the code says why.
 */
export function mountMail(options: {
  readonly sources: readonly KeyedSource[];
  readonly store: MailStore;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly bodies: Bodies;
  readonly resolveTxt?: ResolveTxt | undefined;
}): (app: Express) => void {
  const { store, ingest, clock, log, metrics, bodies, resolveTxt = createTxtLookUp() } = options;
  const keys = options.sources.flatMap((source) => {
    const id = JSON.stringify([source.account, source.source]);
    return source.keys.map((key) => ({ source: { ...source, id }, hash: digest(key) }));
  });

  return mountPost<Sender, { readonly kind: 'no-key' | 'unknown-key' }>(PATHS, { senderOf, take, refuse });

  function senderOf({ headers: { authorization } }: IncomingMessage): Result<Sender, { readonly kind: 'no-key' | 'unknown-key' }> {
    if (authorization === undefined) return err({ kind: 'no-key' });
    const source = sourceOf(authorization);
    return source === null ? err({ kind: 'unknown-key' }) : ok(source);
  }

  async function take(request: IncomingMessage, response: ServerResponse, source: Sender): Promise<void> {
    const body = await bodies.read(request, BODY_LIMIT);
    if (!body.ok) return refuseBody(response, body.error, answerOf({ kind: body.error.why }));
    try {
      const raw = await rawMailIn(body.value.bytes, request.headers['content-type'] ?? '');
      if (raw === null) return refuse(response, { kind: 'no-mail' });
      await read(response, source, raw);
    } finally {
      body.value.release();
    }
  }

  async function read(response: ServerResponse, { account, source, rules }: KeyedSource, raw: Buffer): Promise<void> {
    const arrivedAt = clock.now();
    // Such a mail did not pass the server of the customer: whoever sent it may have written its Authentication-Results.
    const mail = await readMail(raw, arrivedAt, rules, { authserv: null, resolveTxt });
    if (!mail.ok) {
      const { code, digest: id, sentAt } = mail.error;
      if (code === 'away') return refuse(response, { kind: 'dns-away' });
      log.warn({ account, source, mail: id.slice(0, 12), code, sentAt }, 'mail not used');
      await store.remember(account, source, [{ digest: id, outcome: code, sentAt }], arrivedAt);
      return answer(response, code, null);
    }
    const { eventId, digest: id, reading, sentAt } = mail.value;
    const report = await ingest({ account, source, via: 'push', eventId, arrivedAt, readings: [reading], isNotice: true });
    metrics.ingested({ accepted: report.accepted, duplicates: report.duplicates, rejected: report.rejected.length });
    const { outcome, reason } = noticeOutcome(report);
    const waits = outcome === 'total-missing' && { notice: { eventId, reading } };
    await store.remember(account, source, [{ digest: id, outcome, sentAt, ...waits }], arrivedAt);
    if (outcome !== 'stored') return answer(response, outcome, reason ?? null);
    answerJson(response, 200, { accepted: report.accepted, duplicates: report.duplicates });
  }

  /** `Authorization: Bearer <key>`, or Basic with the key as the password: most mail services can only put it into the address. */
  function sourceOf(authorization: string): Sender | null {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    const basic = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization)?.[1];
    const pair = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
    const given = digest(bearer ?? pair.slice(pair.indexOf(':') + 1));
    let found: Sender | null = null;
    for (const { source, hash } of keys) if (timingSafeEqual(given, hash)) found = source;
    return found;
  }
}

function answer(response: ServerResponse, code: MailProblem, reason: string | null): void {
  answerJson(response, 200, {
    accepted: 0,
    duplicates: 0,
    code,
    refused: isForged(code),
    error: mailProblemText({ kind: 'unused', code, reason }),
  });
}

function answerOf(problem: MailRequestProblem): object {
  return { code: problem.kind, error: mailProblemText(problem) };
}

function refuse(response: ServerResponse, problem: Exclude<MailRequestProblem, UnreadBody>): void {
  answerJson(response, STATUS[problem.kind], answerOf(problem), HEADERS[problem.kind]);
}
