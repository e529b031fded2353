import type { PlatformEnvironment } from '../../src/chat/platform.ts';
import { createEnvironment } from '../../src/config/environment.ts';

/** The environment as a platform reads its settings from it. A problem fails the test. */
export function platformEnvironment(env: Readonly<Record<string, string>>, { cwd = '/' } = {}): PlatformEnvironment {
  const problem = (where: string, message: string): never => {
    throw new Error(`${where}: ${message}`);
  };
  const environment = createEnvironment(env, problem);
  const url = (name: string) => environment.get(name) ?? null;
  return { ...environment, url, problem, host: '127.0.0.1', publicUrl: url('PUBLIC_URL'), cwd };
}
