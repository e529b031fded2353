import { expect, test, vi } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';

vi.setConfig({ testTimeout: 90_000 });

const at = (nth: number) => new Date(Date.UTC(2026, 0, 1) + nth * 60_000).toISOString();
/** Rows 1 to 11,000; every fiftieth lacks its figure. */
const HISTORY = [
  'meter,used,total,observedAt',
  ...Array.from({ length: 11_000 }, (_, index) => `leads,${(index + 1) % 50 === 0 ? '' : index},1000000,${at(index)}`),
].join('\n');

test.each(['beside the service', 'without it'])(
  '%s a long history is taken in parts, its report stays short, and imported twice it changes nothing',
  async (where) => {
    const { url: databaseUrl } = await createDatabase();
    const dataDir = dataFolder();
    const cli = commandLine(where === 'without it' ? { dataDir, databaseUrl } : { dataDir });
    if (where !== 'without it') await startApp({ dataDir, databaseUrl });
    cli.write('history.csv', HISTORY);
    const first = await cli.run(['import', 'history.csv']);
    expect([first.code, first.out]).toEqual([1, '10780 saved for import, 220 not saved.\n  Leads: new, 10,998 / 1,000,000\n']);
    const said = first.err.split('\n');
    expect(said[0]).toBe('  line 51: used must be a number or a decimal string');
    expect(said.slice(49)).toEqual(['  line 2501: used must be a number or a decimal string', '  and 170 more', '']);
    expect(await cli.run(['import', 'history.csv'])).toMatchObject({
      code: 1,
      out: '0 saved for import, 10780 already known, 220 not saved.\n',
    });
    // What stood before a fault in the file stays, and is known when the file is mended.
    const mended = `meter,used,total,observedAt\n${Array.from({ length: 11_000 }, (_, index) => `mails,${index},1000000,${at(index)}`).join('\n')}`;
    cli.write('broken.csv', mended.replace('mails,10500,', '"mails,10500,'));
    expect(await cli.run(['import', 'broken.csv'])).toMatchObject({
      code: 1,
      out: '10500 saved for import.\n  Mails: new, 10,499 / 1,000,000\n',
      err: expect.stringMatching(/^This is not CSV after line 10501: .*\n$/),
    });
    cli.write('broken.csv', mended);
    expect(await cli.run(['import', 'broken.csv'])).toEqual({
      code: 0,
      out: '500 saved for import, 10500 already known.\n  Mails: 10,499 / 1,000,000 → 10,999 / 1,000,000\n',
      err: '',
    });
  },
);

test.each(['beside the service', 'without it'])(
  '%s an import says how many of its readings are older than they are kept',
  async (where) => {
    const { url: databaseUrl } = await createDatabase();
    const dataDir = dataFolder();
    const cli = commandLine(where === 'without it' ? { dataDir, databaseUrl } : { dataDir });
    const file = 'retention: { allReadings: 30d, dailyReadings: 1y }\n';
    cli.write('creditwatch.yml', file);
    if (where !== 'without it') await startApp({ dataDir, databaseUrl, file });
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const rows = [
      // As a day, as an instant, in another zone, and rejected; then two that are kept.
      `leads,1,100,${daysAgo(900).slice(0, 10)}`,
      `leads,2,100,${daysAgo(366)}`,
      `leads,3,100,${daysAgo(400).replace('Z', '+00:00')}`,
      `leads,x,100,${daysAgo(500)}`,
      `leads,4,100,${daysAgo(364)}`,
      `leads,5,100,${daysAgo(1)}`,
    ];
    cli.write('old.csv', ['meter,used,total,observedAt', ...rows].join('\n'));
    const { out, err } = await cli.run(['import', 'old.csv']);
    expect(out).toContain('5 saved for import, 1 not saved.');
    expect(err).toMatch(/^3 readings are older than 1 year /m);
    const again = await cli.run(['import', 'old.csv', '--json']);
    expect(JSON.parse(again.out)).toMatchObject({
      duplicates: 5,
      notes: [expect.anything(), expect.stringMatching(/^3 readings are older/)],
    });
    cli.write('new.csv', ['meter,used,total,observedAt', rows[5]].join('\n'));
    expect((await cli.run(['import', 'new.csv'])).err).toBe('');
  },
);

test('a page that does not say whose it is is not stored, and a table of meters of another source says so', async () => {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  const page = { input: 'Credits\n900/1,000 credits used\n' };
  expect(await cli.run(['import', '-'], page)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--source <vendor>') });
  expect(await cli.run(['import', '-', '--source', 'crm'], page)).toMatchObject({
    code: 0,
    out: '1 saved for crm.\n  Credits: new, 900 / 1,000\n',
  });
  const table = { input: 'meter;used;observedAt\ncredits;"1.614,50";23.11.2026\nleads;1;23.11.2026\n' };
  expect(await cli.run(['import', '-'], table)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^2 saved for import\.\n/),
    err: 'Meters with these names are also in the source crm. If these figures belong there, import the file again with --source crm.\n',
  });
  // By its label too, whatever its key.
  const labelled = { input: 'meter,label,used,observedAt\nx1,CREDITS,5,2026-11-23\n' };
  expect(await cli.run(['import', '-'], labelled)).toMatchObject({ code: 0, err: expect.stringContaining('also in the source crm.') });
});

test('readings as long as they may be pass through the service too', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  await startApp({ dataDir, databaseUrl });
  const cli = commandLine({ dataDir });
  const label = '語'.repeat(1_500);
  const rows = Array.from({ length: 1_000 }, (_, index) => `leads,${index},1000000,${at(index)},"${label}"`).join('\n');
  expect(await cli.run(['import', '-'], { input: `meter,used,total,observedAt,label\n${rows}` })).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1000 saved for import\.\n  語{79}…: new, 999 \/ 1,000,000\n$/),
  });
});

test.each([
  ['JSON', `{"source":"crm","readings":[${'{"meter":"leads","used":1,"total":10},'.repeat(450_000)}{"meter":"leads","used":2}]}`],
  ['a page in one line', `Apollo Contacts 1,614/1,000,000 credits used ${'x'.repeat(17 * 1024 * 1024)}`],
])('%s of more than 16 MB is refused with the limit and what to do, and nothing of it is stored', async (_what, text) => {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  cli.write('large', text);
  for (const ran of [
    await cli.run(['import', 'large', '--source', 'crm']),
    await cli.run(['import', '-', '--source', 'crm'], { input: text }),
  ]) {
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/up to 16 MB\. Write history as CSV of any size/);
  }
  expect(await runSql(databaseUrl, 'SELECT key FROM meter')).toEqual([]);
});
