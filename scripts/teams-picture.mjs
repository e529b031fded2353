/**
 * Draws docs/pictures/teams-*.png: a chat, a phone and a channel, as Microsoft's Agents Playground shows them. Start the playground
 * outside this repository (it is licensed for evaluation only, and not a dependency):
 *
 *   npx @microsoft/m365agentsplayground@0.2.28 -e http://127.0.0.1:3977/api/messages -c msteams
 *   npm run build && npm run teams:picture -- http://127.0.0.1:56150
 *
 * It runs Creditwatch with a temporary data folder, and clicks through a channel: the mention, the alert, a click on a button, the
 * worse alert, the recovery and the removal.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORT = '3977';
const KEY = 'ingest-key-of-the-picture';
const DAY_MS = 24 * 60 * 60 * 1000;
/** The usage on each of the last days, before today. */
const PAST = [644_200, 658_700, 673_400, 687_600, 702_300, 716_100, 729_900, 744_800, 759_600, 773_900];
const TODAY = 788_300;
const [playground = 'http://127.0.0.1:56150'] = process.argv.slice(2);

const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-teams-picture-'));
// Chats show early afternoon at any time of the run, because at night quiet hours would hold a warning until morning. (On weekends
// they still do.)
const ahead = 14 - new Date().getUTCHours();
const timezoneId = `Etc/GMT${ahead <= 0 ? '+' : '-'}${Math.abs(ahead)}`;
writeFileSync(join(dataDir, 'creditwatch.yml'), `timezone: ${timezoneId}\n`);
const service = spawn(process.execPath, [join(ROOT, 'dist/main.js'), 'start'], {
  cwd: dataDir,
  env: { ...process.env, DATA_DIR: dataDir, PORT, TEAMS_ALLOW_ANONYMOUS: 'true', INGEST_KEY: KEY },
  stdio: ['ignore', 'pipe', 'ignore'],
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  await listening();
  for (const [index, used] of PAST.entries())
    await push(used, { observedAt: new Date(Date.now() - (PAST.length - index) * DAY_MS).toISOString() });
  await push(TODAY);
  const page = await browser.newPage({ viewport: { width: 1280, height: 2400 }, deviceScaleFactor: 1.5, timezoneId });
  await page.goto(playground);
  await inChat(page);
  await onPhone();
  await inChannel(page);
} finally {
  await browser.close();
  service.kill('SIGTERM');
  await once(service, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}

/** The welcome, an answer, and an acknowledged alert. */
async function inChat(page) {
  await page.getByRole('button', { name: 'Alerts to me' }).click({ timeout: 30_000 });
  await page.getByText('You get credit alerts here').waitFor();
  await push(803_412);
  await page.getByRole('button', { name: "I'm on it" }).click({ timeout: 30_000 });
  await page.getByText('is on it,').waitFor();
  await hideNotes(page);
  const { height } = await page
    .locator('.ac-adaptiveCard')
    .last()
    .evaluate((card) => ({ height: card.getBoundingClientRect().bottom }));
  await page.screenshot({ path: picture('chat'), clip: { x: 332, y: 50, width: 616, height: Math.ceil(height) + 40 } });
  for (const [command, name] of [
    ['usage', 'overview'],
    ['usage apollo', 'detail'],
    ['usage digest now', 'digest'],
  ]) {
    const answer = page.locator('.ac-adaptiveCard').nth(await page.locator('.ac-adaptiveCard').count());
    await page.getByRole('textbox').last().click();
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
    await draw(page, name, answer);
  }
}

/**
 * The same cards on a narrow dark screen without charts: rendered by Microsoft's own renderer for Adaptive Cards, which only knows
 * the standard, in colours like those of Teams.
 */
async function onPhone() {
  const cards = [];
  const teams = createServer(async (request, response) => {
    // Before it answers, Creditwatch asks who the person is.
    if (request.method === 'GET')
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"phone","userRole":"user"}');
    cards.push(JSON.parse(await text(request)).attachments[0].content);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"1"}');
  }).listen(0, '127.0.0.1');
  await once(teams, 'listening');
  const conversation = { id: 'a:phone', conversationType: 'personal' };
  for (const command of ['usage', 'usage apollo']) {
    const activity = {
      type: 'message',
      id: command,
      channelId: 'msteams',
      serviceUrl: `http://127.0.0.1:${teams.address().port}/`,
      from: { id: 'phone', name: 'Alex Wilber' },
      recipient: { id: 'bot' },
      conversation,
      text: command,
    };
    const before = cards.length;
    await fetch(`http://127.0.0.1:${PORT}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
    });
    for (let tries = 0; cards.length === before && tries < 100; tries += 1) await setTimeout(100);
  }
  teams.close();
  teams.closeAllConnections();
  const page = await browser.newPage({ viewport: { width: 360, height: 1600 }, deviceScaleFactor: 1.5, timezoneId });
  await page.setContent(
    '<!doctype html><style>body{margin:0;padding:10px;display:grid;gap:10px;background:#1f1f1f}.card{border-radius:8px;overflow:hidden}button{background:none;color:#fff;border:1px solid #666;border-radius:4px;padding:7px 12px;font:600 14px sans-serif}</style>',
  );
  await page.addScriptTag({ path: fileURLToPath(import.meta.resolve('adaptivecards/dist/adaptivecards.min.js')) });
  await page.evaluate((all) => {
    const colours = { default: { default: '#ffffff', subtle: '#adadad' } };
    const style = (backgroundColor) => ({ backgroundColor, foregroundColors: colours });
    const hostConfig = new AdaptiveCards.HostConfig({
      fontFamily: 'sans-serif',
      spacing: { small: 6, default: 10, padding: 14 },
      actions: { actionsOrientation: 'horizontal', buttonSpacing: 8, maxActions: 6 },
      containerStyles: {
        default: style('#292929'),
        emphasis: style('#333333'),
        warning: style('#4a3500'),
        attention: style('#4f1d1d'),
        good: style('#1b3a1b'),
        accent: style('#2b2b4a'),
      },
    });
    for (const one of all) {
      const card = new AdaptiveCards.AdaptiveCard();
      card.hostConfig = hostConfig;
      card.parse(one);
      const shown = card.render();
      shown.className += ' card';
      document.body.append(shown);
    }
  }, cards);
  const { y, height } = await page.locator('.card').last().boundingBox();
  await page.screenshot({ path: picture('phone'), clip: { x: 0, y: 0, width: 360, height: Math.ceil(y + height) + 10 } });
  await page.close();
}

/** One thread for each alert; the older one links to the newer one. */
async function inChannel(page) {
  await page.getByText('Announcements').first().click();
  await page.getByText('mention me').waitFor();
  await mention(page, 'usage subscribe all');
  await page.getByText('turned on credit alerts here').waitFor();
  await push(1_000_214);
  await page.getByText('is used up (100%)').first().waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Snooze' }).first().click();
  await page.getByText('Snoozed by').first().waitFor({ timeout: 30_000 });
  await draw(page, 'alert', page.locator('.ac-adaptiveCard', { hasText: 'is used up (100%)' }).first());
  await push(1_000_214, { total: 2_500_000 });
  await page.getByText('is fine again').first().waitFor({ timeout: 30_000 });
  await page.getByText('Topped up').first().waitFor({ timeout: 30_000 });
  await draw(page, 'recovered', page.locator('.ac-adaptiveCard', { hasText: 'is fine again' }).first());
  await page.getByRole('button', { name: 'Mock an Activity' }).click();
  await page.locator('[role=menuitem]', { hasText: 'Uninstall application' }).click();
  await page
    .getByRole('button', { name: 'Send activity' })
    .click({ timeout: 3000 })
    .catch(() => undefined);
}

/** Hides the playground's notes under cards about what it does not support. Teams shows no such notes. */
async function hideNotes(page) {
  await page.getByText('User specific view is not supported yet').evaluateAll((notes) => {
    for (const note of notes) {
      let all = note;
      while (all.parentElement?.textContent?.trim() === note.textContent?.trim()) all = all.parentElement;
      all.style.setProperty('display', 'none');
    }
  });
}

async function draw(page, name, card) {
  await card.waitFor({ timeout: 30_000 });
  await hideNotes(page);
  // Content that is still rendering has no height.
  await page.waitForTimeout(1000);
  await card.screenshot({ path: picture(name) });
}

/** In a channel the bot only receives messages that mention it. */
async function mention(page, text) {
  await page.getByRole('textbox').first().click();
  await page.keyboard.type('@');
  await page.getByRole('listbox').getByText('Test Bot').click();
  await page.keyboard.type(` ${text}`);
  await page.getByRole('button', { name: 'Post' }).click();
}

function picture(name) {
  return join(ROOT, `docs/pictures/teams-${name}.png`);
}

async function listening() {
  let said = '';
  service.stdout.on('data', (chunk) => (said += chunk));
  while (!said.includes('listens on')) await once(service.stdout, 'data');
}

async function push(used, { total = 1_000_000, ...more } = {}) {
  const readings = [
    { meter: 'apollo_contacts', used, total },
    { meter: 'campaigns', used: 494_936, total: 1_000_000_000 },
    { meter: 'open_ai', used: 4_984_062, total: 1_500_000_000 },
    { meter: 'abmatic_accounts', used: 24_171, total: 4_000_000 },
    { meter: 'abmatic_contacts', used: 40_982, total: 20_000_000 },
    { meter: 'abmatic_ip_reveal', used: 379_180, total: 100_000_000 },
  ].map((reading) => ({ ...reading, ...more }));
  const answer = await fetch(`http://127.0.0.1:${PORT}/v1/usage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source: 'abmatic', readings }),
  });
  if (answer.status !== 202) throw new Error(`the figures were refused: ${answer.status}`);
}
