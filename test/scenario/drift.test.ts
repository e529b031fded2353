import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { json, startVendor } from '../support/vendor.ts';

const answer = (leads: unknown, seats: number) => json({ leads: { used: leads, total: 1000 }, seats: { used: seats, total: 10 } });

test('a vendor that changes its shape is told once by two replicas and after a restart, its other meters alert, and the end is an edit', async () => {
  const vendor = await startVendor();
  vendor.on('/', answer(700, 5));
  const slack = await connectedSlack();
  const database = await createDatabase();
  const file = `
allowHosts: ["${vendor.host}"]
sources:
  - id: acme
    kind: http
    url: "${vendor.url}/"
    headers: { x-api-key: "\${ACME_KEY}" }
    meters: { leads: { used: leads.used, total: leads.total }, seats: { used: seats.used, total: seats.total } }
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
  - { slack: C0OPERATIONS, operations: true }
`;
  const start = () =>
    startApp({ dataDir: dataFolder(), databaseUrl: database.url, file, env: { ...slack.env, ACME_KEY: 'key-of-the-vendor-1234' } });
  const apps = await Promise.all([start(), start()]);
  const attempts = async () =>
    Number(
      (
        await runSql(
          database.url,
          'SELECT coalesce(extract(epoch FROM last_error_at), 0) + coalesce(extract(epoch FROM last_success_at), 0) AS n FROM poll',
        )
      )[0]?.['n'],
    );
  /** The next poll, now, and its end. */
  const poll = async () => {
    const before = await attempts();
    await runSql(database.url, 'UPDATE poll SET due_at = now()');
    await expect.poll(attempts, { timeout: 20_000 }).not.toBe(before);
  };
  const settled = () =>
    expect
      .poll(
        () =>
          runSql(
            database.url,
            "SELECT kind FROM timer WHERE kind = 'source-problem' UNION ALL SELECT status FROM delivery WHERE status = 'pending'",
          ),
        {
          timeout: 20_000,
        },
      )
      .toEqual([]);
  await poll();
  expect(slack.messages()).toEqual([]);

  vendor.on('/', answer('see our new page', 9));
  await poll();
  const alert = await slack.arrival('C0ALERTS', 20_000);
  expect(shownText(alert.blocks)).toContain('Seats reached 80%');
  await poll();
  const told = await slack.arrival('C0OPERATIONS', 20_000);
  const text = shownText(told.blocks);
  expect(text).toContain('leads: leads.used (used) found a number before and finds text of 16 characters now.');
  expect(text).toContain('meters.leads.used');
  expect(text).not.toContain('see our new page');
  await poll();
  await Promise.all(apps.map((app) => app.stop()));
  await start();
  await poll();
  await settled();
  expect(slack.messages()).toHaveLength(2);

  vendor.on('/', answer(710, 9));
  await poll();
  await expect.poll(() => shownText(told.blocks), { timeout: 20_000 }).toContain('the answer fits again (leads)');

  vendor.on('/', json({ error: 'unauthorized' }, 401));
  await poll();
  const refused = await slack.arrival('C0OPERATIONS', 20_000);
  expect(shownText(refused.blocks)).toContain('ACME_KEY');
  await poll();
  await settled();
  expect(slack.messages()).toHaveLength(3);
}, 90_000);
