import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { connectionOptions } from '../outbound/database-connection.ts';

/** `hashtext` of this names the lock that every service shares and a restore has alone; per schema, for a database may hold several. */
const LOCK = "hashtext('creditwatch runs'), hashtext(current_schema())";
const CONNECT_TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 1_000;

export type Presence = {
  /** Notes which tables the database has now, where none were there before: those that migrations have just made. */
  remember(): Promise<void>;
  leave(): Promise<void>;
};

/**
 * Shows for as long as a process uses the database that it does, wherever it runs: a restore refuses to begin meanwhile, and one that is
 * at work is waited for. A connection that is lost is opened again. In between a restore can begin: `onRestored` is told once when one
 * did, for what the process knows then is of another database.
 *
 * @throws where the database has no schema for its tables
 */
export async function showPresence(url: string, onRestored: () => void = () => {}): Promise<Presence> {
  const ended = new AbortController();
  let current: Client | null = null;
  let tables: string | null = null;

  async function show(): Promise<unknown> {
    const client = new Client({ ...connectionOptions(url), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
    // From the first moment, so that whoever leaves while it is opened, or waits for a restore, ends it too.
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
 * Takes the database for this connection alone, until it ends; false when a process uses it.
 *
 * @throws where the database has no schema for its tables
 */
export async function takeAlone(client: Client): Promise<boolean> {
  await requireSchema(client);
  const { rows } = await client.query(`SELECT pg_try_advisory_lock(${LOCK}) AS alone`);
  return lockRows.parse(rows)[0]?.alone === true;
}

/** As PostgreSQL says it, with its code, so that the remedy is found. */
class NoSchema extends Error {
  readonly code = '3F000';
  constructor() {
    super('no schema has been selected to create in');
  }
}

const schemaRows = z.array(z.object({ schema: z.string().nullable() })).length(1);

async function requireSchema(client: Client): Promise<void> {
  const { rows } = await client.query('SELECT current_schema() AS schema');
  if (schemaRows.parse(rows)[0]?.schema == null) throw new NoSchema();
}

const tablesRows = z.array(z.object({ tables: z.string().nullable() })).length(1);

/** What changes with a restore and with nothing else, for it makes the tables anew; null where there are none. */
async function tablesOf(client: Client): Promise<string | null> {
  const { rows } = await client.query("SELECT to_regclass('account')::oid::text AS tables");
  return tablesRows.parse(rows)[0]?.tables ?? null;
}
