import type { Platform } from '../chat/platform.ts';
import type { Config, ConfigProblem } from '../config/config.ts';
import { readConfig } from '../config/load.ts';
import type { Result } from '../core/result.ts';
import { platforms as all } from './platforms.ts';

/**
 * Loads the configuration from the environment and creditwatch.yml, or returns all problems in them.
 *
 * @param from.platforms the available platforms; those of `platforms.ts` by default
 */
export function loadConfig({
  platforms = all,
  ...from
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly defaultDataDir?: string;
  readonly platforms?: readonly Platform[] | undefined;
}): Result<Config, readonly ConfigProblem[]> {
  return readConfig({ ...from, platforms });
}
