import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

/** The code of the error that ends such a connection. */
export const SERVER_SILENT = 'SERVER_SILENT';

/**
 * Ends a connection in use on which nothing came or went for `silenceMs`, milliseconds: its server is unreachable without a word,
 * and TCP would wait a quarter of an hour for what was asked last. Whoever waits gets the error, and the pool opens another.
 *
 * Not `query_timeout` of pg: it frees who waits but leaves the connection busy with the statement, and after a transaction Prisma
 * gives it back as if it were well (https://github.com/brianc/node-postgres/issues/3399). Connections at rest are left to keepalive.
 */
export function superviseConnections(pool: Pool, silenceMs: number): void {
  pool.on('connect', (client) => {
    const socket = socketOf(client);
    socket?.on('timeout', () => socket.destroy(Object.assign(new Error('the server has gone silent'), { code: SERVER_SILENT })));
  });
  pool.on('acquire', (client) => void socketOf(client)?.setTimeout(silenceMs));
  pool.on('release', (_, client) => void socketOf(client)?.setTimeout(0));
}

function socketOf({ connection }: PoolClient): Socket | null {
  return connection.stream instanceof Socket ? connection.stream : null;
}
