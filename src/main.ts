#!/usr/bin/env node
import type { CommanderError } from 'commander';
import { createProgram } from './cli/program.ts';

const program = createProgram();
for (const command of [program, ...program.commands]) command.exitOverride(leave);
await program.parseAsync();

/** A call that is not understood ends like a configuration that is not: nothing was begun. */
function leave({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2);
}
