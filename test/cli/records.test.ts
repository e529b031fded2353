import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dataFolder } from '../support/app.ts';
import { commandLine, type CommandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';

vi.setConfig({ testTimeout: 60_000 });

const DAY_MS = 24 * 60 * 60_000;

/** Ten days of one meter that uses 100 of 1,000 a day, taken as history; the last row is no reading. */
async function withHistory(): Promise<CommandLine> {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const rows = Array.from(
    { length: 10 },
    (_, index) => `leads,${String((index + 1) * 100)},1000,${new Date(today - (10 - index) * DAY_MS).toISOString()}`,
  );
  cli.write('history.csv', ['meter,used,total,observedAt', ...rows, 'leads,many,1000,2026-01-01T00:00:00Z'].join('\n'));
  return cli;
}

test('history as CSV is taken but for the row that is none, and once; then a rule is tried on it and it is written out again', async () => {
  const cli = await withHistory();
  const refused = '  line 12: used is not a decimal number such as 1614 or "25.75"\n';
  expect(await cli.run(['import', 'history.csv'])).toEqual({
    code: 1,
    out: '10 saved for import, 1 not saved.\n  Leads: new, 1,000 / 1,000\n',
    err: refused,
  });
  expect(await cli.run(['import', 'history.csv'])).toEqual({
    code: 1,
    out: '0 saved for import, 10 already known, 1 not saved.\n',
    err: refused,
  });

  const tried = await cli.run(['backtest', '{ kind: threshold, levels: [50%, 80%] }', '--meter', 'leads', '--days', '30']);
  expect([tried.code, tried.err]).toEqual([0, '']);
  expect(tried.out).toMatch(
    /^On the last 30 days of 1 meter this would have posted twice:\n🟡 .* {2}Leads reached 50% · 500 \/ 1,000 used · 50%\n🟠 .* {2}Leads reached 80% · 800 \/ 1,000 used · 80%\nFigures are on record since \d+ \w+\.\n$/,
  );
  expect(await cli.run(['backtest', '{ kind: threshold, levels: [200%, 0%] }'])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('rule:1 levels[1]: must be between 0.1% and 1000%'),
  });
  expect(await cli.run(['backtest', '--days', 'many'])).toMatchObject({ code: 2, err: '--days must be a whole number from 1 to 3650.\n' });

  const exported = await cli.run(['export', 'leads']);
  const lines = exported.out.split('\r\n');
  expect([exported.code, exported.err, lines.length]).toEqual([0, '', 12]);
  expect(lines[0]).toBe('account,source,meter,label,unit,day,period_start,period_end,consumed,used,total');
  expect(lines[3]).toMatch(/^default,import,leads,Leads,,\d{4}-\d\d-\d\d,,,100,300,1000$/);
  expect(await cli.run(['export', '--since', '3d', '--out', 'out.csv'])).toEqual({
    code: 0,
    out: '',
    err: '1 meter written to out.csv.\n',
  });
  expect(readFileSync(join(cli.folder, 'out.csv'), 'utf8').trim().split('\r\n')).toHaveLength(3);
  expect(await cli.run(['export', '--out', 'no/such/folder.csv'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('no/such/folder.csv cannot be written'),
  });
});

test('readings by the thousand are written out as they are read: no day is cut in two and none is missing', async () => {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  cli.write('first.csv', 'meter,used,total,observedAt\nleads,0,,2026-06-01T00:00:00Z\n');
  expect((await cli.run(['import', 'first.csv'])).code).toBe(0);
  // Ten days of a reading a minute, each one credit more.
  await runSql(
    databaseUrl,
    `INSERT INTO reading (meter_id, observed_at, used, received_at) SELECT id, timestamptz '2026-06-01T00:00:00Z' + minute * interval '1 minute', minute, now() FROM meter, generate_series(1, 14399) AS minute`,
  );
  const exported = await cli.run(['export', 'leads']);
  const rows = exported.out
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));
  expect(rows.map((row) => [row[5], row[8], row[9]])).toEqual(
    Array.from({ length: 10 }, (_, day) => [
      `2026-06-${String(day + 1).padStart(2, '0')}`,
      day === 0 ? '1439' : '1440',
      String((day + 1) * 1440 - 1),
    ]),
  );
});

test('without figures, and for a meter that is not there, both say so', async () => {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  expect(await cli.run(['export'])).toEqual({ code: 1, out: '', err: 'There are no figures yet.\n' });
  expect(await cli.run(['export', 'nothing'])).toMatchObject({
    code: 1,
    err: 'There is no meter "nothing". All meters: npx creditwatch usage\n',
  });
  expect(await cli.run(['backtest'])).toMatchObject({
    code: 1,
    err: 'There is no meter with figures. All meters: npx creditwatch usage\n',
  });
  expect(await cli.run(['export', '--since', 'someday'])).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/^I don't understand --since ".+"\. For example: 2026-11-01, 30d, last week/),
  });
});
