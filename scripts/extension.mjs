/**
 * Builds the browser extension: `npm run extension -- [folder]`. Writes the folder `unpacked`, which a browser loads as it is, and the
 * same as a zip for a store or for signing. Works offline. Only tsc is run: a module of the source is a file of the extension, so that
 * people can compare them. The same source results in the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'extension');
const TSC = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const COPIED = ['manifest.json', 'page.html', 'page.css', 'icons'];
/** The fixed time of all files in the zip. Zip stores local times. */
const SAME_TIME = new Date(2026, 0, 1);

const folder = resolve(process.argv[2] ?? join(ROOT, 'dist/extension'));
const unpacked = join(folder, 'unpacked');
rmSync(unpacked, { recursive: true, force: true });
mkdirSync(unpacked, { recursive: true });
execFileSync(process.execPath, [TSC, '-p', join(SOURCE, 'tsconfig.json'), '--noEmit', 'false', '--outDir', unpacked], { stdio: 'inherit' });
for (const name of COPIED) cpSync(join(SOURCE, name), join(unpacked, name), { recursive: true });

const names = readdirSync(unpacked, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(unpacked.length + 1)
      .replaceAll('\\', '/'),
  )
  .toSorted();
const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(unpacked, name))]));
const { version } = JSON.parse(readFileSync(join(SOURCE, 'manifest.json'), 'utf8'));
const zip = join(folder, `creditwatch-capture-${version}.zip`);
writeFileSync(zip, zipSync(files, { mtime: SAME_TIME, level: 9, os: 3, attrs: 0o644 << 16 }));
console.log(`Wrote ${unpacked} and ${zip}.`);
