import { describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { click, connectedExtension, FIGURES, lines, LONG, PAGE, sentSchema, startExtension } from '../support/connected-extension.ts';
import { html } from '../support/vendor-site.ts';

/** What a browser sends with every request of this kind. */
const USUAL = new Set(
  (
    'accept accept-encoding accept-language cache-control connection content-length content-type host origin pragma user-agent sec-ch-ua ' +
    'sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-storage-access'
  ).split(' '),
);

// Chromium is installed by .ci/run. Without it there is no browser to try the extension in.
describe.skipIf(!hasChromium)('the extension in Chromium (skipped where none is installed)', () => {
  test('signed in: the person sees the text before anything is sent, then the figures come without a click', async () => {
    const { creditwatch, site, browser, posted, stored, due, usagePage } = await connectedExtension();
    const frame = '<iframe srcdoc="text of a frame"></iframe><p style="display:none">hidden text</p>';
    site.serve('/usage', html(lines(PAGE) + frame, { 'set-cookie': 'session=secret-of-the-vendor; Secure' }));
    site.serve('/other', html('text of another tab'));
    await browser.context.addCookies([{ name: 'admin', value: 'cookie-of-creditwatch', url: creditwatch.url }]);
    const other = await browser.context.newPage();
    await other.goto(`${site.origin}/other`);
    const openBefore = browser.context.pages().length;

    await click(browser, 'Show what will be sent');
    const shown = await browser.page.locator('pre').textContent({ timeout: 60_000 });
    expect(shown).toBe(PAGE.trim());
    expect(await browser.page.locator('dd').allTextContents()).toEqual([
      `${creditwatch.url}/v1/pages`,
      'abmatic',
      `${site.origin}/usage`,
      expect.stringMatching(/^\d{4}-.*Z$/),
    ]);
    expect(creditwatch.seen).toEqual([]);
    await click(browser, /^Send now/);
    await expect.poll(async () => (await stored()).length, LONG).toBe(FIGURES);
    site.serve('/usage', html(lines(PAGE.replace('1,614', '1,999'))));
    expect(await due()).toMatchObject({ kind: 'stored', meters: FIGURES });
    expect(await stored()).toContainEqual({ key: 'apollo_contacts', used: '1999' });

    expect(browser.context.pages()).toHaveLength(openBefore);
    // On the wire of Creditwatch: two pages with the key, and nothing that a browser does not always send.
    expect(creditwatch.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/pages', 'POST /v1/pages']);
    for (const { headers, body } of posted()) {
      expect(Object.keys(headers).filter((name) => name !== 'authorization' && !USUAL.has(name))).toEqual([]);
      expect(headers['origin']).toBe(`chrome-extension://${browser.id}`);
      const { source, text, url } = sentSchema.parse(JSON.parse(body));
      expect([source, url, text.replace('1,999', '1,614')]).toEqual(['abmatic', `${site.origin}/usage`, PAGE.trim()]);
    }
    expect(JSON.stringify(creditwatch.seen)).not.toMatch(/secret-of-the-vendor|cookie-of-creditwatch|another tab|of a frame|hidden text/);

    // On the wire of the vendor: what a visit by hand sends, too.
    const byExtension = site.seen.filter(({ url }) => url.includes('/usage'));
    expect(byExtension.map(({ method, url }) => `${method} ${url}`)).toEqual(byExtension.map(() => `GET ${usagePage.replace(/#.*/, '')}`));
    const visited = site.seen.length;
    await other.goto(usagePage);
    const byHand = site.seen[visited]?.headers ?? {};
    for (const { headers } of byExtension) expect(Object.keys(headers).filter((name) => !(name in byHand))).toEqual([]);
    expect(JSON.stringify(site.seen)).not.toMatch(/chrome-extension|cwp_/);
  }, 120_000);

  test('a slow page, and one that renders late and in parts: only the whole page is stored', async () => {
    const { site, approve, due, stored, posted } = await connectedExtension();
    await approve();
    const late = PAGE.replace('1,614', '1,700');
    site.serve('/usage', (request, response) => void setTimeout(() => html(lines(late))(request, response), 8_000));
    expect(await due()).toMatchObject({ kind: 'stored', meters: FIGURES });
    expect(await stored()).toContainEqual({ key: 'apollo_contacts', used: '1700' });

    const whole = PAGE.replace('1,614', '1,800');
    const [first, ...rest] = whole.split('\nCampaigns');
    // The first part is all there is until it was refused because meters are missing.
    const script = `const show = (text) => { root.innerText = text; };
      setTimeout(() => show(${JSON.stringify(first)}), 1500);
      fetch('/rest').then((answer) => answer.text()).then(show);`.replaceAll('</', String.raw`<\/`);
    expect(rest).toHaveLength(1);
    site.serve(
      '/rest',
      (_request, response) =>
        void expect
          .poll(() => posted().length, LONG)
          .toBe(3)
          .then(() => response.end(whole)),
    );
    site.serve('/usage', html(`<div id="root"></div><script>${script}</script>`));
    expect(await due()).toMatchObject({ kind: 'stored', meters: FIGURES });
    expect(await stored()).toContainEqual({ key: 'apollo_contacts', used: '1800' });
    const texts = posted().map(({ body }) => sentSchema.parse(JSON.parse(body)).text.trim());
    expect(texts).toEqual([PAGE.trim(), late.trim(), first?.trim(), whole.trim()]);
  }, 180_000);

  test('only the tab with exactly this page is read, if it was just loaded, and it stays open', async () => {
    const { site, approve, due, browser, usagePage, stored, posted } = await connectedExtension();
    await approve();
    const mine = await browser.context.newPage();
    site.serve('/usage', html(lines(PAGE.replace('1,614', '2,100'))));
    await mine.goto(usagePage);
    const visits = site.seen.length;
    expect(await due()).toMatchObject({ kind: 'stored' });
    expect(site.seen).toHaveLength(visits);
    expect(mine.isClosed()).toBe(false);
    expect(await stored()).toContainEqual({ key: 'apollo_contacts', used: '2100' });

    // Another page of the same vendor, which the extension may access, is not the usage page.
    site.serve('/other', html(lines(PAGE.replace('1,614', '9,999'))));
    await mine.goto(`${site.origin}/other`);
    expect(await due()).toMatchObject({ kind: 'stored' });
    expect(site.seen.at(-1)?.url).toContain('/usage');
    expect(JSON.stringify(posted())).not.toContain('9,999');
    expect(mine.isClosed()).toBe(false);
  }, 180_000);

  test('another page of the site, to which it redirects or which it shows by itself, is not read before the person has chosen it', async () => {
    const { site, approve, due, browser, usagePage, stored, posted } = await connectedExtension();
    await approve();
    const inbox = `${site.origin}/inbox`;
    site.serve('/inbox', html(lines(`${PAGE}\nprivate text`)));
    const redirect: Parameters<typeof site.serve>[1] = (_request, response) => void response.writeHead(302, { location: inbox }).end();
    const pushed = (address: string) =>
      html(`${lines(`${PAGE}\nprivate text`)}<script>history.pushState(null, '', ${JSON.stringify(address)})</script>`);
    for (const [answer, to] of [
      // A browser keeps the fragment when it follows a redirect.
      [redirect, `${inbox}#now`],
      [pushed('/inbox'), inbox],
      [pushed('/usage?tab=messages'), `${site.origin}/usage?tab=messages`],
      [pushed('#messages'), usagePage.replace(/#.*/, '#messages')],
    ] as const) {
      site.serve('/usage', answer);
      expect(await due()).toEqual({ kind: 'moved', to });
    }
    expect(posted()).toHaveLength(1);

    site.serve('/usage', redirect);
    site.serve('/inbox', html(lines(PAGE.replace('1,614', '2,500'))));
    expect(await due()).toEqual({ kind: 'moved', to: `${inbox}#now` });
    await click(browser, 'Use this address');
    await approve();
    expect(await stored()).toContainEqual({ key: 'apollo_contacts', used: '2500' });
    expect(sentSchema.parse(JSON.parse(posted().at(-1)?.body ?? '')).url).toBe(inbox);
    expect(JSON.stringify(posted())).not.toContain('private text');
  }, 240_000);

  test('a drawing that fails once is said, and does not stop the page from drawing', async () => {
    const { browser } = await connectedExtension();
    await browser.page.evaluate(`{
      const area = chrome.storage.session;
      const get = area.get.bind(area);
      area.get = () => Promise.reject(new Error('storage is busy'));
      globalThis.mend = () => void (area.get = get);
      void chrome.storage.local.set({ other: 1 });
    }`);
    const alert = browser.page.locator('main > [role=alert]');
    await expect.poll(() => alert.textContent()).not.toBe('');
    await browser.page.evaluate('mend(), void chrome.storage.local.set({ other: 2 })');
    await expect.poll(() => alert.textContent()).toBe('');
    expect(await browser.page.locator('.card').count()).toBe(1);
  }, 120_000);

  test('forgets the key, the vendors and the access to hosts when asked to', async () => {
    const { approve, browser } = await connectedExtension();
    await approve();
    await browser.page.getByText('How to stop').click();
    await click(browser, 'Forget everything');
    await click(browser, 'Yes, delete');
    await expect.poll(() => browser.worker.evaluate('chrome.storage.local.get(null)')).toEqual({});
    expect(await browser.worker.evaluate('chrome.permissions.getAll().then(({ origins }) => origins)')).toEqual([]);
    expect(await browser.worker.evaluate('chrome.alarms.getAll()')).toEqual([]);
    await expect.poll(() => browser.page.getByLabel('Pairing link').isVisible()).toBe(true);
  }, 120_000);

  test('a click on the icon over the pairing page connects, if the person confirms it', async () => {
    const { browser, link, vendor, creditwatch } = await startExtension();
    // The page in front, whatever it is: only its address is read.
    const pairing = await browser.context.newPage();
    await pairing.goto(link);
    const popup = await browser.clickIcon(pairing);
    expect(await popup.text()).toContain(new URL(link).origin);
    expect(await vendor()).toBeUndefined();
    await popup.click('Connect');
    await expect.poll(vendor).toMatchObject({ id: `${creditwatch.url} abmatic`, dueAt: null });
    // The fragment with the key stays in the browser.
    expect(JSON.stringify(creditwatch.seen)).not.toContain('cwp_');
  }, 120_000);
});
