import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ENCRYPTION_KEY } from './app.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

export type CommandLine = {
  /** The folder it is typed in, for files beside it. */
  readonly folder: string;
  /** Types `creditwatch …args` and waits for its end. */
  run(args: readonly string[], options?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> }): Promise<Ran>;
  /** Puts a file into the folder. */
  write(name: string, text: string): void;
};

/** A terminal in an empty folder, on a machine where the built program is installed. */
export function commandLine(setting: {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write: (name, text) => writeFileSync(join(folder, name), text),
    async run(args, { input, env } = {}) {
      const child = spawn(process.execPath, [MAIN, ...args], {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          DATA_DIR: setting.dataDir,
          PORT: '0',
          ...(setting.databaseUrl === undefined ? {} : { DATABASE_URL: setting.databaseUrl, ENCRYPTION_KEY }),
          ...setting.env,
          ...env,
        },
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      // What has read enough reads no further.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      const [code] = await once(child, 'close');
      return { code: typeof code === 'number' ? code : null, out, err };
    },
  };
}
