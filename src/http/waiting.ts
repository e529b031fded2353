import { createServer } from 'node:http';
import { endAnswer } from './end-response.ts';
import { DATABASE_AWAITED } from '../messages/replies/http.ts';
import { isLocal } from './exposure.ts';

const RETRY_AFTER_S = '5';
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/**
 * Answers on the port while the service waits for its database: it is alive, not ready, and accepts nothing. Senders get the same
 * answer as when the database is down later, and try again.
 *
 * @param onFailure called with the system's code if it cannot listen; the start goes on without it
 * @returns a function that frees the port
 */
export function answerWhileWaiting(
  { host, port }: { readonly host: string; readonly port: number },
  onFailure: (code: string) => void,
): () => Promise<void> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/healthz') return endAnswer(response, 200, JSON_TYPE, JSON.stringify({ status: 'ok' }));
    const said =
      path === '/readyz'
        ? { status: 'unavailable', ...(isLocal({ host }, request.headers) && { checks: { database: 'away' } }) }
        : { error: DATABASE_AWAITED };
    return endAnswer(response, 503, { ...JSON_TYPE, 'retry-after': RETRY_AFTER_S }, JSON.stringify(said));
  });
  server.on('error', (error: NodeJS.ErrnoException) => onFailure(error.code ?? 'unknown'));
  // A random free port would be of no use, because no client knows it yet.
  if (port !== 0) server.listen(port, host);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
