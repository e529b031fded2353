import { CommanderError } from 'commander';
import { StoreRefused, StoreUnavailable } from '../ports/stores/store-errors.ts';
import { createProgram } from './program.ts';
import { createTerminal, EXIT_USAGE, type Surroundings } from './terminal.ts';

/**
 * The command line: does what the words behind `creditwatch` say. After `start` and `demo` the service goes on.
 *
 * @returns the exit code: 0 done, 1 failed, 2 the configuration or the call is wrong
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const terminal = createTerminal(surroundings);
  const program = createProgram(terminal);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(words, { from: 'user' });
    return terminal.exitCode();
  } catch (error) {
    // Help and version end so too. A call that is not understood ends like a configuration that is not: nothing was begun.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (error instanceof StoreUnavailable || error instanceof StoreRefused) {
      terminal.fail(error.message);
      return terminal.exitCode();
    }
    throw error;
  }
}
