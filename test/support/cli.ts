import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PassThrough, Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { onTestFinished } from 'vitest';
import type { Platform } from '../../src/chat/platform.ts';
import { main } from '../../src/cli/main.ts';
import { createProgram } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { ENCRYPTION_KEY } from './app.ts';
import { openTestStore } from './database.ts';

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

type Setting = {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The platforms that there are, where it is typed in this process; else the real ones. */
  readonly platforms?: readonly Platform[];
};

/** The commands that there are. */
export function programOf(): Command {
  return createProgram(
    createTerminal({ env: {}, cwd: '/', input: Readable.from([]), output: new PassThrough(), errors: new PassThrough() }),
  );
}

/** A terminal in an empty folder: what is typed is done in this process, as `main` does it. */
export function commandLine(setting: Setting): CommandLine {
  return inFolder(setting, async (args, { cwd, env, input }) => {
    let [out, err] = ['', ''];
    const collect = (add: (text: string) => void) =>
      new Writable({ write: (chunk: Buffer, _encoding, done) => (add(chunk.toString()), done()) });
    const code = await main(args, {
      env,
      cwd,
      openStore: openTestStore,
      ...(setting.platforms && { platforms: setting.platforms }),
      input: Readable.from(input === undefined ? [] : [Buffer.from(input)]),
      output: collect((text) => (out += text)),
      errors: collect((text) => (err += text)),
    });
    return { code, out, err };
  });
}

/**
 * The same with the built program: each call is a process of its own, which may become another user, or run out of what it needs.
 *
 * @param main the main.js of another installation
 */
export function commandProcess(setting: Setting, main = MAIN): CommandLine {
  return inFolder(setting, async (args, { cwd, env, input }) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
    onTestFinished(() => void child.kill('SIGKILL'));
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    // What has read enough reads no further.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    return { code: typeof code === 'number' ? code : null, out, err };
  });
}

type Call = { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly input: string | undefined };

function inFolder(setting: Setting, run: (args: readonly string[], call: Call) => Promise<Ran>): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const settings = {
    DATA_DIR: setting.dataDir,
    PORT: '0',
    ...(setting.databaseUrl === undefined ? {} : { DATABASE_URL: setting.databaseUrl, ENCRYPTION_KEY }),
    ...setting.env,
  };
  return {
    folder,
    write: (name, text) => writeFileSync(join(folder, name), text),
    run: (args, { input, env } = {}) => run(args, { cwd: folder, env: { ...settings, ...env }, input }),
  };
}
