import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { demoFiguresText } from '../../src/messages/replies/operations.ts';
import { dataFolder } from '../support/app.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Starts the demo as a newcomer does, with nothing in the environment but a port, and waits until all is shown. */
async function startDemo(folder: string) {
  const child = spawn(process.execPath, [MAIN, 'demo'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitUntil(() => output.includes('Ctrl-C stops it.'), { timeout: 60_000 });
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = await ended;
    return code;
  };
  return { output: () => output, end };
}

const serverPid = (dataDir: string) => readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0];

test('the demo shows the alert, the overview and the digest, takes the reading it suggests, and after a kill -9 goes on with the same database', async () => {
  const folder = dataFolder();
  const dataDir = join(folder, 'data', 'demo');
  const first = await startDemo(folder);
  const shown = first.output();
  expect(shown).toMatch(
    /^🟠 Apollo Contacts reached 80%: runs out .+\n803,412 \/ 1,000,000 credits used · 196,588 left\nThat is .+ before the reset/m,
  );
  expect(shown).toMatch(
    /^Credits: 1 of 6 needs attention · as of \d\d:\d\d\n🟠 Apollo Contacts {2}803,412 \/ 1,000,000 credits used · 80%\n {3}▓▓▓▓▓▓▓▓░░ 196,588 left/m,
  );
  expect(shown).toContain('🟢 Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%');
  expect(shown).toMatch(
    /^📊 Credits, .+: 1 needs attention, 5 fine\n🟠 Apollo Contacts {2}803,412 \/ 1,000,000 · 80% · \+3\d\d,\d\d\d \(last week \+\d\d\d,\d\d\d\)\n {3}Runs out /m,
  );
  for (const next of ['Slack ', 'Teams ', 'Source ', 'Ingest key: cw_']) expect(shown).toContain(next);
  // Alert, overview and digest are of one moment: each is shown once.
  expect(shown.match(/reached 80%/g)).toHaveLength(1);

  const [, url = '', key = ''] = /curl (\S+) -H "Authorization: Bearer (\S+)"/.exec(shown) ?? [];
  const body = /-d '(.+)'/.exec(shown)?.[1] ?? '';
  expect((await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body })).status).toBe(202);
  await vi.waitUntil(() => first.output().includes('🔴 Apollo Contacts is used up (100%)'), { timeout: 15_000 });

  // It is printed before it is stored that it was.
  const metrics = async () => (await fetch(new URL('/metrics', url))).text();
  await vi.waitFor(async () => expect(await metrics()).toMatch(/^creditwatch_deliveries_pending\{.*\} 0$/m), { timeout: 10_000 });
  const server = serverPid(dataDir);
  await first.end('SIGKILL');
  const second = await startDemo(folder);
  expect(serverPid(dataDir)).toBe(server);
  expect(second.output()).toContain('as it was posted\n\n🔴 Apollo Contacts is used up (100%)');
  expect(second.output()).toContain('Apollo Contacts  1,000,214 / 1,000,000 credits used · 100%');
  // The key of the demo alone is shown again, for a command that works as it is.
  expect(second.output()).toContain(`Authorization: Bearer ${key}`);
  // Who types it beside the demo, in the same folder and with no variable set, means the demo.
  const usage = spawnSync(process.execPath, [MAIN, 'usage', 'apollo', '--json'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  expect(usage.stderr).toBe(`${demoFiguresText(dataDir)}\n`);
  expect(JSON.parse(usage.stdout)).toMatchObject({ meters: [{ meter: 'apollo_contacts', used: 1_000_214 }] });
  expect(await second.end('SIGTERM')).toBe(0);
}, 120_000);
