/**
 * Measures how long Slack waits for the acknowledgement of `/usage`, and people for the answer from PostgreSQL, with 32 people at
 * once who type again as soon as the answer is there. A bare server that only checks the same signature runs beside it, so that the
 * ratio is comparable between machines.
 *
 *   npm run bench -- slack-ack
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkSignature } from '../src/slack/receivers/signature.ts';
import { addressOf } from './support/address.ts';
import { SIGNING_SECRET, slashCommand } from './support/slash-command.ts';

const INGEST_KEY = 'the-ingest-key-of-the-benchmark';
const PEOPLE = 32;
const COMMANDS = 4000;
const WARM_UP = 500;
const TARGET_MS = 100;

/** Milliseconds of each command, to the acknowledgement and to the answer. */
const waitsSchema = z.object({ acks: z.array(z.number()), answers: z.array(z.number()) });
type Waits = z.infer<typeof waitsSchema>;

const [role, argument, waitFor] = process.argv.slice(2);
if (role === 'bare') await serveBare();
else if (role === 'load') await load(argument ?? '', waitFor === 'answers');
else await compare();

async function compare(): Promise<void> {
  console.log(`/usage over HTTP, ${PEOPLE} at once, ${COMMANDS} commands`);
  const bare = await measured(fork(fileURLToPath(import.meta.url), ['bare'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }), false);
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const env = {
    PATH: process.env['PATH'],
    DATA_DIR: dataDir,
    PORT: '0',
    INGEST_KEY,
    CREDITWATCH_CONFIG: '',
    LOG_LEVEL: 'error',
    SLACK_BOT_TOKEN: 'xoxb-of-the-benchmark',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
  };
  const service = await measured(spawn(process.execPath, ['dist/main.js', 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] }), true);
  rmSync(dataDir, { recursive: true, force: true });
  console.log(`  bare server, ack      ${spread(bare.acks)}`);
  console.log(
    `  Creditwatch, ack      ${spread(service.acks)}  = ${(at(service.acks, 0.99) / at(bare.acks, 0.99)).toFixed(1)} times p99 of it`,
  );
  console.log(`  Creditwatch, answer   ${spread(service.answers)}  six meters, from the database`);
  const p99 = at(service.acks, 0.99);
  console.log(`  ${p99 < TARGET_MS ? 'ok' : 'TOO SLOW'}: p99 of the acknowledgement is ${p99.toFixed(1)} ms, to be below ${TARGET_MS} ms`);
  if (p99 >= TARGET_MS) process.exitCode = 1;
}

/** Waits for the address of a server, and starts a process that plays Slack and its people. */
async function measured(server: ChildProcess, answers: boolean): Promise<Waits> {
  const url = await addressOf(server);
  if (answers) await pushSix(url);
  const child = fork(fileURLToPath(import.meta.url), ['load', url, answers ? 'answers' : 'acks'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message]: unknown[] = await once(child, 'message');
  await once(child, 'exit');
  server.kill('SIGTERM');
  await once(server, 'exit');
  return waitsSchema.parse(message);
}

async function serveBare(): Promise<void> {
  const { url, close } = await listen((incoming, response) => {
    void buffer(incoming).then((body) => {
      const header = (name: string) => String(incoming.headers[name] ?? '');
      const signed = checkSignature(
        SIGNING_SECRET,
        { timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature'), body },
        new Date(),
      );
      response.writeHead(signed.ok ? 200 : 401).end();
    });
  });
  console.log(url);
  await once(process, 'SIGTERM');
  close();
  process.disconnect();
}

/** Plays Slack and its people: signed commands, each person's next one after the answer to the previous one. */
async function load(url: string, answered: boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: PEOPLE });
  const waiting = new Map<string, () => void>();
  const responses = await listen((incoming, response) => {
    incoming.resume().once('end', () => response.end('ok'));
    waiting.get(incoming.url ?? '')?.();
  });

  async function command(waits: Waits): Promise<void> {
    const path = `/${randomUUID()}`;
    const answer = new Promise<void>((resolve) => waiting.set(path, resolve));
    const startedAt = performance.now();
    await post(`${url}/slack/events`, slashCommand('', `${responses.url}${path}`), agent);
    waits.acks.push(performance.now() - startedAt);
    if (answered) await answer;
    waits.answers.push(performance.now() - startedAt);
    waiting.delete(path);
  }

  async function ask(count: number): Promise<Waits> {
    const waits: Waits = { acks: [], answers: [] };
    let left = count;
    await Promise.all(
      Array.from({ length: PEOPLE }, async () => {
        while (left > 0) {
          left -= 1;
          await command(waits);
        }
      }),
    );
    return waits;
  }

  await ask(WARM_UP);
  process.send?.(await ask(COMMANDS));
  responses.close();
  agent.destroy();
  process.disconnect();
}

async function pushSix(url: string): Promise<void> {
  const meters = ['apollo_contacts', 'campaigns', 'open_ai', 'abmatic_accounts', 'abmatic_contacts', 'abmatic_ip_reveal'];
  const readings = meters.map((meter, index) => ({ meter, used: 1000 * (index + 1), total: 1_000_000 }));
  await post(
    `${url}/v1/usage`,
    {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${INGEST_KEY}` },
      body: JSON.stringify({ source: 'abmatic', readings }),
    },
    new Agent(),
  );
}

function post(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  agent: Agent,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      response
        .resume()
        .once('end', () => ((response.statusCode ?? 500) < 300 ? resolve() : reject(new Error(`HTTP ${String(response.statusCode)}`))));
    });
    sent.once('error', reject).end(body);
  });
}

async function listen(handle: RequestListener): Promise<{ url: string; close: () => void }> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${String(port)}`, close };
}

function spread(waits: readonly number[]): string {
  return [0.5, 0.99, 1]
    .map((share) => `${share === 1 ? 'max' : `p${String(share * 100)}`} ${at(waits, share).toFixed(1).padStart(6)} ms`)
    .join('  ');
}

/** Returns the wait that is not exceeded by this share of all waits. */
function at(waits: readonly number[], share: number): number {
  const sorted = waits.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
