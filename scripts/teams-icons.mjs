/**
 * Draws teams/color.png and teams/outline.png from the SVG files beside them, with the Chromium of this machine. Only needed after
 * the drawings have changed: the pictures are committed, so that the package is the same wherever it is built.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const TEAMS = fileURLToPath(new URL('../teams', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
for (const { drawing, picture, size } of [
  { drawing: 'icon.svg', picture: 'color.png', size: 192 },
  { drawing: 'outline.svg', picture: 'outline.png', size: 32 },
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${readFileSync(join(TEAMS, drawing), 'utf8')}`,
  );
  await page.screenshot({ path: join(TEAMS, picture), omitBackground: true });
  await page.close();
}
await browser.close();
