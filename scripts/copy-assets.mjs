/**
 * Copies the data of the presets and the style of the page `/capture` beside the compiled modules, which read them from there. The last
 * step of `npm run build`.
 */
import { cpSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Copies the data of the presets.
 *
 * @param {URL} dist the folder of the compiled modules
 */
export function copyPresets(dist) {
  const from = new URL('../src/core/vendors/', import.meta.url);
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('preset.yml'));
  for (const file of files) cpSync(new URL(file, from), new URL(`core/vendors/${file}`, dist));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = new URL('../dist/', import.meta.url);
  const style = 'sources/pages/browser/style.css';
  copyPresets(dist);
  cpSync(new URL(`../src/${style}`, import.meta.url), new URL(style, dist));
}
