/**
 * Draws extension/icons/*.png from teams/icon.svg, with rounded corners, with the Chromium of this machine. Only needed after the drawing
 * has changed: the pictures are committed, so that the extension is the same wherever it is built.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ICONS = join(ROOT, 'extension/icons');

mkdirSync(ICONS, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const size of [16, 32, 48, 128]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px;border-radius:20%}</style>${readFileSync(join(ROOT, 'teams/icon.svg'), 'utf8')}`,
  );
  await page.screenshot({ path: join(ICONS, `${size}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
