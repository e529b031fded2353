import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { USUAL_LIMITS } from '../../src/core/meters/limits.ts';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import { createAccountTransaction } from '../../src/postgres/store/sql/account-transaction.ts';
import { openDatabase } from '../../src/postgres/store/sql/database.ts';
import { createDatabase, openTestStore, runSql } from '../support/database.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const NOW = new Date('2026-11-30T09:00:00Z');
const ACCOUNT = "INSERT INTO account (id, created_at) VALUES ('default', now())";

test('a notification for a destination that was deleted meanwhile fails, and is not stored without its delivery', async () => {
  const { url } = await createDatabase();
  await runSql(url, ACCOUNT);
  const database = openDatabase(url, { connections: 1 });
  onTestFinished(() => database.close());
  const id = randomUUID();
  const delivery = { id: randomUUID(), destinationId: randomUUID(), mentions: [], action: 'post', targetId: null } as const;
  const saving = database.transaction((queries) =>
    createAccountTransaction(queries, { id: 'default', timeZone: 'UTC' }, NOW).saveNotifications(
      [{ id, alertId: null, threadId: id, snapshot: { kind: 'test', route: 'all' }, deliveries: [delivery] }],
      () => null,
    ),
  );
  await expect(saving).rejects.toMatchObject({ name: 'StoreRefused' });
  expect(await runSql(url, 'SELECT count(*)::int AS notifications FROM notification')).toEqual([{ notifications: 0 }]);
});

test('two pushes that make the same source at once are both taken, even if it is the last one that the account may have', async () => {
  const { url } = await createDatabase();
  await runSql(url, ACCOUNT);
  const store = openTestStore(url, Buffer.alloc(32));
  onTestFinished(() => store.close());
  const push = async (meter: string) => {
    // Each with an ingest of its own, as in two processes: one ingest would merge them.
    const limits = () => ({ ...USUAL_LIMITS, sourcesPerAccount: 1 });
    const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined, limits });
    const readings = [{ meter, used: 1, total: 10 }];
    return ingest({ account: 'default', source: 'vendor', via: 'push', eventId: null, arrivedAt: NOW, readings });
  };
  const holder = new Client({ connectionString: url });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("SELECT pg_advisory_lock(hashtext('creditwatch make'), hashtext('default'))");
  const both = Promise.all([push('leads'), push('mails')]);
  await expect
    .poll(() =>
      runSql(
        url,
        "SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
    )
    .toEqual([{ waiting: 2 }]);
  await holder.query("SELECT pg_advisory_unlock(hashtext('creditwatch make'), hashtext('default'))");
  const taken = { accepted: 1, duplicates: 0, rejected: [] };
  expect(await both).toEqual([taken, taken]);
});
