/**
 * Runs `prisma generate` without a download. Generating only checks that the path of the schema engine exists (the schema is parsed
 * in WASM), so any executable works. Never run `prisma migrate` or `db push` this way: with a stand-in engine they do nothing and
 * look successful.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
const { status } = spawnSync(process.execPath, [prisma, 'generate'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
});
process.exit(status ?? 1);
