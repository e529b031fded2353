import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { Browser } from '../support/slack/browser.ts';
import { installableSlack } from '../support/slack/connected.ts';
import { pressButton, tellEvent, typeCommand } from '../support/slack/hand-over.ts';
import { eventCallback } from '../support/slack/interactions.ts';

const UNINSTALLED = { type: 'app_uninstalled' };
const REVOKED = { type: 'tokens_revoked', tokens: { oauth: [], bot: ['U0BOT'] } };
const FILE = 'admins: [U0ANNA]\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const PURGES = "SELECT round(extract(epoch FROM due_at - now()) / 86400)::int AS days FROM timer WHERE kind = 'purge'";
const INSTALLED = 'SELECT team_id, ciphertext IS NOT NULL AS token FROM slack_installation';
const THIRTY_DAYS_LATER =
  "UPDATE attempt SET started_at = started_at - interval '30 days'; UPDATE timer SET due_at = due_at - interval '30 days' WHERE kind = 'purge'";

test.each([
  ['uninstalled and then revoked', 'http', [UNINSTALLED, REVOKED]],
  ['revoked and then uninstalled', 'socket', [REVOKED, UNINSTALLED]],
] as const)(
  '%s, each told twice, over %s: the token goes at once and all else in 30 days; installing again within them keeps it all, and another workspace sees none of it',
  async (_order, transport, events) => {
    const slack = await installableSlack({ transport });
    const { url } = await createDatabase();
    const options = { dataDir: dataFolder(), databaseUrl: url, file: FILE, env: slack.env };
    let app = await startApp(options);
    let browser = new Browser(slack, app);
    const removed = async (told: readonly Readonly<Record<string, unknown>>[]) => {
      slack.installs.end('T0FAKE', 'account_inactive');
      for (const event of told) await tellEvent(slack, app, eventCallback(event, { at: new Date(Date.now() + 1000) }));
      await expect.poll(() => runSql(url, INSTALLED), { timeout: 10_000 }).toEqual([{ team_id: 'T0FAKE', token: false }]);
    };
    const shownTo = async (team: string) => (await (await typeCommand(slack, app, '', { team })).answer()).text;

    expect((await browser.install()).status).toBe(200);
    await typeCommand(slack, app, 'subscribe all', { channel: 'C0SALES', user: 'U0ANNA' });
    expect((await slack.arrival('C0SALES', 15_000)).text).toContain('turned on credit alerts here');
    await app.push({ readings: [readingNow('leads', 850)] });
    const alert = await slack.arrival('C0ALERTS', 15_000);
    await slack.arrival('C0SALES', 15_000);
    await pressButton(slack, app, alert, "I'm on it", { user: 'U0ANNA', channel: 'C0ALERTS' });
    await expect
      .poll(() => runSql(url, 'SELECT acknowledged_by FROM alert'), { timeout: 10_000 })
      .toEqual([{ acknowledged_by: 'slack:U0ANNA' }]);

    await removed([...events, ...events]);
    expect(await runSql(url, PURGES)).toEqual([{ days: 30 }]);
    await app.push({ readings: [readingNow('mails', 850)] });
    await expect.poll(() => app.output(), { timeout: 15_000 }).toContain('Mails is already at 85%');
    expect(app.output().split('I can no longer post in Slack')).toHaveLength(2);
    expect(slack.messages().filter(({ text }) => text.includes('Mails'))).toEqual([]);
    expect((await browser.install('T0SECOND')).status).toBe(409);

    await app.stop();
    app = await startApp(options);
    browser = new Browser(slack, app);
    expect(await runSql(url, PURGES)).toEqual([{ days: 30 }]);
    expect((await browser.install()).status).toBe(200);
    await expect
      .poll(
        async () =>
          slack
            .messages('C0SALES')
            .map(({ text }) => text)
            .join(),
        { timeout: 15_000 },
      )
      .toContain('Mails');
    expect([await runSql(url, PURGES), await runSql(url, INSTALLED)]).toEqual([[], [{ team_id: 'T0FAKE', token: true }]]);
    expect(await shownTo('T0FAKE')).toContain('Credits');

    await removed(events);
    await runSql(url, THIRTY_DAYS_LATER);
    await expect.poll(() => runSql(url, INSTALLED), { timeout: 15_000 }).toEqual([]);
    expect(await runSql(url, "SELECT address FROM destination WHERE kind = 'slack'")).toEqual([]);
    expect(
      await runSql(
        url,
        "SELECT id FROM notification WHERE snapshot::text ~ 'U0ANNA' UNION ALL SELECT id FROM alert WHERE acknowledged_by IS NOT NULL",
      ),
    ).toEqual([]);
    expect(await runSql(url, 'SELECT key FROM meter ORDER BY key')).toEqual([{ key: 'leads' }, { key: 'mails' }]);

    expect((await browser.install('T0SECOND')).status).toBe(200);
    expect([await shownTo('T0SECOND'), await shownTo('T0FAKE')]).toEqual([
      expect.stringContaining('Credits'),
      expect.not.stringContaining('Credits'),
    ]);
    expect((await browser.install()).status).toBe(409);
    await app.push({ readings: [readingNow('seats', 850)] });
    await expect
      .poll(
        () =>
          slack
            .messages('C0ALERTS')
            .map(({ text }) => text)
            .join(),
        { timeout: 15_000 },
      )
      .toContain('Seats is already at 85%');
    expect(slack.calls.all.filter(({ method }) => method === 'chat.postMessage').at(-1)?.token).toMatch(/-granted-to-T0SECOND$/);
    expect(slack.messages('C0SALES').filter(({ text }) => text.includes('Seats'))).toEqual([]);
    expect(app.output()).not.toContain('granted-to');
  },
  120_000,
);
