import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/app/load-config.ts';

/** Loads a configuration from the text of creditwatch.yml. */
export function loadConfigText(text: string, env: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-config-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'creditwatch.yml'), text);
  return loadConfig({ env, cwd });
}
