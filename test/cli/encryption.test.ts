import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { folderEncryption } from '../../src/datadir/encryption-key.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { dataFolder, startApp, type App } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql, openTestStore } from '../support/database.ts';

vi.setConfig({ testTimeout: 90_000 });

const [OLD, NEW] = [7, 9].map((byte) => Buffer.alloc(32, byte));
const keysOf = (current: Buffer | undefined, previous?: Buffer) => ({
  ENCRYPTION_KEY: current?.toString('base64') ?? '',
  ENCRYPTION_KEY_PREVIOUS: previous?.toString('base64') ?? '',
});
const push = async (app: App, key: string) =>
  (await app.push({ readings: [{ meter: 'leads', used: 1, total: 10 }] }, { authorization: `Bearer ${key}` })).status;

test('every column that holds what is encrypted is encrypted anew, under every account', async () => {
  const database = await createDatabase();
  const { url } = database;
  const now = new Date('2026-11-29T12:00:00Z');
  const columns = await runSql(url, "SELECT table_name FROM information_schema.columns WHERE column_name = 'ciphertext' ORDER BY 1");
  expect(columns).toEqual([{ table_name: 'secret' }, { table_name: 'slack_installation' }]);
  await runSql(
    url,
    "INSERT INTO account (id, time_zone, admins, created_at) VALUES ('north', 'UTC', '{}', now()), ('south', 'UTC', '{}', now())",
  );
  const before = openTestStore(url, Buffer.alloc(32, 1));
  for (const account of ['north', 'south']) {
    await before.secret(account, 'ingest-key', () => `key of ${account}`, now);
    await before.slackInstallation.save(
      { account, team: `T${account}`, token: `token of ${account}` },
      { accounts: [account], takesOver: false, by: 'U0ANNA', now },
    );
  }
  await before.close();

  const changing = openTestStore(url, () => ({ current: Buffer.alloc(32, 2), previous: Buffer.alloc(32, 1) }));
  expect(await changing.storedSecret('north', 'ingest-key')).toEqual({ ok: true, value: 'key of north' });
  expect(await changing.encryption.count()).toEqual({ current: 0, previous: 4, unreadable: 0 });
  expect([
    await changing.encryption.encryptAnew({ actor: SYSTEM, now: new Date() }),
    await changing.encryption.encryptAnew({ actor: SYSTEM, now: new Date() }),
  ]).toEqual([4, 0]);
  await changing.close();

  const after = openTestStore(url, Buffer.alloc(32, 2));
  expect(await after.encryption.count()).toEqual({ current: 4, previous: 0, unreadable: 0 });
  for (const account of ['north', 'south']) {
    expect(await after.storedSecret(account, 'ingest-key')).toEqual({ ok: true, value: `key of ${account}` });
    expect(await after.slackInstallation.read([account])).toMatchObject({ token: `token of ${account}` });
  }
  await after.close();
  await database.drop();
});

describe('encryption rotate', () => {
  test('with ENCRYPTION_KEY: what is stored is read with either key, encrypted anew beside the service, and doctor says when the previous key can go', async () => {
    const { url: databaseUrl } = await createDatabase();
    const dataDir = dataFolder();
    const options = (env: Record<string, string>) => ({ dataDir, databaseUrl, env: { INGEST_KEY: '', ...env } });
    const cli = commandLine({ dataDir, databaseUrl });
    const first = await startApp(options(keysOf(OLD)));
    const key = readFileSync(join(dataDir, 'ingest-key'), 'utf8').trim();
    await first.stop();
    expect((await cli.run(['encryption', 'rotate'], { env: keysOf(OLD) })).out).toContain(
      'ENCRYPTION_KEY_PREVIOUS is not set, so nothing was changed',
    );

    const env = keysOf(NEW, OLD);
    const second = await startApp(options(env));
    expect(await push(second, key)).toBe(202);
    expect((await cli.run(['doctor'], { env })).out).toContain(
      '⚪ Encryption: 1 stored secret is still encrypted with ENCRYPTION_KEY_PREVIOUS. Keep it, and run: npx creditwatch encryption rotate\n',
    );
    const rotated = await cli.run(['encryption', 'rotate'], { env });
    expect([rotated.code, rotated.err, rotated.out]).toEqual([
      0,
      '',
      expect.stringMatching(/^1 stored secret re-encrypted with ENCRYPTION_KEY; 1 in total\.\n/),
    ]);
    expect((await cli.run(['encryption', 'rotate'], { env })).out).toMatch(
      /^0 stored secrets re-encrypted with ENCRYPTION_KEY; 1 in total\.\n/,
    );
    expect((await cli.run(['doctor'], { env })).out).toContain(
      '✅ Encryption: 1 stored secret, encrypted with ENCRYPTION_KEY; ENCRYPTION_KEY_PREVIOUS can be removed once every process runs with this ENCRYPTION_KEY\n',
    );
    expect(await push(second, key)).toBe(202);
    await second.stop();

    const third = await startApp(options(keysOf(NEW)));
    expect(await push(third, key)).toBe(202);
    const old = await cli.run(['doctor'], { env: keysOf(OLD) });
    expect([old.code, old.out]).toEqual([
      1,
      expect.stringContaining('❌ Encryption: 1 stored secret cannot be decrypted with ENCRYPTION_KEY'),
    ]);
    for (const app of [first, second, third])
      for (const secret of [OLD, NEW]) expect(app.output()).not.toContain(secret?.toString('base64'));
  });

  test('that ended at any moment is finished by the next one, and until then everything can be read', async () => {
    const database = await createDatabase();
    const { url } = database;
    const dataDir = dataFolder();
    const path = join(dataDir, 'encryption.key');
    const now = new Date('2026-11-29T12:00:00Z');
    await runSql(url, "INSERT INTO account (id, time_zone, admins, created_at) VALUES ('north', 'UTC', '{}', now())");
    const open = () => {
      const encryption = folderEncryption(dataDir, () => {});
      if (!encryption.ok) throw new Error(encryption.error.kind);
      return { encryption: encryption.value, store: openTestStore(url, () => encryption.value.keys()) };
    };
    const first = open();
    await first.store.secret('north', 'ingest-key', () => 'the key', now);
    await first.store.close();
    const readable = async () => {
      const { store } = open();
      const found = await store.storedSecret('north', 'ingest-key');
      await store.close();
      return found;
    };
    const read = { ok: true, value: 'the key' };

    // After the copy, before the new key.
    copyFileSync(path, `${path}.previous`);
    expect(await readable()).toEqual(read);
    // After the new key, before anything is encrypted with it.
    const second = open();
    expect(second.encryption.renew()).toEqual({ ok: true, value: 'made' });
    const made = readFileSync(path, 'utf8');
    expect(await readable()).toEqual(read);
    expect([open().encryption.renew(), readFileSync(path, 'utf8')]).toEqual([{ ok: true, value: 'kept' }, made]);
    // After that, before the previous key is deleted.
    expect(await second.store.encryption.encryptAnew({ actor: SYSTEM, now: new Date() })).toBe(1);
    expect(await readable()).toEqual(read);
    expect(second.encryption.dropPrevious()).toEqual({ ok: true, value: null });
    expect(await readable()).toEqual(read);
    expect(existsSync(`${path}.previous`)).toBe(false);
    await second.store.close();

    writeFileSync(`${path}.previous`, 'half a key');
    expect(folderEncryption(dataDir, () => {})).toEqual({ ok: false, error: { kind: 'key-damaged', path: `${path}.previous` } });
    await database.drop();
  });
});
