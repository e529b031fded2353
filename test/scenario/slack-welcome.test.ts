import { describe, expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { Browser } from '../support/slack/browser.ts';
import { connectedSlack, installableSlack, shownText } from '../support/slack/connected.ts';
import { buttonLabels, pressButton, TRANSPORTS } from '../support/slack/hand-over.ts';

const LEAST = ['commands', 'chat:write'];

describe.each(TRANSPORTS)('a start that Slack takes the token of, over %s', (transport) => {
  test('welcomes the admins alone, once: two at once and a restart say nothing more', async () => {
    const slack = await connectedSlack({ transport, scopes: LEAST });
    const { url: databaseUrl } = await createDatabase();
    const start = () => startApp({ dataDir: dataFolder(), databaseUrl, file: 'admins: [U0OLGA]\n', env: slack.env });
    const [app, other] = await Promise.all([start(), start()]);
    const welcome = await slack.arrival('U0OLGA', 15_000);
    expect(shownText(welcome.blocks)).toContain(
      "I'm Creditwatch. I tell you when bought credits run low and answer /usage. I read no messages.\n1 Figures: ",
    );
    expect(buttonLabels(welcome.blocks)).toEqual(['Paste usage page', 'All credits']);
    await pressButton(slack, app, { blocks: welcome.blocks, channel: 'D0OLGA' }, 'Paste usage page', { user: 'U0OLGA' });
    expect((await slack.views.next(() => true, 10_000)).view).toMatchObject({ title: { text: 'Paste usage page' } });
    await Promise.all([app.stop(), other.stop()]);

    const asked = () => slack.calls.all.filter(({ method }) => method === 'auth.test').length;
    const before = asked();
    const again = await start();
    await expect.poll(asked, { timeout: 10_000 }).toBeGreaterThan(before);
    await again.stop();
    expect(slack.messages()).toHaveLength(1);
  }, 60_000);

  test('with the scope to look its messages up it does not say that it reads none', async () => {
    const slack = await connectedSlack({ transport });
    await startApp({ dataDir: dataFolder(), databaseUrl: (await createDatabase()).url, file: 'admins: [U0OLGA]\n', env: slack.env });
    expect((await slack.arrival('U0OLGA', 15_000)).text).toContain('I read channel history only to find my own messages.');
  }, 60_000);
});

test('whoever installs the app in the browser is welcomed where no admin is named, once, though they install it again', async () => {
  const slack = await installableSlack();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: (await createDatabase()).url, file: '', env: slack.env });
  const browser = new Browser(slack, app);
  expect((await browser.install()).status).toBe(200);
  expect((await slack.arrival('U0INSTALLER', 15_000)).text).toContain('Until step 2, alerts are printed in the terminal.');
  const asked = () => slack.calls.all.filter(({ method }) => method === 'auth.test').length;
  const before = asked();
  expect((await browser.install()).status).toBe(200);
  await expect.poll(asked, { timeout: 10_000 }).toBeGreaterThan(before);
  await app.stop();
  expect(slack.messages()).toHaveLength(1);
}, 60_000);
