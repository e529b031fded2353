import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dataFolder, INGEST_KEY, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { formAfter, sendForm, typeCommand } from '../support/slack/hand-over.ts';
import { troubledLink } from '../support/troubled-link.ts';

vi.setConfig({ testTimeout: 60_000 });

const ACCOUNTS = 'accounts:\n  north: { timezone: Europe/Berlin }\n  south: { timezone: America/New_York }\n';

test('a terminal that knows the data folder alone reads and fills the database of the service, and starts none of its own', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl });
  await app.push({ readings: [readingNow('leads', 900)] });
  const cli = commandLine({ dataDir });
  // What only the service is given is not asked of whoever types.
  cli.write(
    'creditwatch.yml',
    'sources: [{ id: vendor, kind: http, preset: openrouter, headers: { authorization: "Bearer ${OPENROUTER_KEY}" } }]',
  );
  const { code, out, err } = await cli.run(['usage']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('🟠 Leads  900 / 1,000 used · 90%\n   ▓▓▓▓▓▓▓▓▓░ 100 left');
  expect((await cli.run(['usage', 'history', 'leads'])).out).toContain('Leads');
  expect(
    await cli.run(['import', '-'], { input: JSON.stringify({ source: 'pasted', readings: [{ meter: 'tokens', used: 1, total: 10 }] }) }),
  ).toEqual({ code: 0, out: '1 saved for pasted.\n  Tokens: new, 1 / 10\n', err: '' });
  expect((await cli.run(['export', 'leads'])).out).toMatch(/^account,source,meter,.*\r\ndefault,push,leads,Leads,.*,900,1000\r\n$/);
  expect(await cli.run(['export', '--out', 'out.csv'])).toEqual({ code: 0, out: '', err: '2 meters written to out.csv.\n' });
  expect(await cli.run(['export', 'nothing'])).toMatchObject({
    code: 1,
    err: 'There is no meter "nothing". All meters: npx creditwatch usage\n',
  });
  expect(await cli.run(['test', 'terminal'])).toEqual({ code: 0, out: 'Sent to terminal.\n', err: '' });
  await expect.poll(() => app.output()).toContain('🧪 Test message from Creditwatch');
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);

  await app.stop();
  expect((await commandLine({ dataDir, databaseUrl }).run(['usage'])).out).toContain('🟠 Leads  900 / 1,000 used · 90%');
});

test('the same usage page pasted twice on a day is known the second time, wherever it was pasted first', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const cli = commandLine({ dataDir });
  const page = { input: 'Apollo Contacts\n1,614/1,000,000 credits used\nCampaigns\n494,936/1,000,000,000 visitors used\n' };
  const slack = await connectedSlack({ transport: 'http' });
  const app = await startApp({ dataDir, databaseUrl, env: slack.env });
  expect(await cli.run(['import', '-'], page)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^2 saved for abmatic\.\n {2}Apollo Contacts: new, 1,614 .*\n {2}Campaigns: new, 494,936 /m),
  });
  const known = { code: 0, out: expect.stringMatching(/^0 saved for abmatic, 2 already known\.$/m) };
  expect(await cli.run(['import', '-'], page)).toMatchObject(known);
  await typeCommand(slack, app, 'import', { channel: 'D0ANNA', user: 'U0ANNA' });
  const form = await slack.views.next(() => true, 15_000);
  const found = await sendForm(slack, app, form, { text: page.input }, { user: 'U0ANNA' });
  await sendForm(slack, app, formAfter(form, found), { text: page.input }, { user: 'U0ANNA' });
  expect(shownText((await slack.told.next(() => true, 15_000)).body['blocks'])).toContain('Abmatic AI: all 2 figures were already known.');
  await app.stop();
  expect(await commandLine({ dataDir, databaseUrl }).run(['import', '-'], page)).toMatchObject(known);
});

test('while the database of the service is away the terminal says so, like everywhere else', async () => {
  const { url } = await createDatabase();
  const link = await troubledLink(url, 5432);
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: link.url });
  await app.push({ readings: [readingNow('leads', 900)] });
  await expect.poll(() => app.output(), { timeout: 15_000 }).toContain('Leads is already at 90%');
  link.cut();
  const cli = commandLine({ dataDir });
  const away = { code: 1, out: '', err: 'Figures are temporarily unavailable; alerts are kept. Try again in a minute.\n' };
  expect(await cli.run(['usage'])).toEqual(away);
  expect(await cli.run(['test', 'terminal'])).toEqual(away);
  expect(await cli.run(['import', '-'], { input: '{"readings":[{"meter":"m","used":1}]}' })).toEqual({
    code: 1,
    out: '',
    err: 'The database is temporarily unavailable, so not everything was saved. Import it again in a minute. Nothing is counted twice.\n',
  });
});

test.each(['beside the service', 'without it'])(
  '%s --account chooses one of several, the first is meant without it, and an unknown one is told those there are',
  async (where) => {
    const { url: databaseUrl } = await createDatabase();
    const dataDir = dataFolder();
    const cli = commandLine(where === 'without it' ? { dataDir, databaseUrl } : { dataDir });
    cli.write('creditwatch.yml', ACCOUNTS);
    if (where !== 'without it') await startApp({ dataDir, databaseUrl, file: ACCOUNTS, env: { INGEST_KEY: '' } });
    const figure = (used: number) => ({ input: JSON.stringify({ readings: [readingNow('leads', used)] }) });
    expect(await cli.run(['import', '-', '--account', 'south'], figure(222))).toMatchObject({
      code: 0,
      out: '1 saved for push.\n  Leads: new, 222 / 1,000\n',
    });
    expect(await cli.run(['import', '-'], figure(111))).toMatchObject({ code: 0 });
    expect((await cli.run(['usage'])).out).toContain('111 / 1,000');
    expect((await cli.run(['usage', '--account', 'south'])).out).toContain('222 / 1,000');
    expect((await cli.run(['usage', 'apolo', '--account', 'south'])).err).toContain('All meters: npx creditwatch usage --account south\n');
    expect((await cli.run(['export', '--account', 'south'])).out.match(/^\w+,push/gm)).toEqual(['south,push']);
    expect((await cli.run(['export'])).out.match(/^\w+,push/gm)).toEqual(['north,push', 'south,push']);
    expect(await cli.run(['test', 'terminal', '--account', 'south'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Sent to terminal.\n'),
    });
    const unknown = { code: 1, out: '', err: 'There is no account "west". There are: north, south.\n' };
    for (const command of [['usage'], ['export'], ['test', 'terminal']])
      expect(await cli.run([...command, '--account', 'west'])).toEqual(unknown);
    expect(await cli.run(['import', '-', '--account', 'west'], figure(1))).toEqual(unknown);
  },
);

test('the way for the terminal takes the token of the data folder and nothing else', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl });
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8')));
  const ask = (headers: Record<string, string>, body: string) => fetch(`${app.url}/local/answer`, { method: 'POST', headers, body });
  const asked = { account: null, actor: { platform: 'terminal', id: 'anna' }, text: 'help', strong: false };
  const question = JSON.stringify(asked);
  for (const headers of [{}, { authorization: `Bearer ${INGEST_KEY}` }, { authorization: `Bearer ${token}x` }])
    expect((await ask(headers, question)).status).toBe(401);
  const bearer = { authorization: `Bearer ${token}` };
  expect(await (await ask(bearer, question)).json()).toEqual({ ok: true, value: expect.stringContaining('npx creditwatch usage apollo') });
  const by = (actor: unknown) => JSON.stringify({ ...asked, actor });
  for (const unknown of ['{}', by(undefined), by('anna'), by({ platform: 'slack', id: 'U0ANNA' })])
    expect((await ask(bearer, unknown)).status).toBe(400);
  expect((await ask(bearer, 'no json')).status).toBe(400);
  expect((await fetch(`${app.url}/v1/usage`, { headers: bearer })).status).toBe(401);
});
