/** Builds and runs a tool with the local Slack: `local`, for use by hand, or `pictures`, for the docs. */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const [name = 'local', ...rest] = process.argv.slice(2);
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const built = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.slack.json'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
const tool = spawn(process.execPath, ['--enable-source-maps', `dist/tools/scripts/slack/${name}.js`, ...rest], { stdio: 'inherit' });
// Ctrl-C reaches both processes; the tool stops what it has started.
process.on('SIGINT', () => undefined);
tool.on('exit', (code) => process.exit(code ?? 1));
