import { beforeEach, expect, test, vi } from 'vitest';
import { platforms } from '../../src/app/platforms.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { startFakePager } from '../support/pager/fake-pager.ts';
import { pager } from '../support/pager/platform.ts';

vi.setConfig({ testTimeout: 60_000 });

/** All that is done to add a platform: its folder, and this line. */
const withPager = [...platforms, pager];

const FILE = `
admins: ["@olga"]
routes:
  - { pager: desk-7, meters: [seats], digest: false }
`;

let databaseUrl = '';
let dataDir = '';
beforeEach(async () => {
  ({ url: databaseUrl } = await createDatabase());
  dataDir = dataFolder();
});

test('a platform that is a folder and a line gets the alerts of its routes, and those of no route its admins', async () => {
  const service = await startFakePager();
  const env = { PAGER_URL: service.url, PAGER_TOKEN: 'secret-of-the-pager' };
  const app = await startApp({ dataDir, databaseUrl, file: FILE, env, platforms: withPager });
  expect(app.output()).toContain('the pager: its own line, 1 route.');
  // A critical alert waits for no quiet hours of a person.
  const readings = ['seats', 'leads'].map((meter) => ({ meter, used: 1000, total: 1000 }));
  await app.push({ readings });
  await expect.poll(() => service.pagesAt('desk-7').join()).toContain('Seats');
  await expect.poll(() => service.pagesAt('@olga').join()).toContain('Leads');
  expect(service.pagesAt('desk-7').join()).not.toContain('Leads');
  expect(await (await fetch(`${app.url}/pager`)).json()).toEqual({ sites: [] });
});

test('doctor and test know it, and a person of it is one whose id it knows', async () => {
  const service = await startFakePager();
  const env = { PAGER_URL: service.url, PAGER_TOKEN: 'secret-of-the-pager' };
  const cli = commandLine({ dataDir, databaseUrl, env, platforms: withPager });
  cli.write('creditwatch.yml', FILE);
  expect(await cli.run(['test', 'pager:desk-7'])).toMatchObject({ code: 0, out: 'Sent to pager:desk-7.\n' });
  expect(service.pagesAt('desk-7').join()).toContain('Test message from Creditwatch');
  const { out } = await cli.run(['doctor']);
  expect(out).toContain(`✅ Pager: pages through ${service.url}`);
  expect(out).toContain('✅ Route pager:desk-7: on');
  expect(out).not.toContain('secret-of-the-pager');
});

test('where it is not connected, doctor says how, and routes to it print here', async () => {
  const cli = commandLine({ dataDir, databaseUrl, platforms: withPager });
  cli.write('creditwatch.yml', FILE);
  const { out } = await cli.run(['doctor']);
  expect(out).toContain('⚪ the pager: PAGER_URL is not set. The manual of the pager has the steps.');
  expect(out).toContain(
    'There are routes to the pager, but PAGER_URL is not set. Until you set it, their alerts are printed in the terminal.',
  );
});

test.each([
  ['an address that is none', 'routes: [{ pager: "7" }]', 'routes[0].pager: must be a desk such as desk-7, or a person such as @olga'],
  ['no platform at all', 'routes: [{ meters: all }]', 'routes[0]: must name one of slack, teams, workflow or pager'],
  ['a slip in its key', 'accounts: { north: { pagerSite: [a] } }', 'accounts.north.pagerSite: unknown key, did you mean "pagerSites"?'],
])('%s in creditwatch.yml is a mistake that names the line', async (_what, file, mistake) => {
  const cli = commandLine({ dataDir, databaseUrl, platforms: withPager });
  cli.write('creditwatch.yml', file);
  const { code, err } = await cli.run(['doctor']);
  expect([code, err]).toEqual([2, expect.stringContaining(`creditwatch.yml:1 ${mistake}`)]);
});

test('without its line nobody knows it', async () => {
  const cli = commandLine({ dataDir, databaseUrl });
  cli.write('creditwatch.yml', FILE);
  expect((await cli.run(['doctor'])).err).toContain('routes[0].pager: unknown key');
});

test('its people are people: an owner is mentioned there, and one of them is exported and forgotten, and nobody of Slack with that id', async () => {
  const service = await startFakePager();
  const env = { PAGER_URL: service.url, PAGER_TOKEN: 'secret-of-the-pager' };
  const file = `${FILE}sources:\n  - { id: push, kind: push, meters: { seats: { owner: "@olga" } } }\n`;
  const app = await startApp({ dataDir, databaseUrl, file, env, platforms: withPager });
  await app.push({ readings: [{ meter: 'seats', used: 1000, total: 1000 }] });
  await expect.poll(() => service.pagesAt('desk-7').join()).toMatch(/Seats.*@@olga/);
  await runSql(
    databaseUrl,
    "UPDATE alert SET acknowledged_by = 'pager:@olga', requested_by = 'slack:@olga', acknowledged_at = now(), requested_at = now()",
  );
  const cli = commandLine({ dataDir, databaseUrl, env, platforms: withPager });
  const exported = (await cli.run(['person', 'export', '@olga'])).out;
  for (const table of ['account', 'alert', 'meter', 'delivery', 'destination']) expect(exported).toContain(`"${table}": [`);
  expect((await cli.run(['person', 'forget', 'pager:@olga'])).code).toBe(0);
  expect(await runSql(databaseUrl, 'SELECT acknowledged_by, requested_by FROM alert')).toEqual([
    { acknowledged_by: 'somebody', requested_by: 'slack:@olga' },
  ]);
  expect(await runSql(databaseUrl, 'SELECT admins, owner FROM account JOIN meter ON account_id = account.id')).toEqual([
    { admins: [], owner: null },
  ]);
  expect(await runSql(databaseUrl, "SELECT id FROM delivery WHERE 'pager:@olga' = ANY(mentions)")).toEqual([]);
});
