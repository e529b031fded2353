/** Builds and runs one benchmark: `npm run bench -- <name>`. Without a name it lists them. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { copyPresets } from './copy-assets.mjs';

const names = readdirSync(new URL('../bench/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const [name = '', ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.log(`npm run bench -- ${names.join(' | ')}`);
  process.exit(name === '' ? 0 : 2);
}
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
copyPresets(new URL('../dist/bench/src/', import.meta.url));
const steps = [
  [tsc, '-p', 'tsconfig.bench.json'],
  ['--enable-source-maps', `dist/bench/bench/${name}.js`, ...rest],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
