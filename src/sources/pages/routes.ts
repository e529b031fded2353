import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { collected } from '../../async/parts.ts';
import { SYSTEM } from '../../core/audit/audit.ts';
import { directTo, isTerminal } from '../../core/notifications/route.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ImportPlace } from '../../core/text/import-problem.ts';
import { withKnownKeys } from '../../core/vendors/known-meters.ts';
import { digest } from '../../http/bearer-token.ts';
import { answerJson } from '../../http/json-response.ts';
import { mountPost } from '../../http/post-endpoint.ts';
import { refuseBody, type Bodies } from '../../http/request-bodies.ts';
import { importNoteText, rejectedText } from '../../messages/forms/import-notes.ts';
import { pageProblemText, type PageProblem } from '../../messages/replies/pages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ParseImport } from '../../ports/inbound/import.ts';
import type { Ingest } from '../../ports/inbound/ingest.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { CaptureKey, CaptureStore } from '../../ports/stores/capture-store.ts';
import type { Queries } from '../../queries/queries.ts';
import { BODY_LIMIT, parsePageBody } from './body.ts';
import { latestPage, missingMeters, otherLayout, readPage, tooManyMeters } from './read-page.ts';
import { understoodReadings } from './understood-figures.ts';

/** `id`: the hash of the key. */
type Sender = { readonly id: string; readonly key: CaptureKey };

const RETRY_AFTER_S = '5';
/** A key that cannot be one costs no query. */
const CAPTURE_KEY = /^Bearer +(cwp_[\w-]{32}) *$/i;

const STATUS: Readonly<Partial<Record<PageProblem['kind'], number>>> = {
  'wrong-method': 405,
  'no-key': 401,
  'unknown-key': 401,
  'too-many-requests': 429,
  'database-away': 503,
  'not-json': 400,
  'bad-field': 400,
  'too-early': 400,
  'too-late': 400,
  'long-text': 413,
  'other-source': 403,
};
/** The body was understood, and the page has no usable figures. */
const UNUSABLE = 422;

const HEADERS: Readonly<Partial<Record<PageProblem['kind'], Readonly<Record<string, string>>>>> = {
  'wrong-method': { allow: 'POST' },
  'no-key': { 'www-authenticate': 'Bearer' },
  'unknown-key': { 'www-authenticate': 'Bearer' },
  'too-many-requests': { 'retry-after': '1' },
  'database-away': { 'retry-after': RETRY_AFTER_S },
};

/** Mounts `POST /v1/pages`, which stores the figures of a captured usage page. A page is answered after its figures are committed. */
export function mountPages(options: {
  readonly captures: Pick<CaptureStore, 'find'>;
  /** The accounts that creditwatch.yml declares. */
  readonly accounts: readonly string[];
  readonly ingest: Ingest;
  readonly queries: Pick<Queries, 'figures' | 'namesOf'>;
  readonly parseImport: ParseImport;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The budget for bodies of senders with a known key. */
  readonly bodies: Bodies;
}): (app: Express) => void {
  const { captures, accounts, ingest, queries, parseImport, clock, log, metrics, bodies } = options;

  return mountPost<Sender, { readonly kind: 'no-key' | 'unknown-key' }>('/v1/pages', { senderOf, take, refuse });

  async function senderOf({
    headers: { authorization },
  }: IncomingMessage): Promise<Result<Sender, { readonly kind: 'no-key' | 'unknown-key' }>> {
    if (authorization === undefined) return err({ kind: 'no-key' });
    const token = CAPTURE_KEY.exec(authorization)?.[1];
    const id = token === undefined ? null : digest(token).toString('hex');
    const key = id === null ? null : await captures.find(id);
    return id === null || key === null || !accounts.includes(key.account) ? err({ kind: 'unknown-key' }) : ok({ id, key });
  }

  /** Reads the body only of a sender with a known key. */
  async function take(request: IncomingMessage, response: ServerResponse, { key }: Sender): Promise<void> {
    const body = await bodies.read(request, BODY_LIMIT);
    if (!body.ok) return refuseBody(response, body.error, answerOf({ kind: body.error.why }));
    try {
      await store(response, key, body.value.bytes);
    } finally {
      body.value.release();
    }
  }

  async function store(response: ServerResponse, { account, name, sources, by }: CaptureKey, bytes: Buffer): Promise<void> {
    const arrivedAt = clock.now();
    const body = parsePageBody(bytes, arrivedAt);
    if (!body.ok) return refuse(response, body.error);
    const { source, capturedAt, preview = false } = body.value;
    if (!sources.includes(source)) return refuse(response, { kind: 'other-source', sources });
    /** A capture key reads no names, so those are only in the log. */
    const refusePage = (problem: PageProblem): void => {
      const missing = problem.kind === 'fewer-meters' ? { missing: problem.missing } : {};
      log.warn({ account, source, captureKey: name, code: problem.kind, ...missing }, 'captured page refused');
      refuse(response, problem);
    };
    const page = readPage(body.value, parseImport);
    if (!page.ok) return refusePage(page.error);
    const { places, notes, digest: textDigest } = page.value;
    const listed = notes.map(importNoteText);
    const observedAt = new Date(Math.min(capturedAt.getTime(), arrivedAt.getTime()));
    const known = await collected(queries.figures(account, { source }));
    const latest = latestPage(known);
    const names = await queries.namesOf(account, source);
    const shown = page.value.readings.map((reading) => ({ ...asObject(reading), observedAt: observedAt.toISOString() }));
    const readings = withKnownKeys(source, shown, names);
    const understood = understoodReadings(shown, { source, stored: readings, known, now: arrivedAt });
    const answer = (counts: { accepted: number; duplicates: number; older: number }, refused: ReadonlyMap<number, string>) => {
      const rejected = rejectedTexts(places, refused);
      const figures = understood.flatMap((one) => ('figure' in one && !refused.has(one.index) ? [one.figure] : []));
      answerJson(response, 200, { ...counts, rejected, notes: listed, figures });
    };
    if (latest !== null && observedAt < latest.at) return answer({ accepted: 0, duplicates: 0, older: readings.length }, new Map());
    const other = latest === null ? otherLayout(page.value, source) : null;
    if (other !== null) return refusePage(other);
    const missing = latest === null ? [] : missingMeters({ readings }, latest);
    if (missing.length > 0) return refusePage({ kind: 'fewer-meters', missing });
    const tooMany = tooManyMeters(understood, names);
    if (tooMany !== null) return refusePage(tooMany);
    if (preview) {
      const refused = new Map(understood.flatMap((one) => ('reason' in one ? [[one.index, one.reason] as const] : [])));
      if (refused.size === understood.length) return refusePage({ kind: 'rejected', reasons: rejectedTexts(places, refused) });
      return answer({ accepted: 0, duplicates: 0, older: 0 }, refused);
    }
    const report = await ingest({
      account,
      source,
      via: 'import',
      eventId: `page ${String(textDigest)} ${capturedAt.toISOString()}`,
      ...(by !== null && !isTerminal(by.platform) && { by: directTo(by) }),
      actor: by ?? SYSTEM,
      arrivedAt,
      readings,
      areKeys: true,
    });
    const { accepted, duplicates } = report;
    const refused = new Map(report.rejected.map(({ index, reason }) => [index, reason]));
    metrics.ingested({ accepted, duplicates, rejected: refused.size });
    if (accepted + duplicates === 0) return refusePage({ kind: 'rejected', reasons: rejectedTexts(places, refused) });
    answer({ accepted, duplicates, older: 0 }, refused);
  }
}

/** @param reasons by the index of the reading */
function rejectedTexts(places: readonly ImportPlace[], reasons: ReadonlyMap<number, string>): readonly string[] {
  return [...reasons].map(([index, reason]) => rejectedText(places[index], reason));
}

function asObject(reading: unknown): object {
  return typeof reading === 'object' && reading !== null ? reading : {};
}

function answerOf(problem: PageProblem): object {
  return {
    code: problem.kind,
    error: pageProblemText(problem),
    ...(problem.kind === 'fewer-meters' && { missing: problem.missing.length }),
  };
}

function refuse(response: ServerResponse, problem: PageProblem): void {
  answerJson(response, STATUS[problem.kind] ?? UNUSABLE, answerOf(problem), HEADERS[problem.kind]);
}
