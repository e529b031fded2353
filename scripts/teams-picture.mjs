/**
 * Draws docs/pictures/teams-chat.png: the welcome, an answer and an alert that somebody is on, as Microsoft's Agents Playground
 * shows them. Start the playground outside this repository (it is licensed for evaluation only, and is no dependency):
 *
 *   npx @microsoft/m365agentsplayground@0.2.28 -e http://127.0.0.1:3977/api/messages -c msteams
 *   npm run build && npm run teams:picture -- http://127.0.0.1:56150
 *
 * It runs Creditwatch itself, with a data folder that goes away.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORT = '3977';
const KEY = 'ingest-key-of-the-picture';
const [playground = 'http://127.0.0.1:56150'] = process.argv.slice(2);

const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-teams-picture-'));
const service = spawn(process.execPath, [join(ROOT, 'dist/main.js'), 'start'], { cwd: dataDir, env: { ...process.env, DATA_DIR: dataDir, PORT, TEAMS_ALLOW_ANONYMOUS: 'true', INGEST_KEY: KEY }, stdio: ['ignore', 'pipe', 'ignore'] });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
try {
  await listening();
  await push(600_000);
  const page = await browser.newPage({ viewport: { width: 1280, height: 1360 }, deviceScaleFactor: 1.5 });
  await page.goto(playground);
  await page.getByRole('button', { name: 'Alerts to me' }).click({ timeout: 30_000 });
  await page.getByText('You get credit alerts here').waitFor();
  await push(803_412);
  await page.getByRole('button', { name: "I'm on it" }).click({ timeout: 30_000 });
  await page.getByText('is on it,').waitFor();
  await page.screenshot({ path: join(ROOT, 'docs/pictures/teams-chat.png'), clip: { x: 332, y: 50, width: 616, height: 1180 } });
} finally {
  await browser.close();
  service.kill('SIGTERM');
  await once(service, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}

async function listening() {
  let said = '';
  service.stdout.on('data', (chunk) => (said += chunk));
  while (!said.includes('listens on')) await once(service.stdout, 'data');
}

async function push(used) {
  const readings = [
    { meter: 'apollo_contacts', used, total: 1_000_000 }, { meter: 'campaigns', used: 494_936, total: 1_000_000_000 }, { meter: 'open_ai', used: 4_984_062, total: 1_500_000_000 },
    { meter: 'abmatic_accounts', used: 24_171, total: 4_000_000 }, { meter: 'abmatic_contacts', used: 40_982, total: 20_000_000 }, { meter: 'abmatic_ip_reveal', used: 379_180, total: 100_000_000 },
  ];
  const answer = await fetch(`http://127.0.0.1:${PORT}/v1/usage`, { method: 'POST', headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }, body: JSON.stringify({ source: 'abmatic', readings }) });
  if (answer.status !== 202) throw new Error(`the figures were refused: ${answer.status}`);
}
