import type { Express } from 'express';
import type { DatabaseProblem } from '../core/database-problem.ts';
import { databaseProblemText } from '../messages/failures/database.ts';
import { isLocal, type Exposure } from './exposure.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';

const CHECK_WITHIN_MS = 2_000;

/**
 * Mounts `GET /healthz` (the process runs) and `GET /readyz` (it can accept readings, which depends on the database). A queue that
 * is down only delays work, so the service stays ready. Details, and the reason if the database answers but cannot write
 * (read-only, full disk), are only shown to requests from this machine.
 */
export function mountHealth(
  checks: { readonly database: () => Promise<boolean>; readonly queue: () => Promise<boolean> },
  exposure: Pick<Exposure, 'host'>,
): (app: Express) => void {
  return (app) => {
    app.get('/healthz', (_request, response) => {
      response.json({ status: 'ok' });
    });
    app.get('/readyz', async (request, response) => {
      let reason: DatabaseProblem | null = null;
      const why = (error: unknown): boolean => {
        if (error instanceof StoreUnavailable) reason = error.problem;
        return false;
      };
      const [database, queue] = await Promise.all([within(checks.database().catch(why)), within(checks.queue())]);
      if (!isLocal(exposure, request.headers)) {
        response.status(database ? 200 : 503).json({ status: database ? 'ok' : 'unavailable' });
        return;
      }
      const status = !database ? 'unavailable' : queue ? 'ok' : 'degraded';
      response.status(database ? 200 : 503).json({
        status,
        checks: { database: database ? 'ok' : 'away', queue: queue ? 'ok' : 'away' },
        ...(reason !== null && { reason: databaseProblemText(reason) }),
      });
    });
  };
}

async function within(check: Promise<boolean>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), CHECK_WITHIN_MS).unref();
  });
  return Promise.race([check.catch(() => false), late]);
}
