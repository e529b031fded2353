import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hasChromium } from '../support/chromium.ts';
import { click, connectedExtension, FIGURES, lines, LONG, PAGE } from '../support/connected-extension.ts';
import { html, SIGN_IN_HOST } from '../support/vendor-site.ts';

// Chromium is installed by .ci/run. Without it there is no browser to try the extension in.
describe.skipIf(!hasChromium)('what goes wrong with the extension in Chromium (skipped where none is installed)', () => {
  test('signed out, on the page itself or at a sign-in page elsewhere: nothing is stored, and the person is told', async () => {
    const { site, approve, posted, readings, due, browser } = await connectedExtension();
    await approve();
    const before = await readings();
    site.serve('/usage', html('<h1>Welcome back</h1><label>Password <input type="password"></label><button>Sign in</button>'));
    expect(await due()).toEqual({ kind: 'signed-out' });
    expect(posted()).toHaveLength(2);

    site.serve('/usage', (_request, response) =>
      response.writeHead(302, { location: `https://${SIGN_IN_HOST}:${String(site.port)}/sign-in` }).end(),
    );
    site.serve('/sign-in', html('Text of the company that signs you in'));
    expect(await due()).toEqual({ kind: 'signed-out' });
    // Nothing of the other site was read, so nothing was sent.
    expect(posted()).toHaveLength(2);
    expect(await readings()).toEqual(before);
    await expect.poll(() => browser.page.locator('.result.bad').count()).toBe(1);
    expect(await browser.worker.evaluate('chrome.action.getBadgeText({})')).toBe('!');
    expect(await browser.page.getByRole('link', { name: 'Open the page' }).getAttribute('href')).toContain(`${site.origin}/usage`);
  }, 180_000);

  test("the vendor's server answers with an error: it is not sent, it is said, and the page is tried again", async () => {
    const { site, approve, due, vendor, posted, browser } = await connectedExtension();
    await approve();
    const next = (await vendor())?.dueAt ?? 0;
    site.serve('/usage', (_request, response) => void response.writeHead(503, { 'content-type': 'text/html' }).end(lines(PAGE)));
    expect(await due()).toEqual({ kind: 'page-error', status: 503 });
    expect(posted()).toHaveLength(1);
    expect((await vendor())?.dueAt).toBeLessThan(next);
    await expect.poll(() => browser.page.locator('.result.bad').textContent()).toContain('503');
    site.serve('/usage', (_request, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('Not found'));
    expect(await due()).toEqual({ kind: 'page-error', status: 404 });
  }, 120_000);

  test('the lines that were not understood are listed as text', async () => {
    const { site, approve, browser } = await connectedExtension();
    const hostile = '<img src=x onerror=alert(1)>\u202e 3 of many';
    site.serve('/usage', html(`${lines(PAGE)}<p>${hostile.replaceAll('<', '&lt;')}</p>`));
    await approve();
    await browser.page.getByText(/^Show (it|them)$/).click();
    const shown = browser.page.locator('.lines li', { hasText: '<img' });
    expect(await shown.textContent()).toContain('"<img src=x onerror=alert(1)> 3 of many"');
    expect(await shown.isVisible()).toBe(true);
    expect(await browser.page.locator('main img').count()).toBe(0);
  }, 120_000);

  test('a new layout without some of the meters is not stored', async () => {
    const { site, approve, readings, due, stored } = await connectedExtension();
    await approve();
    const before = await readings();
    site.serve('/usage', html(`${lines('Apollo Contacts\n2,000/1,000,000 credits used')}<p>Campaigns: see the new page</p>`));
    expect(await due()).toMatchObject({ kind: 'fewer-meters', missing: FIGURES - 1 });
    expect(await readings()).toEqual(before);
    expect(await stored()).toHaveLength(FIGURES);
  }, 180_000);

  test('Creditwatch does not answer: the text is kept, and sent later without opening the page again', async () => {
    const { creditwatch, site, approve, due, vendor, stored, posted, browser } = await connectedExtension();
    await approve();
    const next = (await vendor())?.dueAt ?? 0;
    await creditwatch.close();
    site.serve('/usage', html(lines(PAGE.replace('1,614', '1,900'))));
    expect(await due()).toEqual({ kind: 'offline' });
    const { dueAt } = (await vendor()) ?? {};
    expect(dueAt).toBeGreaterThan(Date.now());
    expect(dueAt).toBeLessThanOrEqual(next);
    const opened = site.seen.length;
    await creditwatch.open();
    expect(await due()).toMatchObject({ kind: 'stored', meters: FIGURES });
    expect(site.seen).toHaveLength(opened);
    expect(await stored()).toContainEqual({ key: 'apollo_contacts', used: '1900' });
    expect(posted()).toHaveLength(2);
    expect(await browser.worker.evaluate('chrome.action.getBadgeText({})')).toBe('');
  }, 180_000);

  test('a hostile page is shown as text, and cannot hold the extension up or make it send more than it reads', async () => {
    const { site, browser, outcome, posted } = await connectedExtension();
    const markup = '<img src=x onerror=alert(1)>\n<script>alert(2)</script>';
    // An element named body takes the place of the real one in `document.body`.
    const clobber = '<form name="body"><input name="innerText" value="clobbered"></form>';
    site.serve('/usage', html(`<pre>${markup.replaceAll('<', '&lt;')}</pre>`));
    await click(browser, 'Show what will be sent');
    await expect.poll(() => browser.page.locator('pre').textContent(), LONG).toBe(markup);
    expect(await browser.page.locator('main img, main script').count()).toBe(0);

    for (const [body, kind] of [
      ['<p id="p"></p><script>p.innerText = "credits used ".repeat(100000)</script>', 'too-long'],
      ['Loading<script>setTimeout(() => { for (;;); }, 100)</script>', 'page-unreachable'],
      [clobber, 'page-unreachable'],
    ] as const) {
      site.serve('/usage', html(body));
      await click(browser, /^(Read the page again|Show what will be sent)$/);
      await expect.poll(outcome, { timeout: 90_000, interval: 200 }).toEqual({ kind });
    }
    expect(posted()).toEqual([]);
  }, 300_000);

  test('a script in a page of the vendor, even one in the name of the extension, reads no key and gives no orders', async () => {
    const { site, browser, vendor } = await connectedExtension();
    const page = await browser.context.newPage();
    await page.goto(`${site.origin}/usage`);
    // A page that took over its process could do this; a page can not.
    const said = await browser.worker.evaluate(`chrome.tabs.query({ url: '${site.origin.replace(/:\d+$/, '')}/*' }).then(async ([tab]) => {
      const func = async () => [
        await chrome.runtime.sendMessage({ kind: 'forget' }).then((answer) => answer ?? 'no answer', () => 'no answer'),
        await chrome.storage.local.get(null).then(JSON.stringify, () => 'hidden'),
      ];
      const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: tab.id }, func });
      return result;
    })`);
    expect(said).toEqual(['no answer', 'hidden']);
    expect(await vendor()).toBeDefined();
    expect(await page.evaluate('typeof chrome.runtime?.sendMessage')).toBe('undefined');
  }, 120_000);

  test('a revoked key stops the extension, and it says so', async () => {
    const { approve, due, vendor, posted, cli, browser } = await connectedExtension();
    await approve();
    const { keys } = z
      .object({ keys: z.array(z.object({ name: z.string() })) })
      .parse(JSON.parse((await cli.run(['capture', '--list', '--json'])).out));
    await cli.run(['capture', '--revoke', keys[0]?.name ?? '']);
    expect(await due()).toEqual({ kind: 'key-revoked' });
    expect((await vendor())?.dueAt).toBeNull();
    expect(await browser.worker.evaluate("chrome.alarms.get('capture').then((alarm) => alarm ?? null)")).toBeNull();
    expect(posted()).toHaveLength(2);
  }, 120_000);
});
