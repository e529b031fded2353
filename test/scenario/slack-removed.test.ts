import { describe, expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { pressButton, tellEvent, TRANSPORTS, typeCommand } from '../support/slack/hand-over.ts';
import { eventCallback } from '../support/slack/interactions.ts';

const UNINSTALLED = { type: 'app_uninstalled' };
const REVOKED = { type: 'tokens_revoked', tokens: { oauth: [], bot: ['U0BOT'] } };
const FILE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';
const PURGES = "SELECT kind, subject, round(extract(epoch FROM due_at - now()) / 86400)::int AS days FROM timer WHERE kind = 'purge'";

describe.each(TRANSPORTS)('the app removed from its workspace, over %s', (transport) => {
  async function start() {
    const slack = await connectedSlack({ transport });
    const database = await createDatabase();
    const options = { dataDir: dataFolder(), databaseUrl: database.url, file: FILE, env: slack.env };
    return { slack, database, options, app: await startApp(options) };
  }

  test.each([
    ['uninstalled first', [UNINSTALLED, REVOKED, UNINSTALLED, REVOKED]],
    ['the token first', [REVOKED, UNINSTALLED, REVOKED, UNINSTALLED]],
  ])(
    '%s, each told twice: nothing is posted any more, it is said once, and the purge is due in 30 days; a start with a token that works ends all that',
    async (_order, events) => {
      const { slack, database, options, app } = await start();
      for (const event of events) expect(await tellEvent(slack, app, eventCallback(event))).toBe(200);
      await expect.poll(() => runSql(database.url, PURGES), { timeout: 10_000 }).toEqual([{ kind: 'purge', subject: 'slack', days: 30 }]);
      await app.push({ readings: [readingNow('leads', 850)] });
      await expect.poll(() => app.output(), { timeout: 15_000 }).toContain('Leads is already at 85%');
      expect(app.output().split('I can no longer post in Slack')).toHaveLength(2);
      expect(slack.messages()).toEqual([]);
      await app.stop();

      await startApp(options);
      expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is at 85%');
      await expect.poll(() => runSql(database.url, PURGES), { timeout: 10_000 }).toEqual([]);
    },
    60_000,
  );

  test('the same event four times, at once: said once, and one purge', async () => {
    const { slack, database, app } = await start();
    const event = eventCallback(UNINSTALLED);
    // Slack signs every delivery anew: the same bytes in the same second would be a replay.
    expect(await Promise.all([1, 2, 3, 4].map((delivery) => tellEvent(slack, app, { ...event, delivery })))).toEqual([200, 200, 200, 200]);
    await expect.poll(() => app.output(), { timeout: 15_000 }).toContain('I can no longer post in Slack');
    await app.stop();
    expect(app.output().split('I can no longer post in Slack')).toHaveLength(2);
    expect(await runSql(database.url, PURGES)).toEqual([{ kind: 'purge', subject: 'slack', days: 30 }]);
  }, 60_000);

  test('told again hours late, of an installation before this start, changes nothing', async () => {
    const { slack, app } = await start();
    await expect.poll(() => slack.calls.all.some(({ method }) => method === 'auth.test')).toBe(true);
    await expect
      .poll(
        async () =>
          (await tellEvent(slack, app, eventCallback(UNINSTALLED, { at: new Date(Date.now() - 3_600_000) }))) === 200 &&
          app.output().includes('ignored Slack event of a replaced installation'),
        { timeout: 10_000 },
      )
      .toBe(true);
    await app.push({ readings: [readingNow('leads', 850)] });
    expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is already at 85%');
  }, 60_000);

  test('the token of a person, and the app in a workspace that no account has, change nothing; the name of the command outlives a restart', async () => {
    const { slack, database, options, app } = await start();
    await tellEvent(slack, app, eventCallback({ type: 'tokens_revoked', tokens: { oauth: ['U0ANNA'], bot: [] } }));
    await expect.poll(() => slack.calls.all.some(({ method }) => method === 'auth.test')).toBe(true);
    await (await typeCommand(slack, app, 'help')).answer();
    await tellEvent(slack, app, eventCallback(UNINSTALLED, { team: 'T0OTHER' }));
    await app.push({ readings: [readingNow('leads', 850)] });
    const alert = await slack.arrival('C0ALERTS');
    await (await typeCommand(slack, app, 'help', { command: '/credits' })).answer();
    await expect.poll(() => runSql(database.url, 'SELECT slack_command FROM account')).toEqual([{ slack_command: '/credits' }]);
    await app.stop();
    expect(await runSql(database.url, PURGES)).toEqual([]);

    const again = await startApp(options);
    await again.push({ readings: [readingNow('other', 10)] });
    expect(alert.text).toContain('Leads');
    const help = await (await pressButton(slack, again, { blocks: HELP_BUTTON }, 'Help')).answer();
    expect(JSON.stringify(help.body['blocks'])).toContain('/credits apollo');
  }, 60_000);
});

const HELP_BUTTON = [
  { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Help' }, action_id: 'show', value: 'help' }] },
];
