#!/usr/bin/env node
import { main } from './cli/main.ts';

const { argv, env, stdin: input, stdout: output, stderr: errors } = process;
process.exitCode = await main(argv.slice(2), { env, cwd: process.cwd(), input, output, errors });
