import oauth from '@slack/oauth';
import { expect, test } from 'vitest';
import { stateSecretOf } from '../../src/slack/install/state.ts';
import { optionalScopes, requiredScopes } from '../../src/slack/api/scopes.ts';
import { dataFolder, startApp, type AppOptions } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { Browser, readable } from '../support/slack/browser.ts';
import { installableSlack } from '../support/slack/connected.ts';
import { PUBLIC_URL, typeCommand, type ConnectedSlack } from '../support/slack/hand-over.ts';
import { CLIENT } from '../support/slack/installs.ts';
import { installText } from '../../src/messages/platforms/slack-install.ts';
import { plainRichText } from '../../src/messages/text/plain.ts';

const FILE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const STORED = 'SELECT team_id, ciphertext FROM slack_installation';

async function installable(options: Partial<AppOptions> = {}) {
  const slack = await installableSlack();
  const database = await createDatabase();
  const all = { dataDir: dataFolder(), databaseUrl: database.url, file: FILE, env: slack.env, ...options };
  const app = await startApp(all);
  return { slack, database, options: all, app, browser: new Browser(slack, app) };
}

/** The text of the last page, as `readable` shows it. */
function textOf(end: Parameters<typeof installText>[0]): string {
  const { title, lines, again } = installText(end, '/usage');
  const shown = lines.map((line) => plainRichText(line, { timeZone: 'UTC', now: new Date() }));
  return [title, ...shown, ...(again === null ? [] : [again])].join('\n');
}

function titleOf(end: Parameters<typeof installText>[0]): string {
  return installText(end, '/usage').title;
}

test('whoever administers is welcomed at once, with what to do next', async () => {
  const { slack, browser } = await installable({ file: `admins: [U0BOSS]\n${FILE}` });
  expect((await browser.install()).status).toBe(200);
  expect((await slack.arrival('U0BOSS', 15_000)).text).toContain("I'm Creditwatch");
}, 60_000);

const exchanges = (slack: ConnectedSlack) => slack.calls.all.filter(({ method }) => method === 'oauth.v2.access').length;
const shownTo = async (slack: ConnectedSlack, app: { url: string }, team: string) =>
  (await (await typeCommand(slack, app, '', { team })).answer()).text;

test('without a token it starts and says where to install the app; once installed, alerts go to Slack without a restart, and no token is in the log or readable in the database', async () => {
  const { slack, database, options, app, browser } = await installable();
  await expect.poll(() => app.output()).toContain(`To install the app in Slack, or again: ${PUBLIC_URL}/slack/install`);
  await app.push({ readings: [readingNow('leads', 850)] });
  await expect.poll(() => app.output(), { timeout: 15_000 }).toContain('Leads is already at 85%');
  expect(app.output()).toContain(`The app is not installed in a Slack workspace. Install the app: ${PUBLIC_URL}/slack/install`);
  expect(await shownTo(slack, app, 'T0ANYBODY')).not.toContain('needs attention');
  expect(slack.calls.all).toEqual([]);

  const { authorize, setCookie } = await browser.begin();
  expect(`${authorize.origin}${authorize.pathname}`).toBe(new URL('../oauth/v2/authorize', slack.apiUrl).href);
  expect(Object.fromEntries(authorize.searchParams)).toMatchObject({
    client_id: CLIENT.id,
    redirect_uri: `${PUBLIC_URL}/slack/oauth_redirect`,
    scope: [...requiredScopes, ...optionalScopes].join(','),
  });
  expect(setCookie).toMatch(/^creditwatch-install=[\w.-]+; Max-Age=600; Path=\/slack; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  const page = await browser.allow(authorize);
  expect([page.status, page.headers.get('cache-control'), page.headers.get('referrer-policy')]).toEqual([200, 'no-store', 'no-referrer']);
  expect(readable(page)).toBe(textOf({ end: 'installed', team: 'T0FAKE', name: 'Fake <T0FAKE>' }));
  expect(page.html).toContain('<h1>Creditwatch is in Fake &#60;T0FAKE&#62;</h1>');

  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is at 85%');
  await app.push({ readings: [readingNow('mails', 850)] });
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Mails is already at 85%');
  expect(await shownTo(slack, app, 'T0FAKE')).toContain('Leads');
  expect(await shownTo(slack, app, 'T0OTHER')).not.toContain('Leads');

  const again = await browser.install();
  expect(again.status).toBe(200);
  slack.calls.all.splice(0);
  await app.push({ readings: [readingNow('seats', 850)] });
  await slack.arrival('C0ALERTS', 15_000);
  expect(slack.calls.all.map(({ token }) => token)).toContain('xoxb-2-granted-to-T0FAKE');
  expect(slack.calls.all.map(({ token }) => token)).not.toContain('xoxb-1-granted-to-T0FAKE');
  await app.stop();
  const restarted = await startApp(options);
  await restarted.push({ readings: [readingNow('other', 850)] });
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Other is already at 85%');

  for (const secret of ['granted-to', CLIENT.secret, 'code-1', authorize.searchParams.get('state') ?? ''])
    expect(app.output() + restarted.output()).not.toContain(secret);
  expect(JSON.stringify(await runSql(database.url, STORED))).not.toContain('granted');
  expect(await runSql(database.url, STORED)).toEqual([{ team_id: 'T0FAKE', ciphertext: expect.stringMatching(/^v1\./) }]);
}, 90_000);

test('a link that was not begun in this browser, was used, is too old or was forged ends before Slack is asked, with a way to start again; nothing is stored', async () => {
  const { slack, database, app, browser } = await installable();
  const stale = textOf({ end: 'stale' });
  const signed = new oauth.ClearStateStore(stateSecretOf(CLIENT.secret));
  const stateOf = (at: number) =>
    signed.generateStateParam({ scopes: [], redirectUri: `${PUBLIC_URL}/slack/oauth_redirect` }, new Date(at));
  const stranger = new Browser(slack, app);

  const { authorize } = await browser.begin();
  const foreign = await stranger.allow(authorize);
  const unstated = await browser.back((await browser.begin()).authorize, { code: 'code' }, null);
  const codeless = await browser.back((await browser.begin()).authorize, {});
  const others = await browser.back((await browser.begin()).authorize, { code: 'code' }, await stateOf(Date.now()));
  const forged = await browser.backWith(await new oauth.ClearStateStore('somebody else').generateStateParam({ scopes: [] }, new Date()));
  const old = await browser.backWith(await stateOf(Date.now() - 602_000));
  for (const page of [foreign, unstated, codeless, others, forged, old]) expect([page.status, readable(page)]).toEqual([400, stale]);
  expect(exchanges(slack)).toBe(0);

  const fresh = await stateOf(Date.now() - 598_000);
  expect((await browser.backWith(fresh)).status).toBe(200);
  expect([(await browser.backWith(fresh)).status, exchanges(slack)]).toEqual([400, 1]);
  expect(await runSql(database.url, STORED)).toHaveLength(1);
}, 60_000);

test('declined, a code that Slack does not take, Slack away or refusing, a whole organisation: each says so with the next step, and nothing is stored', async () => {
  const { slack, database, app, browser } = await installable();
  const back = async (said: Record<string, string>) => browser.back((await browser.begin()).authorize, said);
  const allow = async (options = {}) => browser.allow((await browser.begin()).authorize, options);
  const ends = async (page: Promise<{ status: number; html: string; headers: Headers }>) => [
    (await page).status,
    readable(await page).split('\n')[0],
  ];

  expect(await ends(back({ error: 'access_denied' }))).toEqual([403, titleOf({ end: 'denied' })]);
  expect(exchanges(slack)).toBe(0);
  expect(await ends(back({ code: 'never-given-out' }))).toEqual([400, titleOf({ end: 'stale' })]);
  expect(await ends(allow({ organisation: true }))).toEqual([400, titleOf({ end: 'organization' })]);
  slack.script('oauth.v2.access', [
    { kind: 'status', status: 500 },
    { kind: 'drop', accepted: true },
    { kind: 'error', error: 'bad_client_secret' },
  ]);
  expect(await ends(allow())).toEqual([502, titleOf({ end: 'slack-away' })]);
  expect(await ends(allow())).toEqual([502, titleOf({ end: 'slack-away' })]);
  expect(await ends(allow())).toEqual([502, titleOf({ end: 'slack-refused' })]);
  slack.script('auth.test', [{ kind: 'status', status: 503 }]);
  expect(await ends(allow())).toEqual([502, titleOf({ end: 'slack-away' })]);
  expect(exchanges(slack)).toBe(6);
  expect(app.output()).toContain('bad_client_secret');
  expect(await runSql(database.url, STORED)).toEqual([]);
  expect(app.output()).not.toContain('granted-to');
  expect((await browser.install()).status).toBe(200);
}, 60_000);

test('a second workspace is refused and gets nothing, and the first goes on; one that creditwatch.yml does not name is refused too', async () => {
  const { slack, database, app, browser } = await installable({
    file: `accounts: { default: { slackTeams: [T0FAKE, T0SECOND], ${FILE.replace('routes:\n  - ', 'routes: [').trim()}] } }\n`,
  });
  expect((await browser.install('T0NOBODY')).status).toBe(403);
  expect(await runSql(database.url, STORED)).toEqual([]);
  expect((await browser.install()).status).toBe(200);
  const second = await browser.install('T0SECOND');
  expect([second.status, readable(second).split('\n')[0]]).toEqual([
    409,
    titleOf({ end: 'other-workspace', team: 'T0SECOND', name: 'Second' }),
  ]);
  await app.push({ readings: [readingNow('leads', 850)] });
  await slack.arrival('C0ALERTS', 15_000);
  expect(
    slack.calls.all.filter(({ method, channel }) => method === 'chat.postMessage' && channel === 'C0ALERTS').map(({ token }) => token),
  ).toEqual(['xoxb-2-granted-to-T0FAKE']);
  expect(await shownTo(slack, app, 'T0SECOND')).not.toContain('needs attention');
}, 60_000);

test('of several processes each knows of an install that another took: the worker posts, and the second web process answers', async () => {
  const slack = await installableSlack();
  const database = await createDatabase();
  const start = (ROLE: string) => startApp({ dataDir: dataFolder(), databaseUrl: database.url, file: FILE, env: { ...slack.env, ROLE } });
  const [web, other, worker] = [await start('web'), await start('web'), await start('worker')];
  await web.push({ readings: [readingNow('leads', 850)] });
  await expect.poll(() => worker.output(), { timeout: 15_000 }).toContain('Leads is already at 85%');
  expect((await new Browser(slack, web).install()).status).toBe(200);
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is at 85%');
  await expect.poll(() => shownTo(slack, other, 'T0FAKE'), { timeout: 10_000 }).toContain('needs attention');

  // The first message to the installer is out, so that nothing but the new figures waits for the new token.
  await slack.arrival('U0INSTALLER', 15_000);
  // The worker still holds the first token when the second comes.
  slack.installs.end('T0FAKE', 'token_revoked');
  expect((await new Browser(slack, other).install()).status).toBe(200);
  await web.push({ readings: [readingNow('mails', 850)] });
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Mails is already at 85%');
  expect(worker.output()).not.toContain('I can no longer post in Slack\nThe token was revoked');
}, 90_000);

test('a token that Slack refuses without having told of it: it is said once with the address to install at, 30 days begin, and installing again ends both', async () => {
  const { slack, database, app, browser } = await installable();
  const purges = () => runSql(database.url, "SELECT subject FROM timer WHERE kind = 'purge'");
  expect((await browser.install()).status).toBe(200);
  slack.installs.end('T0FAKE', 'token_revoked');
  await app.push({ readings: [readingNow('leads', 850)] });
  await expect
    .poll(() => app.output(), { timeout: 15_000 })
    .toContain(`The token was revoked (token_revoked). Install the app: ${PUBLIC_URL}/slack/install`);
  expect(await purges()).toEqual([{ subject: 'slack' }]);
  expect((await browser.install()).status).toBe(200);
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is at 85%');
  expect(await purges()).toEqual([]);
}, 60_000);
