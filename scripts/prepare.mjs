/**
 * What `npm ci` runs last: generates the database client and builds. An install with `--omit=dev` has no tools for that, and uses the
 * `dist` that was built elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

function hasTools() {
  try {
    return Boolean(resolve('typescript/bin/tsc') && resolve('prisma/build/index.js'));
  } catch {
    return false;
  }
}

if (hasTools()) {
  for (const script of ['generate', 'build']) {
    const { status } = spawnSync('npm', ['run', script], { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) process.exit(status ?? 1);
  }
} else if (!existsSync(new URL('../dist/main.js', import.meta.url))) {
  console.log('This install has no build tools and there is no dist. Run `npm ci --include=dev`, then `npm prune --omit=dev`.');
}
