import { z } from 'zod';
import { dataFolder, startProcess, type AppProcess } from './app.ts';
import { startBrowser, type ExtensionBrowser } from './chromium.ts';
import { commandLine, type CommandLine } from './cli.ts';
import { createDatabase, runSql } from './database.ts';
import { HOUR_MS, pairingLink } from './keeper.ts';
import { startRecordingProxy, type Recorded, type RecordingProxy } from './recording-proxy.ts';
import { html, startVendorSite, VENDOR_HOST, type VendorSite } from './vendor-site.ts';
import { expect } from 'vitest';
import { readFileSync } from 'node:fs';

/** What the vendor's page shows, and how many meters are on it. */
export const PAGE = readFileSync(new URL('../fixtures/abmatic-usage-page.txt', import.meta.url), 'utf8');
export const FIGURES = 6;
/** A page is watched for at most 30 seconds. */
export const LONG = { timeout: 90_000, interval: 200 };

/** A page that shows a text line by line. */
export const lines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `<div>${line}</div>`)
    .join('');

const vendorsSchema = z.array(
  z.object({
    id: z.string(),
    dueAt: z.number().nullable(),
    last: z.object({ outcome: z.looseObject({ kind: z.string() }) }).nullable(),
  }),
);
type Vendor = z.infer<typeof vendorsSchema>[number];
type Outcome = NonNullable<Vendor['last']>['outcome'];

export const sentSchema = z.strictObject({ source: z.string(), text: z.string(), url: z.string(), capturedAt: z.iso.datetime() });

export type ConnectedExtension = {
  readonly app: AppProcess;
  readonly cli: CommandLine;
  /** What reaches Creditwatch. */
  readonly creditwatch: RecordingProxy;
  readonly site: VendorSite;
  readonly browser: ExtensionBrowser;
  readonly usagePage: string;
  readonly link: string;
  readonly vendor: () => Promise<Vendor | undefined>;
  readonly outcome: () => Promise<Outcome | undefined>;
  /** The key and the usage of each meter. */
  readonly stored: () => Promise<readonly Record<string, unknown>[]>;
  readonly readings: () => Promise<readonly Record<string, unknown>[]>;
  /** The pages that were sent. */
  readonly posted: () => readonly Recorded[];
  /** The person connects with the link. */
  readonly connect: () => Promise<void>;
  /** The person looks at what will be sent, and approves it. */
  readonly approve: () => Promise<void>;
  /** Lets the next capture be due now, and returns what became of it. No one clicks. */
  readonly due: () => Promise<Outcome | undefined>;
};

/** A Creditwatch, a vendor, and a browser with the extension. */
export async function startExtension(): Promise<ConnectedExtension> {
  const database = await createDatabase();
  const dataDir = dataFolder();
  const app = await startProcess({ dataDir, databaseUrl: database.url });
  const cli = commandLine({ dataDir, databaseUrl: database.url });
  const { key } = z.object({ key: z.string() }).parse(JSON.parse((await cli.run(['capture', 'abmatic', '--json'])).out));
  const creditwatch = await startRecordingProxy(app.url);
  const site = await startVendorSite();
  site.serve('/usage', html(lines(PAGE)));
  const browser = await startBrowser();
  await browser.allow('http://127.0.0.1', `https://${VENDOR_HOST}`);
  const usagePage = `${site.origin}/usage?tab=credits#now`;
  // Half a day away, so that no capture is due by itself during a test, whenever it runs.
  const at = new Date(Date.now() + 12 * HOUR_MS).toISOString().slice(11, 16);
  const link = pairingLink(creditwatch.url, key, { abmatic: usagePage }, { at });
  const vendor = async (): Promise<Vendor | undefined> =>
    vendorsSchema.parse(await browser.worker.evaluate(`chrome.storage.local.get('vendors').then(({ vendors = [] }) => vendors)`))[0];
  const outcome = async (): Promise<Outcome | undefined> => (await vendor())?.last?.outcome;
  return {
    app,
    cli,
    creditwatch,
    site,
    browser,
    usagePage,
    link,
    vendor,
    outcome,
    stored: () => runSql(database.url, 'SELECT key, used::text FROM meter ORDER BY key'),
    readings: () => runSql(database.url, 'SELECT meter_id, observed_at FROM reading ORDER BY 1, 2'),
    posted: () => creditwatch.seen.filter(({ method }) => method === 'POST'),
    connect: async () => {
      await browser.page.getByLabel('Pairing link').fill(link);
      await click(browser, 'Show what is in it');
      await click(browser, 'Connect');
    },
    approve: async () => {
      await click(browser, 'Show what will be sent');
      await click(browser, /^Send now/);
      await expect.poll(outcome, LONG).toMatchObject({ kind: 'stored' });
    },
    due: async () => {
      await browser.worker.evaluate(`chrome.storage.local.get('vendors').then(async ({ vendors }) => {
        await chrome.storage.local.set({ vendors: vendors.map((one) => ({ ...one, dueAt: 1, last: null })) });
        await chrome.alarms.create('capture', { when: Date.now() });
      })`);
      await expect.poll(outcome, LONG).toBeTruthy();
      return outcome();
    },
  };
}

/** The same, connected. */
export async function connectedExtension(): Promise<ConnectedExtension> {
  const started = await startExtension();
  await started.connect();
  return started;
}

/** Clicks a button in the page of the extension. */
export async function click({ page }: ExtensionBrowser, name: string | RegExp): Promise<void> {
  await page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click({ timeout: LONG.timeout });
}
