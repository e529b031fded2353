import { expect, onTestFinished, test } from 'vitest';
import { createDatabase, openTestStore, runSql } from '../support/database.ts';

const NOW = new Date('2026-11-30T09:00:00Z');
const LATER = new Date('2026-11-30T10:00:00Z');

test('the token of a source is shared by processes with the same key, stored encrypted, and gone when it has expired', async () => {
  const { url } = await createDatabase();
  await runSql(url, "INSERT INTO account (id, created_at) VALUES ('default', now())");
  const opened = (key: Buffer) => {
    const store = openTestStore(url, key);
    onTestFinished(() => store.close());
    return store;
  };
  const [one, two, other] = [opened(Buffer.alloc(32)), opened(Buffer.alloc(32)), opened(Buffer.alloc(32, 1))];
  expect(await two.keptToken('default', 'acme', NOW)).toBeNull();

  await one.keepToken('default', 'acme', { token: 'first-token', request: 'r1', until: LATER }, NOW);
  await one.keepToken('default', 'acme', { token: 'second-token', request: 'r2', until: LATER }, NOW);
  expect(await two.keptToken('default', 'acme', NOW)).toEqual({ token: 'second-token', request: 'r2', until: LATER });
  expect(await two.keptToken('default', 'other', NOW)).toBeNull();
  // A process with another encryption key requests a token of its own.
  expect(await other.keptToken('default', 'acme', NOW)).toBeNull();
  expect(JSON.stringify(await runSql(url, 'SELECT name, ciphertext FROM secret'))).not.toContain('second-token');

  expect(await two.keptToken('default', 'acme', LATER)).toBeNull();
  await one.keepToken('default', 'other', { token: 't', request: 'r', until: new Date('2026-11-30T11:00:00Z') }, LATER);
  expect(await runSql(url, 'SELECT name FROM secret')).toEqual([{ name: 'token:other' }]);
});
