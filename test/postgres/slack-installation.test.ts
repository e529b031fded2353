import { expect, onTestFinished, test } from 'vitest';
import { createDatabase, runSql, openTestStore } from '../support/database.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const at = (time: string) => new Date(`2026-11-24T${time}Z`);
const HOME = { account: 'default', team: 'T0HOME', token: 'xoxb-home' };
const OTHER = { account: 'default', team: 'T0OTHER', token: 'xoxb-other' };
const options = { accounts: ['default'], takesOver: false, by: 'U0ANNA', now: NOW };

async function stores() {
  const database = await createDatabase();
  const open = (key: number) => {
    const store = openTestStore(database.url, Buffer.alloc(32, key));
    onTestFinished(() => store.close());
    return store;
  };
  const store = open(1);
  await store.declare(
    {
      id: 'default',
      timeZone: 'UTC',
      sources: [],
      rules: [],
      routes: [],
      fallback: [{ kind: 'slack', address: 'U0BOSS' }],
      admins: [],
      viewers: null,
    },
    NOW,
  );
  await store.slackInstallation.save(HOME, options);
  return { store, open, url: database.url };
}

const removed = (told: { team: string; at: Date }) => ({ code: 'account_inactive', reason: 'It was removed.', now: at('09:00:00'), told });
const purges = (url: string) => runSql(url, "SELECT due_at FROM timer WHERE kind = 'purge'");

test('a token decrypts with its key; with another key the workspace is returned without its token, and unknown accounts return nothing', async () => {
  const { store, open } = await stores();
  expect(await store.slackInstallation.read(['default'])).toEqual(HOME);
  expect(await open(2).slackInstallation.read(['default'])).toEqual({ ...HOME, token: null });
  expect(await store.slackInstallation.read(['north'])).toBeNull();
});

test('a removal of another workspace, or from before this install, changes nothing', async () => {
  const { store, url } = await stores();
  await store.installationRemoved('default', 'slack', removed({ team: 'T0OTHER', at: at('08:30:00') }));
  await store.installationRemoved('default', 'slack', removed({ team: 'T0HOME', at: at('07:59:59') }));
  expect([await store.slackInstallation.read(['default']), await purges(url)]).toEqual([HOME, []]);
  await store.installationRemoved('default', 'slack', removed({ team: 'T0HOME', at: at('08:00:01') }));
  expect([await store.slackInstallation.read(['default']), await purges(url)]).toEqual([
    null,
    [{ due_at: new Date('2026-12-24T09:00:00Z') }],
  ]);
  expect(await runSql(url, 'SELECT team_id, ciphertext FROM slack_installation')).toEqual([{ team_id: 'T0HOME', ciphertext: null }]);
});

test('a removed workspace blocks another until its purge, unless the operator replaces it; then none of its data is left', async () => {
  const { store, url } = await stores();
  expect(await store.slackInstallation.save(OTHER, { ...options, takesOver: true })).toBe('other-workspace');
  await store.installationRemoved('default', 'slack', removed({ team: 'T0HOME', at: at('08:30:00') }));
  expect(await store.slackInstallation.save(OTHER, options)).toBe('other-workspace');
  expect(await runSql(url, "SELECT address FROM destination WHERE kind = 'slack'")).toHaveLength(1);
  expect(await store.slackInstallation.save(OTHER, { ...options, takesOver: true })).toBe('saved');
  expect(await runSql(url, "SELECT address FROM destination WHERE kind = 'slack'")).toEqual([]);
  expect([await store.slackInstallation.read(['default']), await purges(url)]).toEqual([OTHER, []]);
});

test('installing again before the purge keeps all data and turns destinations on', async () => {
  const { store, url } = await stores();
  await store.installationRemoved('default', 'slack', removed({ team: 'T0HOME', at: at('08:30:00') }));
  const offs = () => runSql(url, "SELECT disabled_reason FROM destination WHERE kind = 'slack'");
  expect(await offs()).toEqual([{ disabled_reason: 'It was removed.' }]);
  expect(await store.slackInstallation.save({ ...HOME, token: 'xoxb-new' }, options)).toBe('saved');
  expect([await offs(), await purges(url), (await store.slackInstallation.read(['default']))?.token]).toEqual([
    [{ disabled_reason: null }],
    [],
    'xoxb-new',
  ]);
});

test('of two workspaces installed at the same moment, one is accepted', async () => {
  const { store, url } = await stores();
  await runSql(url, 'DELETE FROM slack_installation');
  const saved = await Promise.all([HOME, OTHER].map((one) => store.slackInstallation.save(one, options)));
  expect(saved.toSorted()).toEqual(['other-workspace', 'saved']);
});

test('a state is accepted once, also from concurrent requests, and deleted after it has expired', async () => {
  const { store, url } = await stores();
  const use = (now: Date) => store.slackInstallation.useState('state', at('08:10:00'), now);
  expect((await Promise.all([use(NOW), use(NOW), use(NOW)])).filter(Boolean)).toHaveLength(1);
  expect(await use(at('08:09:59'))).toBe(false);
  await store.slackInstallation.useState('another', at('08:30:00'), at('08:10:00'));
  expect(await runSql(url, 'SELECT count(*)::int AS n FROM slack_install_state')).toEqual([{ n: 1 }]);
});
