import { CommanderError } from 'commander';
import { StoreRefused, StoreUnavailable } from '../ports/stores/store-errors.ts';
import { errorText } from './error-text.ts';
import { createProgram } from './program.ts';
import { createTerminal, EXIT_USAGE, type Surroundings } from './terminal.ts';

/**
 * Runs one command line. After `start` and `demo`, the service keeps running.
 *
 * @returns the exit code: 0 done, 1 failed, 2 the configuration or the arguments are wrong
 * @throws an unexpected error, which is a bug
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const terminal = createTerminal(surroundings);
  const program = createProgram(terminal);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(words, { from: 'user' });
    return terminal.exitCode();
  } catch (error) {
    // Help and version are thrown too, with exit code 0. Wrong arguments get the same exit code as a wrong configuration, because nothing
    // was started.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (error instanceof StoreUnavailable || error instanceof StoreRefused) {
      terminal.fail(errorText(error));
      return terminal.exitCode();
    }
    throw error;
  }
}
