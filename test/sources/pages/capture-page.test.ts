import { expect, test } from 'vitest';
import { mountCapturePage } from '../../../src/sources/pages/capture-page.ts';
import { captureHtml } from '../../../src/sources/pages/capture-html.ts';
import { listening } from '../../http/listening.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

test('the page and its files come with a strict policy, are not cached, and are not framed', async () => {
  const { url } = await listening({ mounts: [mountCapturePage()] });
  for (const [path, type] of [
    ['/capture', 'text/html; charset=utf-8'],
    ['/capture?anything', 'text/html; charset=utf-8'],
    ['/capture/app.js', 'text/javascript; charset=utf-8'],
    ['/capture/style.css', 'text/css; charset=utf-8'],
  ] as const) {
    const { status, headers } = await fetch(`${url}${path}`);
    expect([path, status, headers.get('content-type')]).toEqual([path, 200, type]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    });
    // It would cut off the window that hands the text over.
    expect(headers.get('cross-origin-opener-policy')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  }
});

test('every script that a script imports is served, and nothing else of the folder', async () => {
  const { url } = await listening({ mounts: [mountCapturePage()] });
  const seen = new Set<string>();
  const follow = async (name: string): Promise<void> => {
    if (seen.has(name)) return;
    seen.add(name);
    const response = await fetch(`${url}/capture/${name}`);
    expect([name, response.status]).toEqual([name, 200]);
    for (const [, imported] of (await response.text()).matchAll(/from "\.\/([^"]+)"/g)) await follow(imported ?? '');
  };
  await follow('app.js');
  expect(seen.size).toBeGreaterThan(5);
  for (const path of ['tsconfig.json', 'app.ts', '..%2froutes.js', '%2e%2e/routes.js', 'none.js'])
    expect([path, (await fetch(`${url}/capture/${path}`)).status]).toEqual([path, 404]);
});

test('the page has no inline script, style or handler, and no address outside of it', () => {
  const page = captureHtml();
  expect(page).not.toMatch(/\son\w+=|style=|<style|javascript:/i);
  expect(page.match(/<script[^>]*>/g)).toEqual([
    '<script type="application/json" id="texts">',
    '<script type="module" src="capture/app.js">',
  ]);
  expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)).toEqual(['capture/style.css', 'capture/app.js']);
});

test('a slash behind the path is sent back to where the addresses of the page are right', async () => {
  const { url } = await listening({ mounts: [mountCapturePage()] });
  const response = await fetch(`${url}/capture/`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([308, '../capture']);
});
