import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp, type App } from '../../support/app.ts';
import { clickBookmark, openBrowser } from '../../support/capture-browser.ts';
import { hasChromium } from '../../support/chromium.ts';
import { commandLine, type CommandLine } from '../../support/cli.ts';
import { createDatabase, runSql } from '../../support/database.ts';
import { html, startVendorSite, VENDOR_HOST, type VendorSite } from '../../support/vendor-site.ts';

const PAGE = readFileSync(new URL('../../fixtures/abmatic-usage-page.txt', import.meta.url), 'utf8');
const FIGURES = 6;
const STRICT = { 'content-security-policy': "default-src 'none'; script-src 'none'; style-src 'none'; connect-src 'none'" };
const madeSchema = z.object({ key: z.string(), link: z.string() });

// Without a Chromium they are skipped: install one as .ci/run does.
describe.skipIf(!hasChromium)('the page /capture in Chromium (skipped without one)', () => {
  let app: App;
  let cli: CommandLine;
  let url: string;
  let vendor: VendorSite;
  let browser: BrowserContext;
  beforeEach(async () => {
    ({ url } = await createDatabase());
    const dataDir = dataFolder();
    app = await startApp({ dataDir, databaseUrl: url });
    cli = commandLine({ dataDir, databaseUrl: url });
    vendor = await startVendorSite();
    browser = await openBrowser();
  });

  const made = async (...sources: readonly string[]) =>
    madeSchema.parse(JSON.parse((await cli.run(['capture', ...sources, '--json'])).out));
  const stored = () => runSql(url, 'SELECT source_id AS source, count(*)::int FROM meter GROUP BY 1');

  /** Opens a pairing link, chooses the bookmark, and returns its address. */
  async function paired(link: string): Promise<string> {
    const tab = await browser.newPage();
    await tab.goto(link);
    await tab.click('#use-page:enabled');
    return tab.inputValue('#code');
  }

  /** Sends a text from the window that has opened a tab, and waits until the tab has heard it. */
  async function sendTo(tab: Page, opener: Page): Promise<void> {
    await tab.evaluate(`void (heard = new Promise((done) => addEventListener('message', () => done(1), { once: true })))`);
    await opener.evaluate(`shown.postMessage({ creditwatch: 'page', text: 'Leads 1/10 leads used', url: location.href }, '*')`);
    await tab.evaluate('heard');
  }

  /** Shows a page of the vendor in a tab. */
  async function shown(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    vendor.serve('/usage', html(`<pre>${body}</pre>`, headers));
    const tab = await browser.newPage();
    await tab.goto(`${vendor.origin}/usage?token=of-the-session#tab`);
    return tab;
  }

  /** Runs a script in a page of the vendor that opens a tab. */
  async function opening(script: string, body = ''): Promise<{ readonly opener: Page; readonly tab: Page }> {
    vendor.serve('/opener', html(body));
    const opener = await browser.newPage();
    await opener.goto(`${vendor.origin}/opener`);
    const opened = opener.waitForEvent('popup');
    await opener.evaluate(script);
    return { opener, tab: await opened };
  }

  test('a bookmark on a page with a strict policy shows the figures, and one click stores them', async () => {
    const { key, link } = await made('abmatic');
    const bookmark = await paired(link);
    expect(decodeURIComponent(bookmark)).not.toContain(key);
    const tab = await clickBookmark(await shown(PAGE, STRICT), bookmark);
    await tab.waitForSelector('#store:enabled');
    expect(await tab.textContent('#sender')).toContain(vendor.origin);
    expect(await tab.locator('#figures tr').count()).toBe(FIGURES);
    expect(await tab.textContent('#figures tr')).toBe('Apollo Contacts1,6141,000,000credits');
    expect(await stored()).toEqual([]);
    await tab.click('#store');
    await tab.waitForSelector('#result:visible');
    expect(await stored()).toEqual([{ source: 'abmatic', count: FIGURES }]);
    // Neither the vendor nor the address bar has seen the key, and Creditwatch has seen nothing of the session.
    expect(JSON.stringify(vendor.seen)).not.toContain(key);
    expect(tab.url()).toBe(`${app.url}/capture`);
    expect(app.output()).not.toContain('of-the-session');
  });

  test('the link stays in the address bar until the person goes on, and the key is kept only for the bookmark', async () => {
    const { link } = await made('abmatic');
    const tab = await browser.newPage();
    await tab.goto(link);
    await tab.waitForSelector('#pair:visible');
    expect([tab.url(), await tab.inputValue('#link')]).toEqual([link, link]);
    await tab.click('#use-extension');
    expect(tab.url()).toBe(`${app.url}/capture`);
    expect(await tab.isVisible('#no-key')).toBe(true);
    await tab.fill('#typed-link', 'https://example.com');
    await tab.click('#connect');
    expect(await tab.isVisible('#link-problem')).toBe(true);
    await tab.fill('#typed-link', link);
    await tab.click('#connect');
    await tab.click('#use-page:enabled');
    await tab.reload();
    expect([await tab.isVisible('#bookmark'), await tab.textContent('#key-sources')]).toEqual([true, 'abmatic']);
    await tab.click('#forget');
    await tab.reload();
    expect(await tab.isVisible('#no-key')).toBe(true);
  });

  test('a page that cuts its opener off leads to the field to paste into', async () => {
    const { link } = await made('abmatic', 'crm');
    const bookmark = await paired(link);
    const tab = await clickBookmark(await shown(PAGE, { 'cross-origin-opener-policy': 'same-origin' }), bookmark);
    await tab.waitForSelector('#paste:visible');
    expect(await tab.isVisible('#cut-off')).toBe(true);
    expect(await tab.inputValue('#url')).toBe(`${vendor.origin}/usage`);
    await tab.fill('#pasted', 'Leads\n4/10 leads used');
    await tab.click('#show');
    // The key has two sources, and no address says which of them this is.
    expect(await tab.isVisible('#understood')).toBe(false);
    await tab.selectOption('#source', 'crm');
    await tab.click('#store:enabled');
    await tab.waitForSelector('#result:visible');
    expect(await stored()).toEqual([{ source: 'crm', count: 1 }]);
  });

  test('only the first text of the opener is taken, and none of another window', async () => {
    const { link } = await made('crm');
    await paired(link);
    vendor.serve('/other', html(''));
    const script = `
      addEventListener('message', () => {
        const say = (used) => ({ creditwatch: 'page', text: 'Leads ' + used + '/10 leads used', url: 'https://elsewhere.example/usage' });
        new (frames[0].Function)('to', 'data', 'to.postMessage(data, "*")')(shown, say(9));
        shown.postMessage('no page', '*');
        shown.postMessage(say(1), '*');
        shown.postMessage(say(2), '*');
      });
      shown = open(${JSON.stringify(`${app.url}/capture#from=${encodeURIComponent('https://elsewhere.example')}`)});`;
    const { tab } = await opening(script, '<iframe src="/other"></iframe>');
    await tab.waitForSelector('#store:enabled');
    expect(await tab.textContent('#figures')).toBe('Leads110leads');
    // What the browser says about the sender is shown, not what the sender says.
    expect(await tab.textContent('#sender')).toContain(vendor.origin);
    expect(await tab.textContent('#sender')).not.toContain('elsewhere');
  });

  test('a page that nobody opened by the bookmark takes no text', async () => {
    const { link } = await made('abmatic');
    await paired(link);
    const { opener, tab } = await opening(`shown = open(${JSON.stringify(`${app.url}/capture`)})`);
    await tab.waitForSelector('#bookmark:visible');
    await sendTo(tab, opener);
    expect(await tab.isVisible('#check')).toBe(false);
  });

  test('a text that comes after the person went on by hand is ignored', async () => {
    const { link } = await made('crm');
    await paired(link);
    const capture = `${app.url}/capture#from=${encodeURIComponent('https://crm.example')}`;
    const { opener, tab } = await opening(`shown = open(${JSON.stringify(capture)})`);
    await tab.waitForSelector('#paste:visible');
    await tab.fill('#pasted', 'Leads 4/10 leads used');
    await tab.click('#show');
    await tab.waitForSelector('#store:enabled');
    await sendTo(tab, opener);
    expect(await tab.textContent('#figures')).toBe('Leads410leads');
    expect(await tab.isEnabled('#store')).toBe(true);
  });

  test('a pairing link that was cut is refused with what one looks like', async () => {
    const tab = await browser.newPage();
    await tab.goto(`${app.url}/capture#key=cwp_cut&source=crm`);
    await tab.waitForSelector('#link-problem:visible');
    expect(tab.url()).toBe(`${app.url}/capture`);
  });

  test('a damaged pairing link is said also if the browser has a key, which stays', async () => {
    const { link } = await made('abmatic');
    await paired(link);
    for (const fragment of ['key=cwp_cut&source=crm', 'cwp_cut']) {
      const tab = await browser.newPage();
      await tab.goto(`${app.url}/capture#${fragment}`);
      await tab.waitForSelector('#damaged-link:visible');
      expect(await tab.textContent('#key-sources')).toBe('abmatic');
      expect(tab.url()).toBe(`${app.url}/capture`);
    }
  });

  test('a page of another host than the usage page of the source is warned about', async () => {
    const { link } = await made('crm');
    const bookmark = await paired(link.replace('page=', `page=${encodeURIComponent('https://crm.example/usage')}`));
    const tab = await clickBookmark(await shown('Leads\n4/10 leads used'), bookmark);
    await tab.waitForSelector('#store:enabled');
    expect(await tab.textContent('#warning')).toContain('crm.example');
    expect(await tab.textContent('#warning')).toContain(VENDOR_HOST);
  });

  test('a hostile text is shown as text, bounded, and runs nothing', async () => {
    const { link } = await made('crm');
    const bookmark = await paired(link);
    const script = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const lines = Array.from({ length: 400 }, (_, index) => `${script} ${String(index)} of ${String(index)},1,6,1`).join('\n');
    const tab = await clickBookmark(await shown(''), bookmark);
    const title = await tab.title();
    await tab.waitForSelector('#check:visible');
    await tab.click('#back');
    const tried = async (text: string): Promise<void> => {
      await tab.fill('#url', `https://${VENDOR_HOST}/usage`);
      // A browser types ten thousand lines slowly.
      await tab.evaluate(`document.getElementById('pasted').value = ${JSON.stringify(text)}`);
      await tab.click('#show');
      await tab.waitForSelector('#status', { state: 'hidden' });
    };
    await tried(`\u202eLeads\u202c\n4/10 leads used\n${lines}`);
    await tab.waitForSelector('#store:enabled');
    expect(await tab.locator('#notes li').count()).toBe(50);
    expect(await tab.isVisible('#notes-more')).toBe(true);
    expect(await tab.textContent('#check')).not.toMatch(/[\u202a-\u202e]/);
    await tab.click('#back');
    for (const text of ['x/1\n'.repeat(10_000), 'é'.repeat(1024 * 1024), 'x'.repeat(1024 * 1024 + 1)]) {
      await tried(text);
      expect(await tab.isVisible('#problem')).toBe(true);
      expect((await tab.textContent('#text'))?.length).toBeLessThan(21_000);
      await tab.click('#back');
    }
    expect(await tab.title()).toBe(title);
    expect(await tab.locator('img, main script, iframe').count()).toBe(0);
    expect(await stored()).toEqual([]);
  });
});
