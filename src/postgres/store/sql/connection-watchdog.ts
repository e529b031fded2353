import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

/** The code of the error that ends such a connection. */
export const SERVER_SILENT = 'SERVER_SILENT';

/**
 * Ends a connection in use that carries no data for `silenceMs` milliseconds. Its server is unreachable, and TCP would wait for a
 * quarter of an hour. The caller gets the error, and the pool opens another connection.
 *
 * The `query_timeout` of pg does not do this. It frees the caller but leaves the connection busy with the statement, and after a
 * transaction Prisma returns it to the pool as healthy (https://github.com/brianc/node-postgres/issues/3399). Idle connections rely
 * on keepalive.
 */
export function superviseConnections(pool: Pool, silenceMs: number): void {
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket?.on('timeout', () => socket.destroy(Object.assign(new Error('no data from the server'), { code: SERVER_SILENT })));
  });
  pool.on('acquire', (client) => void socketOf(client)?.setTimeout(silenceMs));
  pool.on('release', (_, client) => void socketOf(client)?.setTimeout(0));
}

function socketOf({ connection }: PoolClient): Socket | null {
  return connection.stream instanceof Socket ? connection.stream : null;
}
