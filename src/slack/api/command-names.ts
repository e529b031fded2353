import { errorName } from '../../core/error-name.ts';
import type { Log } from '../../ports/log.ts';

/**
 * The name of the slash command, by account. The manifest sets it and may be changed. A click on a button does not include it, so the name
 * that was typed last is used.
 */
export type CommandNames = {
  of(account: string): string;
  seen(account: string, name: string): void;
};

/** The name in manifest.yml, used until a person has typed another name. */
const USUAL = '/usage';

/**
 * Creates the record of command names.
 *
 * @param remember stores a new name for the next start. It is not awaited; an error is logged
 */
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
      void remember(account, name).catch((error: unknown) => log.warn({ error: errorName(error) }, 'failed to store the command name'));
    },
  };
}
