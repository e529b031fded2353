import type { DatabaseProblem } from '../../core/database-problem.ts';
import { databaseProblemText } from '../failures/database.ts';
import { pushProblemText } from './push.ts';

/** No path of this service. */
export function noSuchPathText(method: string, path: string): string {
  return `there is nothing at ${method} ${path}`;
}

/** The database cannot be used now; null if it does not answer. */
export function databaseAwayText(problem: DatabaseProblem | null): string {
  return `${databaseProblemText(problem)}; try again in a moment`;
}

/** The service waits for its database at the start. */
export const DATABASE_AWAITED = 'the database is away; try again in a moment';

/** A request for the metrics from another machine, while no token is set. */
export const METRICS_NEED_TOKEN =
  'the metrics contain figures: set METRICS_TOKEN and send it as a bearer token, or set METRICS_PORT and read them on this machine';

/** A request for the metrics without the token. */
export const SEND_METRICS_TOKEN = 'send METRICS_TOKEN as a bearer token';

/** A request that failed with this status, of the HTTP server or of its parser. */
export function failedRequestText(status: number): string {
  if (status === 413) return pushProblemText({ kind: 'too-large' });
  if (status === 415) return pushProblemText({ kind: 'unknown-encoding' });
  return status < 500 ? 'the request could not be read' : 'this failed on our side; it is in the log';
}
