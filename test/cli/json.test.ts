import { expect, test, vi } from 'vitest';
import { dataFolder } from '../support/app.ts';
import { commandLine, programOf } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { startVendor } from '../support/vendor.ts';

vi.setConfig({ testTimeout: 90_000 });

const row = {
  account: 'default',
  source: 'abmatic',
  meter: 'apollo_contacts',
  label: '=Apollo "Contacts", all',
  unit: 'credits',
  day: '2026-11-23',
  period: null,
  consumed: 0,
  used: 1614,
  total: null,
};

/** What each command that prints figures, or findings, prints with --json. */
const PRINTED: Readonly<Record<string, unknown>> = {
  usage: { meters: [{ meter: 'apollo_contacts', used: 1614, total: null }] },
  'usage apollo': { meters: [{ used: 1614 }] },
  'usage history apollo': { meter: 'apollo_contacts' },
  'usage check apollo 50k': { answers: [{ verdict: 'unlimited' }] },
  'usage alerts': { open: [], closed: [] },
  export: { rows: [row] },
  'export apollo': { rows: [row] },
  backtest: { alerts: [], meters: 1 },
  presets: {
    presets: expect.arrayContaining([expect.objectContaining({ name: 'openrouter' })]),
    pages: expect.arrayContaining([expect.objectContaining({ source: 'zapier' })]),
  },
  audit: { entries: expect.arrayContaining([expect.objectContaining({ action: 'import' })]) },
  doctor: { findings: expect.arrayContaining([expect.objectContaining({ what: 'Configuration' })]) },
  'try acme': { source: 'acme', meters: [{ meter: 'leads', used: 10, total: 100 }] },
};

test('every command that prints figures prints JSON where it is asked to', async () => {
  const { url: databaseUrl } = await createDatabase();
  const vendor = await startVendor();
  vendor.on('/credits', (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"used":10,"total":100}'),
  );
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  cli.write(
    'creditwatch.yml',
    `allowHosts: ["${vendor.host}"]
sources:
  - { id: acme, kind: http, url: "${vendor.url}/credits", meters: { leads: { used: used, total: total } } }
`,
  );
  const reading = {
    meter: 'apollo_contacts',
    label: row.label,
    unit: 'credits',
    used: 1614,
    total: null,
    observedAt: '2026-11-23T08:00:00Z',
  };
  await cli.run(['import', '-'], { input: JSON.stringify({ source: 'abmatic', readings: [reading] }) });
  const again = await cli.run(['import', '-', '--json'], {
    input: JSON.stringify({ source: 'abmatic', readings: [{ ...reading, observedAt: '2026-11-23T09:00:00Z' }] }),
  });
  expect(JSON.parse(again.out)).toMatchObject({ source: 'abmatic', isWhole: true, accepted: 1, duplicates: 0, refused: 0, notes: [] });
  for (const [typed, printed] of Object.entries(PRINTED)) {
    const { out, err } = await cli.run([...typed.split(' '), '--json']);
    expect(() => JSON.parse(out), `${typed}: ${out}${err}`).not.toThrow();
    expect(JSON.parse(out), typed).toMatchObject(Object(printed));
  }
});

test('every other command is one that prints no figures', () => {
  const none = ['start', 'demo', 'migrate', 'test', 'account', 'completion'];
  const withoutJson = programOf()
    .commands.filter(({ options }) => options.every(({ long }) => long !== '--json'))
    .map((command) => command.name());
  expect(withoutJson).toEqual(none);
});
