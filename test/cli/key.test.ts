import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { keyLines } from '../../src/cli/key-origins.ts';
import { loadConfig } from '../../src/app/load-config.ts';
import { ok } from '../../src/core/result.ts';
import { keptKeyText, keyChangedElsewhereText, nameAccountText, retiredText, writtenKeyText } from '../../src/messages/replies/keys.ts';
import { acceptAll, listening, pushRoutes } from '../http/listening.ts';
import { dataFolder, ENCRYPTION_KEY, startApp, type App } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { signedWebhook } from '../support/signed-webhook.ts';

vi.setConfig({ testTimeout: 60_000 });

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const reading = { readings: [{ meter: 'leads', used: 1, total: 1000 }] };
const statusOf = async (app: App, key: string) => (await app.push(reading, bearer(key))).status;

async function started(file = '') {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const options = { dataDir, databaseUrl, file, env: { INGEST_KEY: '' } };
  const app = await startApp(options);
  const cli = commandLine({ dataDir, databaseUrl });
  cli.write('creditwatch.yml', file);
  return { app, cli, dataDir, databaseUrl, options };
}

const shownSchema = z.object({
  keys: z.array(z.object({ account: z.string(), key: z.string(), webhookSecret: z.string(), until: z.string().nullable() })),
});

async function keysOf(cli: ReturnType<typeof commandLine>) {
  const { code, out } = await cli.run(['key', '--json']);
  expect(code).toBe(0);
  return shownSchema.parse(JSON.parse(out)).keys;
}

/** The key that `key rotate` printed. */
async function rotated(cli: ReturnType<typeof commandLine>, ...more: readonly string[]): Promise<string> {
  const { code, out, err } = await cli.run(['key', 'rotate', ...more]);
  expect([code, err]).toEqual([0, '']);
  return /^New ingest key: (cw_\S+)$/m.exec(out)?.[1] ?? '';
}

describe('the ingest key that a start makes', () => {
  test('goes into a file that only its owner reads where standard output is no terminal, and into no output', async () => {
    const { app, cli, dataDir, options } = await started();
    const path = join(dataDir, 'ingest-key');
    await expect.poll(() => app.output()).toContain(`${writtenKeyText(null, ok(path))}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const key = readFileSync(path, 'utf8').trim();
    expect(await statusOf(app, key)).toBe(202);

    const secret = `whsec_${Buffer.from(key).toString('base64')}`;
    const shown = { code: 0, out: `Ingest key: ${key}\n  as a webhook secret: ${secret}\n`, err: '' };
    expect(await cli.run(['key'])).toEqual(shown);
    await app.stop();
    expect(await cli.run(['key'])).toEqual(shown);

    const second = await startApp(options);
    await expect.poll(() => second.output()).toContain(`${keptKeyText('store')}\n`);
    expect(await statusOf(second, key)).toBe(202);
    await second.stop();
    for (const output of [app.output(), second.output()]) expect(output).not.toMatch(new RegExp(`cw_|whsec_|${key}`));
  });

  test('has a file of its own for each of several accounts, and is shown for one or all', async () => {
    const { app, cli, dataDir } = await started('accounts:\n  north: {}\n  south: {}\n');
    await expect.poll(() => app.output()).toContain(writtenKeyText('south', ok(join(dataDir, 'ingest-key.south'))));
    const [north, south] = ['north', 'south'].map((account) => readFileSync(join(dataDir, `ingest-key.${account}`), 'utf8').trim());
    expect(north).not.toBe(south);
    expect((await cli.run(['key'])).out).toMatch(new RegExp(`^Ingest key of north: ${north}\n.*\nIngest key of south: ${south}\n`));
    expect((await cli.run(['key', '--account', 'south'])).out).toContain(`Ingest key: ${south}\n`);
    expect(await cli.run(['key', '--account', 'west'])).toMatchObject({
      code: 1,
      err: 'There is no account "west". There are: north, south.\n',
    });
    expect(await cli.run(['key', 'rotate'])).toEqual({ code: 1, out: '', err: `${nameAccountText(['north', 'south'])}\n` });
    const next = await rotated(cli, '--account', 'south');
    expect([await statusOf(app, next), await statusOf(app, south ?? '')]).toEqual([202, 202]);
    expect(readFileSync(join(dataDir, 'ingest-key.south'), 'utf8')).toBe(`${next}\n`);
  });

  test('is shown on a terminal, and then written nowhere', () => {
    const dataDir = dataFolder();
    const config = loadConfig({ env: { DATA_DIR: dataDir }, cwd: dataDir });
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    const newKeys = [{ account: 'default', source: null, key: 'cw_made-just-now-by-a-test', until: null }];
    expect(keyLines({ config: config.value, newKeys }, { isTerminal: true })).toBe(
      `Ingest key: cw_made-just-now-by-a-test\n  as a webhook secret: whsec_${Buffer.from('cw_made-just-now-by-a-test').toString('base64')}\n  to see it again: npx creditwatch key`,
    );
    expect(() => statSync(join(dataDir, 'ingest-key'))).toThrow('ENOENT');
  });
});

describe('key rotate', () => {
  test('beside the service: the new key works at once in every process, the one before for 7 days, and the file has the new one', async () => {
    const { app, cli, dataDir, databaseUrl } = await started();
    const other = await startApp({ dataDir: dataFolder(), databaseUrl, env: { INGEST_KEY: '' } });
    const [before] = await keysOf(cli);
    const first = before?.key ?? '';
    const second = await rotated(cli);
    expect(await statusOf(other, second)).toBe(202);
    for (const key of [first, second]) expect([await statusOf(app, key), await statusOf(other, key)]).toEqual([202, 202]);
    expect(readFileSync(join(dataDir, 'ingest-key'), 'utf8')).toBe(`${second}\n`);

    // A signature is known only once the body is there.
    const third = await rotated(cli);
    const body = JSON.stringify(reading);
    expect((await other.push(body, { authorization: '', ...signedWebhook(third, 'msg_third', body) })).status).toBe(202);
    const keys = await keysOf(cli);
    expect(keys.map(({ key }) => key)).toEqual([third, second, first]);
    for (const { until } of keys.slice(1)) {
      const days = (new Date(until ?? '').getTime() - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(6.9);
      expect(days).toBeLessThanOrEqual(7);
    }

    await runSql(databaseUrl, "UPDATE secret SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL");
    await expect.poll(() => statusOf(app, first), { timeout: 15_000 }).toBe(401);
    await expect.poll(() => statusOf(other, second), { timeout: 15_000 }).toBe(401);
    await expect.poll(() => runSql(databaseUrl, 'SELECT 1 FROM secret WHERE expires_at IS NOT NULL')).toEqual([]);
    expect(await statusOf(other, third)).toBe(202);
    for (const key of [first, second, third]) expect(app.output() + other.output()).not.toContain(key);
  });

  test('with --now no earlier key works any more: here at once, in other processes within seconds', async () => {
    const { app, cli, databaseUrl } = await started();
    const other = await startApp({ dataDir: dataFolder(), databaseUrl, env: { INGEST_KEY: '' } });
    const [first] = await keysOf(cli);
    const second = await rotated(cli);
    const third = await rotated(cli, '--now');
    expect([await statusOf(app, first?.key ?? ''), await statusOf(app, second), await statusOf(app, third)]).toEqual([401, 401, 202]);
    expect(await statusOf(other, third)).toBe(202);
    await expect.poll(() => statusOf(other, second), { timeout: 15_000 }).toBe(401);
    expect((await cli.run(['key', '--now'])).code).toBe(2);
  });

  test('without a service it works too, and retire ends the key before without a new one', async () => {
    const { app, cli, options } = await started();
    const [first] = await keysOf(cli);
    await app.stop();
    const second = await rotated(cli);
    const again = await startApp(options);
    expect([await statusOf(again, first?.key ?? ''), await statusOf(again, second)]).toEqual([202, 202]);
    expect((await cli.run(['key', 'retire'])).out).toBe(`${retiredText(1)}\n`);
    expect([await statusOf(again, first?.key ?? ''), await statusOf(again, second)]).toEqual([401, 202]);
    expect((await cli.run(['key', 'retire'])).out).toBe(`${retiredText(0)}\n`);
  });

  test.each([
    ['INGEST_KEY', 'environment', '', { INGEST_KEY: 'a-key-of-the-environment' }],
    ['creditwatch.yml', 'file', 'ingestKeys: [a-key-of-the-environment]\n', {}],
  ] as const)('a key from %s is shown, and changed there', async (from, origin, file, env) => {
    const { url: databaseUrl } = await createDatabase();
    const cli = commandLine({ dataDir: dataFolder(), databaseUrl, env });
    cli.write('creditwatch.yml', file);
    expect((await cli.run(['key'])).out).toMatch(new RegExp(`, from ${from}: a-key-of-the-environment\n`));
    for (const action of ['rotate', 'retire'])
      expect(await cli.run(['key', action])).toMatchObject({
        code: 1,
        out: '',
        err: `${keyChangedElsewhereText('default', origin)}\n`,
      });
  });

  test('replaces a key that cannot be read with --now alone', async () => {
    const { app, cli } = await started();
    await app.stop();
    const env = { ENCRYPTION_KEY: Buffer.from(ENCRYPTION_KEY, 'base64').fill(9).toString('base64') };
    expect(await cli.run(['key', 'rotate'], { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining('encrypted with another key'),
    });
    expect((await cli.run(['key', 'rotate', '--now'], { env })).code).toBe(0);
    expect((await cli.run(['key'], { env })).out).toMatch(/^Ingest key: cw_/);
  });
});

test('a key that is not known while the database does not answer is asked to come back', async () => {
  const { url } = await listening(pushRoutes(acceptAll, { lookAgain: async () => false }));
  const push = (headers: Record<string, string>) => fetch(`${url}/v1/usage`, { method: 'POST', headers, body: JSON.stringify(reading) });
  const unknown = await push(bearer('cw_nobody-knows-this-one'));
  expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await push({})).status).toBe(401);
});
