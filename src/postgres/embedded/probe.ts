import { randomBytes } from 'node:crypto';
import { realpathSync, rmSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { createPrivateFile } from '../../datadir/private-file.ts';
import { USER, type Cluster } from './cluster.ts';
import { reasonOf } from './failure.ts';

const DATABASE = 'creditwatch';

/** A server that answers, with a connection that stays open as long as the server is used. */
export type Running = {
  readonly url: string;
  /** To the database `postgres`. */
  readonly client: Client;
  /** The client's socket, unreferenced: it does not keep this process running. */
  readonly socket: Socket;
};

export type Answer =
  /** Our server. */
  | ({ readonly kind: 'ours' } & Running)
  | { readonly kind: 'starting' | 'silent' }
  /** The port belongs to another cluster's server, or not to PostgreSQL. */
  | { readonly kind: 'stranger' }
  /** The server rejects our password. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Connects to the server on the port, and creates our database in our server if it does not exist. */
export async function probe(cluster: Cluster, port: number): Promise<Answer> {
  const socket = new Socket();
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: USER,
    password: cluster.password,
    database: 'postgres',
    application_name: 'creditwatch',
    // Loopback needs no TLS, whatever PGSSLMODE says.
    ssl: false,
    connectionTimeoutMillis: 2_000,
    stream: () => socket,
  });
  client.on('error', () => {});
  const leave = async (answer: Answer): Promise<Answer> => {
    await client.end().catch(() => {});
    return answer;
  };
  try {
    await client.connect();
  } catch (error) {
    const code = codeOf(error);
    if (code === '57P03' || code === '57P01') return leave({ kind: 'starting' });
    return leave({ kind: code === '28P01' || code === '28000' ? 'refused' : 'silent' });
  }
  try {
    if (!(await isIn(cluster, client))) return await leave({ kind: 'stranger' });
    await ensureDatabase(client);
    socket.unref();
    return { kind: 'ours', client, socket, url: `postgresql://${USER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}?sslmode=disable` };
  } catch (error) {
    const code = codeOf(error);
    const isOfFile = error instanceof Error && 'path' in error;
    // The server was stopped during the probe.
    if (!isOfFile && (code === null || code === '57P01' || code === '57P02')) return leave({ kind: 'silent' });
    return leave({ kind: 'failed', reason: reasonOf(error) });
  }
}

/**
 * A copied data folder has the same password, and its pid file may lead to the server of the original. So the server must read a
 * file that was just written to this folder.
 */
async function isIn({ dir }: Cluster, client: Client): Promise<boolean> {
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  const said = rows[0]?.data_directory ?? '';
  if (said !== '/proc/self/cwd') return isSamePlace(said, dir);
  // The path is relative to the server's working folder, because it may not know the full path.
  const [name, word] = [`creditwatch.word-${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex')];
  const path = join(dir, name);
  try {
    createPrivateFile(path, word, process.getuid?.() === 0 ? statSync(dir) : null);
    const read = await client.query<{ word: string }>('SELECT pg_read_file($1, true) AS word', [name]);
    return read.rows[0]?.word === word;
  } finally {
    rmSync(path, { force: true });
  }
}

function isSamePlace(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

async function ensureDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount !== 0) return;
  try {
    // template0 accepts no connections, so no other session can block the copy.
    await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  } catch (error) {
    // Another start has just created it.
    if (!['42P04', '23505'].includes(codeOf(error) ?? '')) throw error;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof DatabaseError ? (error.code ?? null) : null;
}
