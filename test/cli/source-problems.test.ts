import { expect, test } from 'vitest';
import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { json, startVendor } from '../support/vendor.ts';

test('try says in a sentence which optional meters an answer does not have, and finds nothing wrong with that', async () => {
  const vendor = await startVendor();
  const cycle = { start_date: '2026-11-01T00:00:00Z', end_date: '2026-12-01T00:00:00Z' };
  vendor.on('/', json({ credit_usage_stats: { lead_credit: { limit: 1000, consumed: 10 } }, current_credit_cycle: cycle }));
  const cli = commandLine({ dataDir: dataFolder() });
  cli.write(
    'creditwatch.yml',
    `allowHosts: ["${vendor.host}"]\nsources: [{ id: acme, kind: http, preset: apollo, url: "${vendor.url}/" }]\n`,
  );
  const { out, err, code } = await cli.run(['try', 'acme']);
  expect(out).toContain('10 / 1,000 credits used');
  expect(out).toMatch(/Not in this answer: direct_dial_credit, export_credit, .*\. Not every plan has them, so that is no mistake\./);
  expect([err, code]).toEqual(['', 0]);
});

test('doctor shows when keys expire, and what to do about those that have', async () => {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl, env: { ACME_KEY: 'key-of-the-vendor' } });
  cli.write(
    'creditwatch.yml',
    `sources:
  - { id: acme, kind: http, url: "https://acme.example/", headers: { x-api-key: "\${ACME_KEY}" }, meters: { a: { used: u } }, expires: 2020-01-31 }
  - { id: sender, kind: push, expires: 2098-01-31 }
`,
  );
  const { out } = await cli.run(['doctor']);
  expect(out).toMatch(/❌ Key of acme: expired \d+ days ago \(31 Jan 2020\)\. Make a new key, put it in ACME_KEY, /);
  expect(out).toMatch(/✅ Key of sender: expires in \d+ days \(31 Jan 2098\)\n/);
});
