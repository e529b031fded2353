/** Draws SVG files as pictures, with the Chromium of this machine. */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

/**
 * Draws square pictures with a transparent background.
 *
 * @param {readonly { readonly drawing: string, readonly picture: string, readonly size: number }[]} all paths of the SVG file and of the PNG
 *   file, and the width in pixels
 * @param {string} style more CSS for the drawing
 */
export async function drawSvg(all, style = '') {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  for (const { drawing, picture, size } of all) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px;${style}}</style>${readFileSync(drawing, 'utf8')}`,
    );
    await page.screenshot({ path: picture, omitBackground: true });
    await page.close();
  }
  await browser.close();
}
