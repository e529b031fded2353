import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { CHROMIUM, CHROMIUM_ARGS } from './chromium.ts';

/** A browser of a person. It reaches nothing but this machine, where it also finds the hosts of the vendor. */
export async function openBrowser(): Promise<BrowserContext> {
  if (CHROMIUM === undefined) throw new Error('no Chromium');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
  onTestFinished(() => browser.close());
  return browser.newContext({ ignoreHTTPSErrors: true });
}

/** Opens a bookmark in a tab as a click on it does: the policy of the page that is shown there does not apply. */
export async function clickBookmark(tab: Page, address: string): Promise<Page> {
  const opened = tab.context().waitForEvent('page');
  const session = await tab.context().newCDPSession(tab);
  await session.send('Page.navigate', { url: address });
  return opened;
}
