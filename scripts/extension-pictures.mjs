/**
 * Draws docs/pictures/extension-*.png: the popup of the browser extension before the first capture is sent, after one that was stored,
 * and after one that was signed out. Runs the extension as it is built, in Chromium, with a vendor and a Creditwatch that are made up.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CREDITWATCH = 'https://credits.example.com';
const PAGE = 'https://app.example.com/usage';
const KEY = `cwp_${'a'.repeat(32)}`;
const TEXT = `Credits
Apollo Contacts
1,614/1,000,000 credits used
Campaigns
494,936/1,000,000,000 visitors used
OpenAI Tokens
4,984,062/1,500,000,000 tokens used
Abmatic Accounts
24,171/4,000,000 credits used`;
/** The popup shows this time: 08:01 in Berlin. */
const NOW = Date.parse('2026-12-01T07:01:00Z');
const [AT, NEXT] = [NOW - 60_000, NOW - 60_000 + 24 * 3_600_000];

const folder = mkdtempSync(join(tmpdir(), 'creditwatch-extension-pictures-'));
execFileSync(process.execPath, [join(ROOT, 'scripts/extension.mjs'), folder], { stdio: 'ignore' });
const unpacked = join(folder, 'unpacked');
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path)),
  headless: true,
  ignoreDefaultArgs: ['--disable-extensions', '--headless'],
  args: [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-features=DisableLoadExtensionCommandLineSwitch',
    `--disable-extensions-except=${unpacked}`,
    `--load-extension=${unpacked}`,
    '--host-resolver-rules=MAP * ~NOTFOUND',
  ],
  viewport: { width: 420, height: 900 },
  deviceScaleFactor: 2,
  timezoneId: 'Europe/Berlin',
});
try {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const id = new URL(worker.url()).host;
  const list = await context.newPage();
  await list.goto('chrome://extensions/');
  for (const origin of [CREDITWATCH, new URL(PAGE).origin])
    await list.evaluate(([extension, host]) => chrome.developerPrivate.addHostPermission(extension, `${host}/*`), [id, origin]);
  await list.close();

  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  await page.goto(`chrome-extension://${id}/page.html`);
  await draw(page, 'connect');
  const fields = [
    ['key', KEY],
    ['source', 'abmatic'],
    ['page', PAGE],
    ['at', '08:00'],
    ['zone', 'Europe/Berlin'],
  ];
  await page.getByLabel('Pairing link').fill(`${CREDITWATCH}/capture#${new URLSearchParams(fields)}`);
  await page.getByRole('button', { name: 'Show what is in it' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('button', { name: 'Show what will be sent' }).waitFor();

  await worker.evaluate(
    ([draft, text, address, at]) => chrome.storage.session.set({ [draft]: { text, page: address, capturedAt: at } }),
    [`draft ${CREDITWATCH} abmatic`, TEXT, PAGE, AT],
  );
  await page.locator('pre').waitFor();
  await draw(page, 'before');

  await show({ kind: 'stored', meters: 4, unread: 0, rejected: 0, lines: [], isOlder: false });
  await page.locator('.good').waitFor();
  await draw(page, 'stored');
  await show({ kind: 'signed-out' });
  await page.locator('.bad').waitFor();
  await draw(page, 'signed-out');

  async function show(outcome) {
    await worker.evaluate(
      async ([last, at, next]) => {
        const { vendors } = await chrome.storage.local.get('vendors');
        const times = { dueAt: next, storedAt: last.kind === 'stored' ? at : at - 86_400_000 };
        const changed = vendors.map((one) => ({ ...one, isApproved: true, ...times, last: { at, outcome: last } }));
        await chrome.storage.local.set({ vendors: changed });
      },
      [outcome, AT, NEXT],
    );
  }
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}

async function draw(page, name) {
  const height = await page.evaluate(() => Math.ceil(document.querySelector('main').getBoundingClientRect().height));
  await page.setViewportSize({ width: 420, height });
  await page.screenshot({ path: join(ROOT, `docs/pictures/extension-${name}.png`) });
}
