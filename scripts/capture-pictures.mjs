/**
 * Draws docs/pictures/capture-*.png: the page of a pairing link, the bookmark, and the figures that it has sent. Run `npm run
 * capture:pictures` after the texts have changed. It needs Chromium: CHROMIUM, or /usr/bin/chromium. It runs Creditwatch with a temporary
 * data folder.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/main.js');
const PORT = '3979';
const VENDOR_PORT = 3980;
/** The browser gets the pages of this host from the server of this script. */
const VENDOR = 'https://app.abmatic.example';
const VIEW = { width: 720, height: 500 };

const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-capture-pictures-'));
const env = { ...process.env, DATA_DIR: dataDir, PORT, DATABASE_URL: undefined, REDIS_URL: undefined, PUBLIC_URL: undefined };
const page = readFileSync(join(ROOT, 'test/fixtures/abmatic-usage-page.txt'), 'utf8');
const vendor = createServer((_request, response) =>
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<title>Usage</title><pre>${page}\nSeats 1,6,1/9 used</pre>`),
).listen(VENDOR_PORT, '127.0.0.1');
const service = spawn(process.execPath, [MAIN, 'start'], { cwd: dataDir, env, stdio: ['ignore', 'pipe', 'inherit'] });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  await listening();
  const made = execFileSync(process.execPath, [MAIN, 'capture', 'abmatic', '--json'], { cwd: dataDir, env, encoding: 'utf8' });
  const { key, link } = JSON.parse(made);
  const context = await browser.newContext({ viewport: VIEW, deviceScaleFactor: 1.5, colorScheme: 'light' });
  await context.route(`${VENDOR}/**`, async (route) =>
    route.fulfill({ response: await route.fetch({ url: `http://127.0.0.1:${String(VENDOR_PORT)}/` }) }),
  );
  const tab = await context.newPage();
  await tab.goto(link);
  await tab.waitForSelector('#use-page:enabled');
  // The picture shows no real key, and the address that the docs use.
  const shown = link.replace(key, 'cwp_…').replace(`http://127.0.0.1:${PORT}`, 'https://credits.example.com');
  await tab.evaluate((text) => Object.assign(document.getElementById('link') ?? {}, { value: text }), shown);
  await draw(tab, 'capture-pair');
  await tab.reload();
  await tab.click('#use-page:enabled');
  await draw(tab, 'capture-bookmark');
  const bookmark = await tab.inputValue('#code');
  await tab.goto(`${VENDOR}/usage`);
  const opened = context.waitForEvent('page');
  await (await context.newCDPSession(tab)).send('Page.navigate', { url: bookmark });
  const check = await opened;
  await check.waitForSelector('#store:enabled');
  await draw(check, 'capture-check');
} finally {
  await browser.close();
  vendor.close();
  service.kill('SIGTERM');
  await once(service, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}

/** Resolves when the service listens. */
async function listening() {
  let output = '';
  for await (const chunk of service.stdout) {
    output += String(chunk);
    if (output.includes('Creditwatch listens on')) break;
  }
}

/** @param {import('playwright-core').Page} tab @param {string} name */
async function draw(tab, name) {
  await tab.screenshot({ path: join(ROOT, 'docs/pictures', `${name}.png`), fullPage: true });
}
