import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { migratedText } from '../../src/messages/replies/operations.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, createFreshDatabase } from '../support/database.ts';

vi.setConfig({ testTimeout: 60_000 });

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const PAGE = fixture('abmatic-usage-page.txt');
const READING = JSON.stringify({
  source: 'abmatic',
  readings: [
    {
      meter: 'apollo_contacts',
      label: 'Apollo Contacts',
      unit: 'credits',
      used: 1614,
      total: 1_000_000,
      // Imported figures of more than a week ago raise no alert.
      observedAt: new Date(Date.now() - 3_600_000).toISOString(),
    },
  ],
});

async function onDatabase(env: Record<string, string> = {}) {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  return { databaseUrl, dataDir, cli: commandLine({ dataDir, databaseUrl, env }) };
}

describe('creditwatch', () => {
  test('alone shows what it can do; a word it does not know is exit 2, with the way to help', async () => {
    const cli = commandLine({ dataDir: dataFolder() });
    const help = await cli.run(['--help']);
    expect([help.code, help.err]).toEqual([0, '']);
    for (const command of ['start', 'demo', 'migrate', 'doctor', 'usage', 'import', 'test'])
      expect(help.out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(await cli.run(['ussage'])).toEqual({
      code: 2,
      out: '',
      err: "error: unknown command 'ussage'\n(Did you mean usage?)\n(creditwatch --help lists the commands)\n",
    });
    expect(await cli.run(['import'])).toEqual({
      code: 2,
      out: '',
      err: "error: missing required argument 'file'\n(creditwatch --help lists the commands)\n",
    });
  });

  test.each(['start', 'demo', 'usage'])(
    '%s with a broken creditwatch.yml is exit 2 with every key and line, and starts nothing',
    async (command) => {
      const { cli } = await onDatabase({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
      cli.write('creditwatch.yml', 'timezone: Europe/Berlin\nroutes:\n  - { slac: C0123456789 }\nadmns: [U0ADMIN]\n');
      expect(await cli.run([command])).toEqual({
        code: 2,
        out: '',
        err: `The configuration has 2 mistakes; nothing was started.\n  creditwatch.yml:3 routes[0].slac: unknown key, did you mean "slack"?\n  creditwatch.yml:4 admns: unknown key, did you mean "admins"?\n`,
      });
    },
  );
});

describe('creditwatch migrate', () => {
  test('says what it applied, and the second time that there is nothing to do', async () => {
    const { url: databaseUrl } = await createFreshDatabase('template0');
    const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
    const first = await cli.run(['migrate']);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/^Applied: 20261123000000_start(, \d{14}_\w+)*\.\n$/);
    expect(await cli.run(['migrate'])).toEqual({ code: 0, out: `${migratedText([])}\n`, err: '' });
  });

  test('says when the database does not answer, with what to check', async () => {
    const cli = commandLine({ dataDir: dataFolder(), databaseUrl: 'postgres://user:hidden-word@127.0.0.1:1/nothing' });
    const { code, out, err } = await cli.run(['migrate']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^The database of DATABASE_URL does not answer \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Check that it is running, and the host and port in DATABASE_URL\.\n$/,
    );
  });
});

describe('creditwatch import and usage', () => {
  test('without a service they read and write the database: a pasted page, a file, standard input', async () => {
    const { cli } = await onDatabase();
    expect(await cli.run(['usage'])).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^No figures yet\.\nFastest: open the vendor's usage page, copy everything into a file, then npx creditwatch import <file>\n/,
      ),
      err: '',
    });
    cli.write('page.txt', PAGE);
    expect(await cli.run(['import', 'page.txt'])).toEqual({
      code: 0,
      out: 'Recognized as a page of Abmatic AI, source abmatic. If it is another: npx creditwatch import page.txt --source <vendor>\n6 saved for abmatic.\n  Abmatic Accounts: new, 24,171 / 4,000,000\n  Abmatic IP Reveal: new, 379,180 / 100,000,000\n  OpenAI Tokens: new, 4,984,062 / 1,500,000,000\n  Abmatic Contacts: new, 40,982 / 20,000,000\n  Apollo Contacts: new, 1,614 / 1,000,000\n  Campaigns: new, 494,936 / 1,000,000,000\n',
      err: '',
    });
    expect(await cli.run(['import', '-'], { input: READING })).toEqual({ code: 0, out: '1 saved for abmatic.\n', err: '' });
    expect(await cli.run(['import', '-'], { input: READING })).toEqual({
      code: 0,
      out: '0 saved for abmatic, 1 already known.\n',
      err: '',
    });

    const { code, out, err } = await cli.run(['usage']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')[0]).toMatch(/^All 6 meters are fine/);
    for (const line of [
      '1,614 / 1,000,000 credits used · 0.1%',
      '494,936 / 1,000,000,000 visitors used · <0.1%',
      '4,984,062 / 1,500,000,000 tokens used · 0.3%',
    ])
      expect(out).toContain(line);
  });

  test('with a service an import goes through it: its alert goes out at once, and the database is not asked for', async () => {
    const { url: databaseUrl } = await createDatabase();
    const dataDir = dataFolder();
    const app = await startApp({ dataDir, databaseUrl });
    const cli = commandLine({ dataDir, databaseUrl });
    expect(
      await cli.run(['import', '-'], {
        input: READING.replace('1614', '803412'),
        env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
      }),
    ).toEqual({ code: 0, out: '1 saved for abmatic.\n  Apollo Contacts: new, 803,412 / 1,000,000\n', err: '' });
    await expect.poll(() => app.output(), { timeout: 10_000 }).toContain('Apollo Contacts is already at 80%');
    const { code, out, err } = await cli.run(['usage']);
    expect([code, err]).toEqual([0, '']);
    expect(await cli.run(['usage', 'apolo', 'contacts'])).toEqual({
      code: 1,
      out: '',
      err: 'Did you mean Apollo Contacts?\nThen type: npx creditwatch usage abmatic/apollo_contacts\n',
    });
    expect(out).toMatch(
      /^Apollo Contacts needs attention · as of .*\n🟠 Apollo Contacts {2}803,412 \/ 1,000,000 credits used · 80%\n {3}▓▓▓▓▓▓▓▓░░ 196,588 left/,
    );
  });

  test('a meter that is not there is exit 1, with the names that are, and so is what is not understood', async () => {
    const { cli } = await onDatabase();
    expect(await cli.run(['usage', 'invoices'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^No meter "invoices"\.\nNo figures yet\.\n/),
    });
    const readings = ['leads', ...Array.from({ length: 13 }, (_, index) => `other-${String(index + 10)}`)].map((meter) => ({
      meter,
      used: 1,
      total: 10,
    }));
    await cli.run(['import', '-', '--source', 'crm'], { input: JSON.stringify({ readings }) });
    const { code, out, err } = await cli.run(['usage', 'invoices']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^No meter "invoices"\.\nMeters: (crm\/[a-z0-9-]+(, )?){12} and 2 more\.\nAll meters: npx creditwatch usage\n$/);
    expect(await cli.run(['usage', 'check', 'leads', 'many'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('npx creditwatch usage check'),
    });
    expect(await cli.run(['usage', 'leads'])).toMatchObject({ code: 0, err: '' });
    expect(await cli.run(['usage', 'snooze', 'leads'])).toEqual({
      code: 1,
      out: '',
      err: 'Leads has no open alert, so there is nothing to snooze.\n',
    });
  });

  test.each<[string, string, RegExp]>([
    [
      'a letter to mother',
      'Dear mother,\nI am well.\n',
      /^No figures found\. .* or the JSON of POST \/v1\/usage\.\nNo source was named\..* --source <vendor>\./,
    ],
    ['another body', '{"values":[]}', /^The JSON has no list "readings"\./],
  ])('%s is exit 1 and says what is taken', async (_what, input, err) => {
    const { cli } = await onDatabase({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(await cli.run(['import', '-'], { input })).toEqual({ code: 1, out: '', err: expect.stringMatching(err) });
  });

  test('a file that is not there, and a folder, are exit 1', async () => {
    const { cli } = await onDatabase();
    expect(await cli.run(['import', 'nowhere.txt'])).toEqual({ code: 1, out: '', err: 'There is no file nowhere.txt.\n' });
    expect(await cli.run(['import', '.'])).toEqual({ code: 1, out: '', err: expect.stringMatching(/^\. cannot be read: EISDIR/) });
  });

  test('a bad reading among good ones is exit 1, with its place and reason, and the good ones are taken', async () => {
    const { cli } = await onDatabase();
    const input = JSON.stringify({
      readings: [
        { meter: 'a', used: 1 },
        { meter: 'b', used: -1 },
        { meter: 'c', used: 2 },
      ],
    });
    expect(await cli.run(['import', '-', '--source', 'other'], { input })).toEqual({
      code: 1,
      out: '2 saved for other, 1 not saved.\n  A: new, 1 used\n  C: new, 2 used\n',
      err: '  reading 2: used is negative\n',
    });
  });

  test('a row of a CSV with a cell too many is not taken either, and exit 1', async () => {
    const { cli } = await onDatabase();
    const input = 'meter,used,total,observedAt\na,1,10,2026-11-01T00:00:00Z\na,1,614,10,2026-11-02T00:00:00Z\n';
    expect(await cli.run(['import', '-'], { input })).toEqual({
      code: 1,
      out: '1 saved for import, 1 not saved.\n  A: new, 1 / 10\n',
      err: expect.stringMatching(/^ {2}line 3: has more cells than the header\./),
    });
  });
});

describe('creditwatch start', () => {
  test('says what it does without Slack, and with Slack but no route', async () => {
    const { url: databaseUrl } = await createDatabase();
    const app = await startApp({ dataDir: dataFolder(), databaseUrl });
    await expect
      .poll(() => app.output())
      .toMatch(
        /^Alerts are printed in this terminal\. To post them in Slack: README\.md, "Connect Slack"[.;].*\nIngest key: from INGEST_KEY/m,
      );
    const connected = await startApp({
      dataDir: dataFolder(),
      databaseUrl,
      env: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: 'a-signing-secret' },
    });
    const outside = await startApp({
      dataDir: dataFolder(),
      databaseUrl,
      env: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: 'a-signing-secret', PUBLIC_URL: 'https://credits.example.com/' },
    });
    await expect
      .poll(() => outside.output())
      .toContain('Slack: HTTP at https://credits.example.com/slack/events. creditwatch.yml has no routes');
    await expect
      .poll(() => connected.output())
      .toMatch(/^Slack: HTTP at \/slack\/events\. .*no routes: alerts without a route are printed in this terminal\.$/m);
  });
});
