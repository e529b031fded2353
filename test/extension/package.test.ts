import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { readPng } from '../support/png.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The zip that `npm run extension` writes, without a network. */
function build(timeZone: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-extension-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, [join(ROOT, 'scripts/extension.mjs'), folder], {
    env: { TZ: timeZone, PATH: '', https_proxy: 'http://127.0.0.1:1' },
    stdio: 'pipe',
  });
  const [zip = ''] = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  return readFileSync(join(folder, zip));
}

const manifestSchema = z.object({
  manifest_version: z.literal(3),
  description: z.string().max(132),
  permissions: z.array(z.string()),
  host_permissions: z.undefined().optional(),
  content_scripts: z.undefined().optional(),
  externally_connectable: z.undefined().optional(),
  web_accessible_resources: z.undefined().optional(),
  optional_host_permissions: z.array(z.string()),
  incognito: z.string(),
  icons: z.record(z.string(), z.string()),
  version: z.string(),
  minimum_chrome_version: z.string(),
  browser_specific_settings: z.object({
    gecko: z.object({
      id: z.string(),
      strict_min_version: z.string(),
      data_collection_permissions: z.object({ required: z.array(z.string()) }),
    }),
  }),
  background: z.object({ service_worker: z.string(), scripts: z.array(z.string()), type: z.literal('module') }),
  action: z.object({ default_popup: z.string() }),
  content_security_policy: z.object({ extension_pages: z.string() }),
});

test('the package is the same byte for byte wherever it is built, complete, and asks for no more than it needs', () => {
  const zip = build('Asia/Tokyo');
  expect(build('America/New_York').equals(zip)).toBe(true);
  const files = unzipSync(zip);
  const text = (name: string) => Buffer.from(files[name] ?? []).toString();
  const manifest = manifestSchema.parse(JSON.parse(text('manifest.json')));
  expect(manifest.permissions).toEqual(['activeTab', 'alarms', 'scripting', 'storage']);
  expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://127.0.0.1/*', 'http://localhost/*']);
  expect(manifest.incognito).toBe('not_allowed');
  const csp = manifest.content_security_policy.extension_pages;
  expect(csp).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(csp).not.toMatch(/unsafe|http:\/\/\*|data:|blob:/);
  const { service_worker: worker, scripts } = manifest.background;
  expect(Object.keys(files)).toEqual(expect.arrayContaining([worker, ...scripts, manifest.action.default_popup, 'page.css']));
  for (const [size, name] of Object.entries(manifest.icons)) {
    const { width, height } = readPng(files[name] ?? new Uint8Array());
    expect([width, height]).toEqual([Number(size), Number(size)]);
  }
  // Each file that another one names is in the package, and nothing is loaded from elsewhere.
  const code = Object.keys(files).filter((name) => name.endsWith('.js'));
  expect(code.length).toBeGreaterThan(15);
  for (const name of code)
    for (const [, from = ''] of text(name).matchAll(/^import .*from "(.*)";$/gm))
      expect(code).toContain(join(name, '..', from).replaceAll('\\', '/'));
  for (const [, path = ''] of text('page.html').matchAll(/(?:src|href)="([^"]+)"/g)) expect(Object.keys(files)).toContain(path);
});

/** Since when Firefox and Chromium have what the manifest uses, as MDN lists it. An older browser refuses the manifest or ignores the key. */
const SINCE = {
  firefox: { 'background.type': 112, 'background with both keys': 121, optional_host_permissions: 128, data_collection_permissions: 128 },
  chrome: { optional_host_permissions: 102, 'storage.session': 102, 'background with both keys': 121 },
};

test('the manifest keeps to the rules of Firefox as well as of Chromium', () => {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(ROOT, 'extension/manifest.json'), 'utf8')));
  const { gecko } = manifest.browser_specific_settings;
  expect(Number(gecko.strict_min_version.split('.')[0])).toBeGreaterThanOrEqual(Math.max(...Object.values(SINCE.firefox)));
  expect(Number(manifest.minimum_chrome_version)).toBeGreaterThanOrEqual(Math.max(...Object.values(SINCE.chrome)));
  // Firefox signs no add-on without an ID, which is an address or a UUID in braces, and installs none whose data is not declared.
  expect(gecko.id).toMatch(/^[\w.-]+@[\w.-]+$/);
  expect(gecko.data_collection_permissions.required).toEqual(['websiteContent']);
  // Firefox runs the scripts and ignores the service worker, Chromium the other way round.
  expect(manifest.background.scripts).toEqual([manifest.background.service_worker]);
  // Patterns with a port are invalid in Firefox.
  for (const pattern of manifest.optional_host_permissions) expect(pattern).toMatch(/^https?:\/\/[^:/]+\/\*$/);
  expect(manifest.incognito).not.toBe('split');
  expect(manifest.version).toMatch(/^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){0,3}$/);
});

test('nothing in the extension makes markup or code of a text, or keeps a cookie', () => {
  const source = join(ROOT, 'extension/src');
  const all = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const found = all.flatMap((name) =>
    readFileSync(join(source, name), 'utf8')
      .split('\n')
      .filter((line) =>
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.cookie|localStorage|sessionStorage/.test(line),
      )
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
  const inCore = all.filter((name) => name.startsWith('core'));
  expect(inCore.length).toBeGreaterThan(10);
  expect(inCore.filter((name) => /\b(?:chrome|document|window|navigator)\./.test(readFileSync(join(source, name), 'utf8')))).toEqual([]);
});
