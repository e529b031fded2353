import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { diff, SCHEMA } from '../../scripts/schema-engine.mjs';
import { createWakeQueue } from '../../src/queue/wake-queue.ts';
import { createFreshDatabase, runSql } from '../support/database.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const schema = readFileSync(SCHEMA, 'utf8');

async function migrated(): Promise<string> {
  const database = await createFreshDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

test('the migrations result in exactly schema.prisma', async () => {
  expect(await diff(await migrated())).toBe('');
});

test.each([
  ['a column that may be null now', /(timeZone +)String /, '$1String? ', 'ALTER TABLE "account" ALTER COLUMN "time_zone" DROP NOT NULL;'],
  ['another default', '@default("UTC")', '@default("GMT")', `ALTER TABLE "account" ALTER COLUMN "time_zone" SET DEFAULT 'GMT';`],
  ['a new column', 'resetPending  Boolean', 'colour String?\n  resetPending  Boolean', 'ALTER TABLE "meter" ADD COLUMN     "colour" TEXT;'],
  ['an index less', '@@index([status, dueAt])', '', 'DROP INDEX "delivery_status_due_at_idx";'],
  [
    'one unique key less',
    '@@unique([notificationId, destinationId, action])',
    '',
    'DROP INDEX "delivery_notification_id_destination_id_action_key";',
  ],
  [
    'another precision of time',
    '@map("due_at") @db.Timestamptz(3)',
    '@map("due_at") @db.Timestamptz(6)',
    'ALTER TABLE "timer" ALTER COLUMN "due_at" SET DATA TYPE TIMESTAMPTZ(6);',
  ],
])('a schema with %s differs from the migrations', async (_what, from, to, statement) => {
  const altered = schema.replace(from, to);
  expect(altered).not.toBe(schema);
  expect(await diff(await migrated(), altered)).toContain(statement);
});

test('a database that was changed by hand differs from the schema', async () => {
  const url = await migrated();
  await runSql(url, 'ALTER TABLE reading ADD COLUMN note text');
  expect(await diff(url)).toContain('ALTER TABLE "reading" DROP COLUMN "note";');
});

test('the tables of the queue are in their own schema and do not count as a difference', async () => {
  const url = await migrated();
  const before = await runSql(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1");
  const queue = await createWakeQueue({ redisUrl: null, databaseUrl: url, log: recordedLog() });
  const woken = vi.fn<(destinationId: string) => Promise<void>>(async () => {});
  await queue.work(woken);
  queue.wake('a');
  await vi.waitUntil(() => woken.mock.calls.length === 1, { timeout: 10_000 });
  await queue.close();
  expect(
    await runSql(url, "SELECT count(*)::int AS jobs FROM information_schema.tables WHERE table_schema = 'bullmq' AND table_name = 'job'"),
  ).toEqual([{ jobs: 1 }]);
  expect(await runSql(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")).toEqual(before);
  expect(await diff(url)).toBe('');
});
