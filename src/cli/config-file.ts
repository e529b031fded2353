import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { relative, resolve } from 'node:path';
import { platforms as allPlatforms } from '../app/platforms.ts';
import { addSource } from '../config/add-source.ts';
import { trimmed } from '../config/environment.ts';
import { decodedFile, readFileText } from '../config/file.ts';
import type { SourceEntry } from '../config/source-entry.ts';
import { draftOf, settleFolder } from '../datadir/private-file.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ConfigFileProblem } from '../messages/replies/config-file.ts';
import type { Terminal } from './terminal.ts';

/** creditwatch.yml as it is on disk. `text`: empty if there is no file. */
export type ConfigFile = { readonly path: string; readonly name: string; readonly text: string; readonly exists: boolean };

const OWNER_ONLY = 0o600;

/** Reads the file of CREDITWATCH_CONFIG, or creditwatch.yml in the current folder, which need not exist. */
export function readConfigFile({ env, cwd }: Terminal): Result<ConfigFile, ConfigFileProblem & { readonly file: string }> {
  const path = resolve(cwd, trimmed(env['CREDITWATCH_CONFIG']) ?? 'creditwatch.yml');
  const name = relative(cwd, path) || path;
  if (!existsSync(path)) return ok({ path, name, text: '', exists: false });
  try {
    return ok({ path: realpathSync(path), name, text: decodedFile(readFileSync(path)), exists: true });
  } catch (error) {
    return err({ kind: 'unreadable', code: codeOf(error), file: name });
  }
}

/**
 * Loads a text as if it were the file.
 *
 * @param values variables that need not be set yet
 */
export function loadText(
  { env, platforms = allPlatforms }: Terminal,
  { path, name }: ConfigFile,
  { text, values }: { readonly text: string; readonly values: Readonly<Record<string, string>> },
): ReturnType<typeof readFileText> {
  return readFileText(text, { path, name, env: { ...env, ...values }, platforms });
}

/**
 * Adds a source to the file, after the configuration with it was loaded without a new mistake.
 *
 * @param values the variables of the entry, which need not be set yet
 */
export function writeSource(
  terminal: Terminal,
  file: ConfigFile,
  {
    entry,
    account,
    values,
  }: { readonly entry: SourceEntry; readonly account: string | null; readonly values: Readonly<Record<string, string>> },
): Result<void, ConfigFileProblem> {
  const added = addSource(file.text, entry, account);
  if (!added.ok) return added;
  const load = (text: string) => loadText(terminal, file, { text, values });
  const [before, after] = [load(file.text), load(added.value)];
  if (!after.ok) {
    // Lines move. Variables of other sources may be set only where the service runs.
    const known = new Set(before.ok ? [] : before.error.map(({ where, message }) => `${withoutLine(where)} ${message}`));
    const fresh = after.error.filter(({ where, message }) => !known.has(`${withoutLine(where)} ${message}`));
    if (fresh.length > 0)
      return err({ kind: 'not-valid', mistakes: fresh.map(({ where, message }) => `${withoutLine(where)}: ${message}`) });
  }
  return replaced(file, added.value);
}

/** The code of the system, such as `EACCES`; the name of the error if it has none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function withoutLine(where: string): string {
  return where.replace(/:\d+/, '');
}

/** Replaces the file atomically, with its owner and mode. */
function replaced({ path, text: before, exists }: ConfigFile, text: string): Result<void, ConfigFileProblem> {
  const draft = draftOf(path);
  try {
    if (exists !== existsSync(path) || (exists && decodedFile(readFileSync(path)) !== before)) return err({ kind: 'changed' });
    const known = exists ? statSync(path) : null;
    const file = openSync(draft, 'wx', OWNER_ONLY);
    try {
      if (known !== null) {
        if (known.uid !== process.geteuid?.()) fchownSync(file, known.uid, known.gid);
        fchmodSync(file, known.mode);
      }
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    settleFolder(resolve(path, '..'));
    return ok(undefined);
  } catch (error) {
    return err({ kind: 'not-written', code: codeOf(error) });
  } finally {
    rmSync(draft, { force: true });
  }
}
