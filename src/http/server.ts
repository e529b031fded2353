import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { answerJson } from './json-response.ts';
import { databaseAwayText, failedRequestText, noSuchPathText } from '../messages/replies/http.ts';
import { err, ok, type Result } from '../core/result.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import type { Log } from '../ports/log.ts';

type ListenAddress = { readonly host: string; readonly port: number; readonly setting: string };
/** Why it cannot listen: data, which `src/messages/failures/listen.ts` words. `code`: of the system. */
type ListenFailure = ListenAddress & { readonly kind: 'port-in-use' | 'not-allowed' | 'bad-host'; readonly code: string };

export type HttpServer = {
  /**
   * Waits up to 15 s for a port that a previous process still holds. Port 0 uses a free one. `setting` names the variable that sets
   * the port, if it is not PORT.
   */
  listen(address: {
    readonly host: string;
    readonly port: number;
    readonly setting?: string;
  }): Promise<Result<{ readonly url: string }, ListenFailure>>;
  /** Accepts no new requests and lets running ones finish, for at most 8 s. */
  close(): Promise<void>;
};

// A request whose headers or body take longer than this is cut off, so that slow connections cannot pile up.
const SLOWEST_REQUEST_MS = 5_000;
/** More connections than this are closed as they come, because each costs memory before it sends anything. */
const MOST_CONNECTIONS = 2_048;
const SAY_DROPPED_EVERY_MS = 60_000;
const KEEP_ALIVE_MS = 5_000;
const PORT_PATIENCE_MS = 15_000;
const CLOSE_WITHIN_MS = 8_000;
const RETRY_AFTER_S = '5';
const CLOSE_IDLE_EVERY_MS = 50;

/** A path that is handled before the express router, whose overhead would exceed the work at thousands of requests per second. */
type Direct = {
  readonly path: string;
  handle(request: IncomingMessage, response: ServerResponse, fail: (error: unknown) => void): void;
};

/** Creates the one server, on one port. Each adapter mounts its own paths. */
export function createHttpServer(options: {
  readonly log: Log;
  readonly mounts: readonly ((app: Express) => void)[];
  readonly direct?: Direct | null;
  /** More connections than this are closed as they come. */
  readonly mostConnections?: number;
  /** How long the headers and body of a request may take to arrive, in milliseconds. */
  readonly slowestRequestMs?: number;
  /** How long to wait for a port that is in use, in milliseconds. */
  readonly portPatienceMs?: number;
  /** Called once, at the first attempt that finds the port in use. */
  readonly onPortBusy?: ((address: { readonly host: string; readonly port: number }) => void) | undefined;
}): HttpServer {
  const { log, mounts, direct = null, onPortBusy } = options;
  const { mostConnections = MOST_CONNECTIONS, slowestRequestMs = SLOWEST_REQUEST_MS, portPatienceMs = PORT_PATIENCE_MS } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  for (const mount of mounts) mount(app);
  app.use((request, response) => {
    answerJson(response, 404, { error: noSuchPathText(request.method, request.path) });
  });
  const onError: ErrorRequestHandler = (error: unknown, _request, response, _next) => fail(error, response);
  app.use(onError);

  const server = createServer(
    {
      headersTimeout: slowestRequestMs,
      requestTimeout: slowestRequestMs,
      connectionsCheckingInterval: slowestRequestMs / 10,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      if (direct !== null && isFor(direct.path, request)) direct.handle(request, response, (error) => fail(error, response));
      else app(request, response);
    },
  );

  server.maxConnections = mostConnections;
  let saidDroppedAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - saidDroppedAt < SAY_DROPPED_EVERY_MS) return;
    saidDroppedAt = performance.now();
    log.warn({ most: mostConnections }, 'connections closed: too many at once');
  });

  return {
    async listen({ host, port, setting = 'PORT' }) {
      const deadline = performance.now() + portPatienceMs;
      for (let tries = 0; ; tries += 1) {
        const failure = await tryListen(host, port);
        if (failure === null) {
          const address = server.address();
          const actual = typeof address === 'object' && address !== null ? address.port : port;
          return ok({ url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}` });
        }
        if (failure !== 'EADDRINUSE') return err(explain(failure, { host, port, setting }));
        if (performance.now() > deadline) return err(explain(failure, { host, port, setting }));
        if (tries === 0) onPortBusy?.({ host, port });
        await wait(250);
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      // A connection that was busy when closing began stays open after its answer; it is only idle then.
      const sweep = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
    },
  };

  function fail(error: unknown, response: ServerResponse): void {
    if (error instanceof StoreUnavailable && !response.headersSent)
      return answerJson(response, 503, { error: databaseAwayText(error.problem) }, { 'retry-after': RETRY_AFTER_S });
    const status = statusOf(error);
    if (status === 500) log.error({ error }, 'request failed');
    if (response.headersSent) return void response.destroy();
    answerJson(response, status, { error: failedRequestText(status) });
  }

  function tryListen(host: string, port: number): Promise<string | null> {
    return new Promise((resolve) => {
      const failed = (error: NodeJS.ErrnoException) => {
        server.off('listening', listening);
        resolve(error.code ?? 'unknown');
      };
      const listening = () => {
        server.off('error', failed);
        resolve(null);
      };
      server.once('error', failed);
      server.once('listening', listening);
      server.listen(port, host);
    });
  }
}

/** Whether a request is for a path, by the rules of the express router: any case, optional slash at the end, any query. */
function isFor(path: string, { url = '' }: IncomingMessage): boolean {
  // A proxy may send the absolute form: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
  const asked = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  if (asked.slice(0, path.length).toLowerCase() !== path) return false;
  const rest = asked.slice(path.length);
  return rest === '' || rest === '/' || rest.startsWith('?') || rest.startsWith('/?');
}

function explain(code: string, address: ListenAddress): ListenFailure {
  const kind = code === 'EADDRINUSE' ? 'port-in-use' : code === 'EACCES' ? 'not-allowed' : 'bad-host';
  return { kind, code, ...address };
}

/** Errors of body-parser carry their status. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
