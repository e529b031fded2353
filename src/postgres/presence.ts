import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { connectionOptions } from '../outbound/database-connection.ts';
import { NoSchema } from './failure.ts';

/**
 * The name of the lock that all services share and a restore takes exclusively. It includes the schema, because a database may hold
 * several installations.
 */
const LOCK = "hashtext('creditwatch runs'), hashtext(current_schema())";
const CONNECT_TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 1_000;

export type Presence = {
  /** Stores the identity of the tables if there were none before, because migrations have just created them. */
  remember(): Promise<void>;
  leave(): Promise<void>;
};

/**
 * Shows that a process uses the database for as long as it does, on any machine. A restore refuses to start meanwhile; a running
 * restore is waited for. A lost connection is reopened. A restore can start in that gap, so `onRestored` is called once if one did,
 * because the process then holds data of another database.
 *
 * @throws NoSchema if the database has no schema for its tables
 */
export async function showPresence(url: string, onRestored: () => void = () => {}): Promise<Presence> {
  const ended = new AbortController();
  let current: Client | null = null;
  let tables: string | null = null;

  async function show(): Promise<unknown> {
    const client = new Client({ ...connectionOptions(url), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
    // Set before connecting, so that `leave` ends a connection that is being opened or waits for a restore.
    current = client;
    client.on('error', () => {});
    client.on('end', () => {
      if (!ended.signal.aborted) void showAgain();
    });
    try {
      await client.connect();
      await requireSchema(client);
      await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
      await compare(client);
      return null;
    } catch (error) {
      await client.end().catch(() => {});
      return error;
    }
  }
  async function showAgain(): Promise<void> {
    await wait(AGAIN_AFTER_MS, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    if (!ended.signal.aborted) await show();
  }
  async function compare(client: Client): Promise<void> {
    const found = await tablesOf(client);
    const isOther = tables !== null && found !== tables;
    tables = found ?? tables;
    if (isOther && !ended.signal.aborted) onRestored();
  }
  async function leave(): Promise<void> {
    ended.abort();
    await current?.end().catch(() => {});
  }

  const failure = await show();
  if (failure instanceof NoSchema) {
    await leave();
    throw failure;
  }
  return {
    leave,
    async remember() {
      if (tables === null && current !== null) await compare(current).catch(() => {});
    },
  };
}

const lockRows = z.array(z.object({ alone: z.boolean() })).length(1);

/**
 * Locks the database for this connection until it ends. Returns false if a process uses the database.
 *
 * @throws NoSchema if the database has no schema for its tables
 */
export async function takeAlone(client: Client): Promise<boolean> {
  await requireSchema(client);
  const { rows } = await client.query(`SELECT pg_try_advisory_lock(${LOCK}) AS alone`);
  return lockRows.parse(rows)[0]?.alone === true;
}

const schemaRows = z.array(z.object({ schema: z.string().nullable() })).length(1);

async function requireSchema(client: Client): Promise<void> {
  const { rows } = await client.query('SELECT current_schema() AS schema');
  if (schemaRows.parse(rows)[0]?.schema == null) throw new NoSchema();
}

const tablesRows = z.array(z.object({ tables: z.string().nullable() })).length(1);

/** Returns the identity of the tables, which only a restore changes, because it recreates them; null if there are none. */
async function tablesOf(client: Client): Promise<string | null> {
  const { rows } = await client.query("SELECT to_regclass('account')::oid::text AS tables");
  return tablesRows.parse(rows)[0]?.tables ?? null;
}
