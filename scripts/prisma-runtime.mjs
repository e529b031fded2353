/**
 * Copies the parts of Prisma that run in production into `dist/node_modules`, where Node finds them before the packages: 3 MB of 72.
 * So Prisma is a development dependency, and a production install gets neither the runtimes for other databases nor, through its
 * optional peers, Prisma's command line and TypeScript. The third step of `npm run build`.
 */
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The parts by package. `compilerBuild` and `provider` in prisma/schema.prisma choose the query compiler. */
export const RUNTIME = {
  '@prisma/client': [
    'package.json',
    'LICENSE',
    'runtime/client.js',
    'runtime/query_compiler_small_bg.postgresql.mjs',
    'runtime/query_compiler_small_bg.postgresql.wasm-base64.mjs',
  ],
  '@prisma/client-runtime-utils': ['package.json', 'LICENSE', 'dist/index.js'],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const from = new URL('../node_modules/', import.meta.url);
  const to = new URL('../dist/node_modules/', import.meta.url);
  for (const [name, files] of Object.entries(RUNTIME)) {
    for (const file of files) cpSync(new URL(`${name}/${file}`, from), new URL(`${name}/${file}`, to));
  }
}
