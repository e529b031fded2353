import { errorName } from '../../core/error-name.ts';
import type { Log } from '../../ports/log.ts';

/**
 * What the slash command is called, by account. The manifest decides it and may be changed; a press does not tell it, so it is
 * what was typed last.
 */
export type CommandNames = {
  of(account: string): string;
  seen(account: string, name: string): void;
};

/** As manifest.yml declares it, until somebody has typed it otherwise. */
const USUAL = '/usage';

/** @param remember keeps a new name for the next start; nobody waits for it */
export function createCommandNames({
  known = new Map(),
  remember = () => Promise.resolve(),
  log,
}: {
  readonly known?: ReadonlyMap<string, string>;
  readonly remember?: (account: string, name: string) => Promise<void>;
  readonly log: Log;
}): CommandNames {
  const names = new Map(known);
  return {
    of: (account) => names.get(account) ?? USUAL,
    seen(account, name) {
      if ((names.get(account) ?? USUAL) === name) return;
      names.set(account, name);
      void remember(account, name).catch((error: unknown) =>
        log.warn({ error: errorName(error) }, 'the name of the command could not be kept'),
      );
    },
  };
}
