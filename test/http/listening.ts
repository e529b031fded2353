import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Bodies } from '../../src/http/request-bodies.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { Ingest } from '../../src/ports/inbound/ingest.ts';
import type { Log } from '../../src/ports/log.ts';
import { createPushSource } from '../../src/sources/push/routes.ts';
import { createQueries } from '../../src/queries/queries.ts';
import { readStoreOf } from '../support/read-store.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { INGEST_KEY } from './running-service.ts';

type Routes = Pick<Parameters<typeof createHttpServer>[0], 'mounts' | 'direct' | 'slowestRequestMs'>;

/** Starts the server with these adapters on a free port of loopback, until the test ends. */
export async function listening(
  { mounts = [], direct = null, slowestRequestMs }: Partial<Routes>,
  log: Log = recordedLog(),
): Promise<{ readonly url: string; readonly port: number; readonly close: () => Promise<void> }> {
  const server = createHttpServer({ log, mounts, direct, ...(slowestRequestMs !== undefined && { slowestRequestMs }) });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  if (!address.ok) throw new Error(address.error.kind);
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= server.close());
  onTestFinished(close);
  return { url: address.value.url, port: Number(new URL(address.value.url).port), close };
}

/** The push routes over an ingest of the test itself: network tests need no database. */
export function pushRoutes(
  ingest: Ingest,
  { lookAgain = async () => true, verified }: { readonly lookAgain?: () => Promise<boolean>; readonly verified?: Bodies } = {},
): { readonly direct: NonNullable<Routes['direct']> } {
  const keys = [{ source: null, account: 'default', key: INGEST_KEY, until: null }];
  const direct = createPushSource({
    ingest,
    queries: createQueries({ store: readStoreOf([]), clock: systemClock }),
    keys: { all: () => keys, lookAgain },
    clock: systemClock,
    metrics: { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} },
    ...(verified && { verified }),
  });
  return { direct };
}

/** Accepts everything and stores nothing. */
export const acceptAll: Ingest = async ({ readings }) => ({ accepted: readings.length, duplicates: 0, rejected: [] });

/** Sends a GET with arbitrary headers, such as `host`, which `fetch` does not send. */
export function asked(how: {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}): Promise<{ readonly status: number | undefined; readonly said: unknown }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', ...how }, (answer) => {
      const isJson = answer.headers['content-type']?.startsWith('application/json') === true;
      const said: Promise<unknown> = isJson ? json(answer) : Promise.resolve(answer.resume() && null);
      said.then((body) => resolve({ status: answer.statusCode, said: body }), reject);
    })
      .on('error', reject)
      .end();
  });
}
