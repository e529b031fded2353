import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { showPresence, takeAlone } from '../../src/postgres/presence.ts';
import { createFreshDatabase, runSql } from '../support/database.ts';
import { troubledLink } from '../support/troubled-link.ts';

/** Locks the database as a restore does, until the test ends. */
async function restoring(url: string): Promise<{ readonly client: Client; readonly alone: () => Promise<boolean> }> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return { client, alone: () => takeAlone(client) };
}

const sessions = (url: string) =>
  runSql(
    url,
    "SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
  ).then(([row]) => row?.['count']);

test('leaving while the connection is reopened and waits for a restore leaves no session behind', async () => {
  const { url } = await createFreshDatabase();
  const link = await troubledLink(url, 5432);
  const presence = await showPresence(link.url);
  const { client, alone } = await restoring(url);
  expect(await alone()).toBe(false);
  link.cut();
  await expect.poll(alone, { timeout: 10_000 }).toBe(true);
  link.mend();
  const waiting = async () =>
    runSql(
      url,
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
  await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
  await presence.leave();
  await client.query('SELECT pg_advisory_unlock_all()');
  await expect.poll(alone, { timeout: 10_000 }).toBe(true);
});

test('a restore during a lost connection is reported after reconnecting; a lost connection alone is not', async () => {
  const { url } = await createFreshDatabase();
  const link = await troubledLink(url, 5432);
  let told = 0;
  const presence = await showPresence(link.url, () => (told += 1));
  onTestFinished(() => presence.leave());
  const { client, alone } = await restoring(url);
  link.cut();
  await expect.poll(alone, { timeout: 10_000 }).toBe(true);
  await client.query('SELECT pg_advisory_unlock_all()');
  link.mend();
  await expect.poll(() => sessions(url), { timeout: 10_000 }).toBe(1);
  expect(told).toBe(0);
  link.cut();
  await expect.poll(alone, { timeout: 10_000 }).toBe(true);
  await client.query('ALTER TABLE account RENAME TO former; CREATE TABLE account (LIKE former INCLUDING ALL)');
  await client.query('SELECT pg_advisory_unlock_all()');
  link.mend();
  await expect.poll(() => told, { timeout: 10_000 }).toBe(1);
});

test('tables that migrations have just created do not count as a restore', async () => {
  const { url } = await createFreshDatabase('template0');
  let told = 0;
  const presence = await showPresence(url, () => (told += 1));
  onTestFinished(() => presence.leave());
  await runSql(url, 'CREATE TABLE account (id text)');
  await presence.remember();
  expect(told).toBe(0);
});

test("a database without a schema for the tables throws an error with PostgreSQL's code", async () => {
  const { url } = await createFreshDatabase('template0');
  await runSql(url, 'DROP SCHEMA public');
  const wanted = { code: '3F000' };
  await expect(showPresence(url)).rejects.toMatchObject(wanted);
  const { alone } = await restoring(url);
  await expect(alone()).rejects.toMatchObject(wanted);
});
