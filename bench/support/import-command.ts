import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { addressOf } from './address.ts';

const MAIN = resolve('dist/main.js');
const accepted = z.object({ accepted: z.int() });

/** A service on a database, and the command `creditwatch import` that goes through it. */
export type ImportService = {
  /**
   * Imports a table with the real command.
   *
   * @returns seconds from the start of the command to its end
   * @throws if not every row was saved
   */
  importTable(table: string, rows: number): Promise<number>;
};

/** Starts the real process on a database, runs work, and stops it. */
export async function withImportService<T>(databaseUrl: string, source: string, work: (service: ImportService) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const env = {
    PATH: process.env['PATH'],
    DATA_DIR: join(dir, 'data'),
    PORT: '0',
    CREDITWATCH_CONFIG: '',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
  };
  const service = spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await addressOf(service);
    return await work({
      async importTable(table, rows) {
        const file = join(dir, 'history.csv');
        writeFileSync(file, table);
        const startedAt = performance.now();
        const command = spawn(process.execPath, [MAIN, 'import', file, '--source', source, '--json'], {
          env,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const answer = await text(command.stdout);
        const seconds = (performance.now() - startedAt) / 1000;
        const saved = accepted.parse(JSON.parse(answer)).accepted;
        if (saved !== rows) throw new Error(`only ${String(saved)} of ${String(rows)} rows were saved`);
        return seconds;
      },
    });
  } finally {
    await stop(service);
    rmSync(dir, { recursive: true, force: true });
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
