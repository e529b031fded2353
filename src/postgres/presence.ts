import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { connectionOptions } from '../outbound/database-connection.ts';

/** `hashtext` of this names the lock that every service shares and a restore has alone; per schema, for a database may hold several. */
const LOCK = "hashtext('creditwatch runs'), hashtext(current_schema())";
const CONNECT_TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 5_000;

/**
 * Shows for as long as a service runs that it uses the database, wherever it runs: a restore refuses to begin meanwhile. A connection
 * that is lost is opened again; that it is away for a moment harms nothing.
 *
 * @returns ends it
 */
export async function showPresence(url: string): Promise<() => Promise<void>> {
  const ended = new AbortController();
  let open: Client | null = null;

  async function show(): Promise<void> {
    const client = new Client({ ...connectionOptions(url), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
    client.on('error', () => {});
    client.on('end', () => {
      if (open === client) open = null;
      if (!ended.signal.aborted) void showAgain();
    });
    try {
      await client.connect();
      // Waits for a restore that is at work.
      await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
      open = client;
    } catch {
      await client.end().catch(() => {});
    }
  }
  async function showAgain(): Promise<void> {
    await wait(AGAIN_AFTER_MS, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    if (!ended.signal.aborted) await show();
  }

  await show();
  return async () => {
    ended.abort();
    await open?.end().catch(() => {});
  };
}

const lockRows = z.array(z.object({ alone: z.boolean() })).length(1);

/** Takes the database for this connection alone, until it ends; false when a service uses it. */
export async function takeAlone(client: Client): Promise<boolean> {
  const { rows } = await client.query(`SELECT pg_try_advisory_lock(${LOCK}) AS alone`);
  return lockRows.parse(rows)[0]?.alone === true;
}
