/**
 * Runs `prisma generate` without a download. Generating needs the schema engine's path only to find that it exists
 * (it parses the schema in WASM), so any executable will do. Never run `prisma migrate` or `db push` this way: with a
 * stand-in engine they do nothing and look successful.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
const { status } = spawnSync(process.execPath, [prisma, 'generate'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
});
process.exit(status ?? 1);
