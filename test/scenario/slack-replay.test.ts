import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { signedSlackRequest, slashCommand } from '../support/signed-slack-request.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { blockActions, eventCallback } from '../support/slack/interactions.ts';

const SECRET = 'signing-secret-of-the-tests';
const FILE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const REMEMBERED = 'SELECT count(*)::int AS kept FROM slack_request WHERE expires_at > now()';

test('what Slack signed once has one effect, after a restart and in a second web process too', async () => {
  const slack = await connectedSlack({ people: { U0ASKER: { is_admin: true } } });
  const { url: databaseUrl } = await createDatabase();
  const options = () => ({ dataDir: dataFolder(), databaseUrl, file: FILE, env: { ...slack.env, ROLE: 'all' } });
  const [first, second] = [options(), options()];
  const app = await startApp(first);
  await app.push({ readings: [readingNow('leads', 100)] });
  const beside = await startApp({ ...second, env: { ...second.env, ROLE: 'web' } });
  const command = signedSlackRequest(SECRET, slashCommand({ responseUrl: slack.responseUrl(), text: 'resets push month 3' }), {
    at: new Date(),
  });
  const press = signedSlackRequest(
    SECRET,
    { payload: JSON.stringify(blockActions({ actionId: 'share', value: 'leads', responseUrl: slack.responseUrl() })) },
    { at: new Date() },
  );
  const event = signedSlackRequest(
    SECRET,
    JSON.stringify(eventCallback({ type: 'tokens_revoked', tokens: { oauth: [], bot: ['U0BOT'] } })),
    {
      at: new Date(),
      contentType: 'application/json',
    },
  );
  const send = async ({ url }: { readonly url: string }, what: typeof command) => (await fetch(`${url}/slack/events`, what)).status;
  const off = () => runSql(databaseUrl, "SELECT 1 FROM destination WHERE kind = 'slack' AND disabled_reason IS NOT NULL");

  expect([await send(app, command), await send(app, press)]).toEqual([200, 200]);
  await expect.poll(() => slack.told.all.length, { timeout: 10_000 }).toBe(2);
  expect(await send(app, event)).toBe(200);
  await expect.poll(off, { timeout: 10_000 }).toHaveLength(1);
  expect(await runSql(databaseUrl, REMEMBERED)).toEqual([{ kept: 3 }]);
  // This process says so at once; another one has answered by the time at which it knows.
  expect([await send(app, command), await send(app, press), await send(app, event)]).toEqual([401, 401, 401]);

  await runSql(
    databaseUrl,
    "UPDATE destination SET disabled_reason = NULL, disabled_scope = NULL, disabled_since = NULL WHERE kind = 'slack'",
  );
  await runSql(databaseUrl, "UPDATE source SET period_by = 'untouched'");
  expect([await send(beside, command), await send(beside, press), await send(beside, event)]).toEqual([200, 200, 200]);
  await Promise.all([app.stop(), beside.stop()]);
  const restarted = await startApp(first);
  expect([await send(restarted, command), await send(restarted, press), await send(restarted, event)]).toEqual([200, 200, 200]);
  // Slack's own next command is answered: what came before it has been decided about.
  const next = signedSlackRequest(SECRET, slashCommand({ responseUrl: slack.responseUrl() }), { at: new Date() });
  expect(await send(restarted, next)).toBe(200);
  await expect.poll(() => slack.told.all.length, { timeout: 10_000 }).toBe(3);
  await restarted.stop();
  expect(await off()).toEqual([]);
  expect(await runSql(databaseUrl, 'SELECT period_by FROM source')).toEqual([{ period_by: 'untouched' }]);
  expect(slack.told.all).toHaveLength(3);
}, 90_000);
