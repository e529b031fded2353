import type { Command } from 'commander';
import { typedCommands } from '../commands/registry.ts';
import { completionScript, shells, type CompletedCommand, type Shell } from './completion.ts';
import type { Terminal } from './terminal.ts';

/** The words that may follow a command. Known only for these commands. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  usage: typedCommands.filter((word) => word !== ''),
  completion: shells,
};
const TAKE_FILES = new Set(['import', 'export', 'backup', 'restore']);

/** `creditwatch completion <shell>`: prints a completion script, built from the definitions of the commands. */
export function printCompletion(terminal: Terminal, shell: Shell, program: Command): void {
  terminal.print(completionScript(shell, program.name(), program.commands.map(completed)).trimEnd());
}

function completed(command: Command): CompletedCommand {
  const name = command.name();
  const options = command.options.flatMap(({ short, long }) => [short, long]).filter((one) => typeof one === 'string');
  return {
    name,
    description: command.description(),
    options: [...options, '--help'],
    words: WORDS[name] ?? [],
    takesFiles: TAKE_FILES.has(name),
  };
}
