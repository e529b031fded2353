import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page, type Worker } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
export const hasChromium = CHROMIUM !== undefined;
/** It runs without a display, and reaches nothing but this machine, where it also finds the hosts of the vendor. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--host-resolver-rules=MAP *.vendor.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];
const BUILD = fileURLToPath(new URL('../../scripts/extension.mjs', import.meta.url));

/** The popup is not a page for Playwright. */
type Popup = {
  readonly text: () => Promise<string>;
  /** Clicks the first button with this label. */
  readonly click: (label: string) => Promise<void>;
};

const targetsSchema = z.object({ targetInfos: z.array(z.object({ targetId: z.string(), type: z.string(), url: z.string() })) });
const evaluatedSchema = z.object({ id: z.number(), result: z.object({ result: z.object({ value: z.unknown().optional() }) }) });

export type ExtensionBrowser = {
  readonly context: BrowserContext;
  /** The background of the extension, in which a test reads its storage and fires its alarm. */
  readonly worker: Worker;
  readonly id: string;
  /** The page of the extension, in a tab. */
  readonly page: Page;
  /** Allows access to the hosts as a person does in the list of extensions. */
  readonly allow: (...origins: readonly string[]) => Promise<void>;
  /** Clicks the icon of the extension while a page is in front, and returns the popup. */
  readonly clickIcon: (page: Page) => Promise<Popup>;
};

/**
 * Starts a Chromium with the extension as it is built for people. It reaches only loopback: names of the tests are found there, and no
 * others.
 *
 * The question for access to a host is drawn by the browser outside of any page, so that no test can click it. Access is therefore
 * allowed beforehand in chrome://extensions, and the browser answers the extension's own request for it at once. The manifest is the one
 * that people get.
 */
export async function startBrowser(): Promise<ExtensionBrowser> {
  if (CHROMIUM === undefined) throw new Error('no Chromium');
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-chromium-'));
  execFileSync(process.execPath, [BUILD, folder], { stdio: 'pipe' });
  const unpacked = join(folder, 'unpacked');
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM,
    headless: true,
    ignoreHTTPSErrors: true,
    ignoreDefaultArgs: ['--disable-extensions', '--headless'],
    args: [
      '--headless=new',
      '--enable-unsafe-extension-debugging',
      ...CHROMIUM_ARGS,
      '--disable-features=DisableLoadExtensionCommandLineSwitch',
      `--disable-extensions-except=${unpacked}`,
      `--load-extension=${unpacked}`,
      '--ignore-certificate-errors',
    ],
  });
  onTestFinished(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const id = new URL(worker.url()).host;
  const page = context.pages()[0] ?? (await context.newPage());
  const allow = async (...origins: readonly string[]): Promise<void> => {
    const list = await context.newPage();
    await list.goto('chrome://extensions/');
    for (const origin of origins)
      await list.evaluate(`chrome.developerPrivate.addHostPermission(${JSON.stringify(id)}, ${JSON.stringify(`${origin}/*`)})`);
    await list.close();
  };
  await page.goto(`chrome-extension://${id}/page.html`);
  return { context, worker, id, page, allow, clickIcon: (over) => clickIcon(context, id, over) };
}

async function clickIcon(context: BrowserContext, id: string, over: Page): Promise<Popup> {
  const session = await context.browser()?.newBrowserCDPSession();
  if (!session) throw new Error('no session with the browser');
  await over.bringToFront();
  const targets = async () => targetsSchema.parse(await session.send('Target.getTargets', { filter: [{}] })).targetInfos;
  const front = (await targets()).find(({ type, url }) => type === 'tab' && url === over.url());
  if (!front) throw new Error('the page is not in a tab');
  const before = new Set((await targets()).map(({ targetId }) => targetId));
  await session.send('Extensions.triggerAction', { id, targetId: front.targetId });
  const address = `chrome-extension://${id}/page.html`;
  const shown = async () => (await targets()).find((one) => one.type === 'page' && one.url === address && !before.has(one.targetId));
  await expect.poll(shown).toBeDefined();
  const popup = await shown();
  const { sessionId } = await session.send('Target.attachToTarget', { targetId: popup?.targetId ?? '', flatten: false });
  let nth = 0;
  const evaluate = (expression: string): Promise<unknown> => {
    nth += 1;
    const mine = nth;
    const answered = new Promise((resolve) => {
      session.on('Target.receivedMessageFromTarget', ({ message }) => {
        const parsed = evaluatedSchema.safeParse(JSON.parse(message));
        if (parsed.data?.id === mine) resolve(parsed.data.result.result.value);
      });
    });
    const params = { expression, userGesture: true, awaitPromise: true };
    const message = JSON.stringify({ id: mine, method: 'Runtime.evaluate', params });
    return session.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answered);
  };
  return {
    text: async () => {
      await expect.poll(() => evaluate('document.body.innerText')).toMatch(/\S/);
      return z.string().parse(await evaluate('document.body.innerText'));
    },
    click: async (label) => {
      const find = `[...document.querySelectorAll('button')].find(({ textContent }) => textContent === ${JSON.stringify(label)})`;
      await evaluate(`${find}.click(), true`);
    },
  };
}
