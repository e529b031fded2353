import type { Express } from 'express';

const CHECK_WITHIN_MS = 2_000;

/**
 * `GET /healthz`: the process lives. `GET /readyz`: it can take readings, for which the database decides. A queue that is
 * away only delays, so it is said and does not take the service out of rotation.
 */
export function mountHealth(checks: {
  readonly database: () => Promise<boolean>;
  readonly queue: () => Promise<boolean>;
}): (app: Express) => void {
  return (app) => {
    app.get('/healthz', (_request, response) => {
      response.json({ status: 'ok' });
    });
    app.get('/readyz', async (_request, response) => {
      const [database, queue] = await Promise.all([within(checks.database()), within(checks.queue())]);
      const status = !database ? 'unavailable' : queue ? 'ok' : 'degraded';
      response.status(database ? 200 : 503).json({ status, checks: { database: database ? 'ok' : 'away', queue: queue ? 'ok' : 'away' } });
    });
  };
}

async function within(check: Promise<boolean>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), CHECK_WITHIN_MS).unref();
  });
  return Promise.race([check.catch(() => false), late]);
}
