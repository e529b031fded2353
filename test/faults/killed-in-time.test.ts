import { expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';

const ROUTES = 'routes:\n  - { slack: C0HANGS, meters: [leads], digest: false }\n  - { slack: C0OTHER, meters: [mails], digest: false }\n';

test('killed in the middle of a post: another worker makes it within 15 s, and every other within 7 s', async () => {
  const slack = await connectedSlack();
  const { url: databaseUrl } = await createDatabase();
  const start = (role: 'web' | 'worker') =>
    startProcess({ databaseUrl, dataDir: dataFolder(), file: ROUTES, env: { ...slack.env, ROLE: role } });
  slack.script('chat.postMessage', [{ kind: 'hang', accepted: false }]);
  const web = await start('web');
  const first = await start('worker');
  await web.push({ readings: [readingNow('leads', 800)] });
  await slack.calls.next(({ method }) => method === 'chat.postMessage', 20_000);
  await first.kill();
  const killedAt = Date.now();
  // What it held is free four seconds after its last sign of life.
  const [held] = await runSql(
    databaseUrl,
    'SELECT extract(epoch FROM max(lease_until) - clock_timestamp())::float AS seconds FROM destination',
  );
  expect(held?.['seconds']).toBeLessThanOrEqual(4);
  await start('worker');
  const pushedAt = Date.now();
  await web.push({ readings: [readingNow('mails', 800)] });
  expect((await slack.arrival('C0OTHER', 20_000)).text).toContain('Mails is already at 80%');
  expect(Date.now() - pushedAt).toBeLessThan(7_000);
  expect((await slack.arrival('C0HANGS', 20_000)).text).toContain('Leads is already at 80%');
  expect(Date.now() - killedAt).toBeLessThan(15_000);
  expect(slack.messages()).toHaveLength(2);
}, 60_000);
