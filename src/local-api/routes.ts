import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Express, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { bearerOf } from '../http/bearer-token.ts';
import { LOCAL_TOKEN_NEEDED, OTHER_VERSION } from '../messages/failures/service.ts';
import type { Operations } from '../ports/inbound/operations.ts';
import type { Log } from '../ports/log.ts';
import { asks, METERS_HEADER } from './wire.ts';

/** 16 MiB: the command line sends large files in parts, and each part costs a transaction. */
const BODY_LIMIT = 16 * 1024 * 1024;

/**
 * Mounts `POST /local/…`, the operations for the command line of the same data folder. They require its token; the ingest key is
 * not enough.
 */
export function mountLocal({
  operations,
  token,
  platformStatus,
  also,
  log,
}: {
  readonly operations: Operations;
  readonly token: string;
  /** What this process has observed of a platform, for `doctor`. */
  readonly platformStatus: (platform: string) => unknown;
  /** Mounts more routes behind the token. */
  readonly also: (app: Express) => void;
  readonly log: Log;
}): (app: Express) => void {
  return (app) => {
    app.use('/local', knowsToken(token), express.json({ limit: BODY_LIMIT, type: () => true }));
    answerTo(app, 'answer', asks.answer, (asked) => operations.answer(asked));
    answerTo(app, 'take', asks.take, (asked) => operations.take(asked));
    answerTo(app, 'test', asks.test, (asked) => operations.test(asked));
    also(app);
    answerTo(app, 'platform-status', asks.platformStatus, async ({ platform }) => platformStatus(platform) ?? null);
    app.post(
      '/local/consumption',
      withParsed(asks.consumption, async (asked, response) => {
        const consumption = await operations.consumption(asked);
        if (!consumption.ok) return void response.json(consumption);
        response.type('text/csv').set(METERS_HEADER, String(consumption.value.meters));
        try {
          await pipeline(Readable.from(consumption.value.csv), response);
        } catch (error) {
          // The connection is destroyed, so that the client cannot mistake half a file for a complete one.
          log.warn({ error }, 'export aborted');
        }
      }),
    );
  };
}

function knowsToken(token: string): RequestHandler {
  const bringsToken = bearerOf(token);
  return (request, response, next) => {
    if (bringsToken(request.headers.authorization)) return next();
    response.status(401).json({ error: LOCAL_TOKEN_NEEDED });
  };
}

/** Mounts `POST /local/<what>` with a JSON answer. */
export function answerTo<T>(app: Express, what: string, schema: z.ZodType<T>, work: (asked: T) => Promise<unknown>): void {
  app.post(
    `/local/${what}`,
    withParsed(schema, async (asked, response) => void response.json(await work(asked))),
  );
}

/** Parses the request and runs the work, or answers that the request is invalid. */
export function withParsed<T>(schema: z.ZodType<T>, work: (asked: T, response: Response) => Promise<void>): RequestHandler {
  return async (request, response) => {
    const asked = schema.safeParse(request.body);
    if (asked.success) await work(asked.data, response);
    else response.status(400).json({ error: OTHER_VERSION });
  };
}
