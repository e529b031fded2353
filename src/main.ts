#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// By default, the heap may grow to four times what is in use before all of it is collected. This way, 10,000 alerts at once take 40% less
// memory and 5% more CPU.
setFlagsFromString('--heap-growing-percent=40');

const { main } = await import('./cli/main.ts');
const { argv, env, stdin: input, stdout: output, stderr: errors } = process;
process.exitCode = await main(argv.slice(2), { env, cwd: process.cwd(), input, output, errors });
