/**
 * Measures how long Slack waits for the acknowledgement of `/usage`, and people for the answer from PostgreSQL, with 10,000 meters and
 * 32 people at once who type again as soon as the answer is there. Then a bare server gets the same commands: it checks the same
 * signature, acknowledges with the same bytes and sends the bytes of the same answer, without looking anything up. The ratio to it is
 * comparable between machines.
 *
 *   npm run bench -- slack-ack [meters]
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkSignature } from '../src/slack/receivers/signature.ts';
import { addressOf } from './support/address.ts';
import { inParts, postPatiently } from './support/batches.ts';
import { listen, serveUntilStopped } from './support/listening.ts';
import { BEARER, startService } from './support/service.ts';
import { SIGNING_SECRET, slashCommand } from './support/slash-command.ts';

const PEOPLE = 32;
const COMMANDS = 4000;
const WARM_UP = 500;
const TARGET_MS = 100;
const READINGS_PER_PUSH = 1_000;

/** What a server answered: to Slack, and to the person. */
const bytesSchema = z.object({ ack: z.string(), answer: z.string() });
type Bytes = z.infer<typeof bytesSchema>;

/** Milliseconds of each command, to the acknowledgement and to the answer. */
const waitsSchema = z.object({ acks: z.array(z.number()), answers: z.array(z.number()), last: bytesSchema });
type Waits = z.infer<typeof waitsSchema>;

const [role, argument] = process.argv.slice(2);
if (role === 'bare') await serveBare();
else if (role === 'load') await load(argument ?? '');
else
  await compare(
    z.coerce
      .number()
      .int()
      .positive()
      .parse(role ?? 10_000),
  );

async function compare(meters: number): Promise<void> {
  console.log(`/usage over HTTP with ${meters.toLocaleString('en')} meters, ${PEOPLE} at once, ${COMMANDS} commands`);
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const service = startService({ dataDir });
  await push(await service.url, meters);
  const ours = await measured(await service.url);
  await service.stop();
  rmSync(dataDir, { recursive: true, force: true });
  const server = fork(fileURLToPath(import.meta.url), ['bare'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  server.send(ours.last);
  const bare = await measured(await addressOf(server));
  server.kill('SIGTERM');
  await once(server, 'exit');
  const size = ({ ack, answer }: Bytes) => `${String(Buffer.byteLength(ack))} and ${String(Buffer.byteLength(answer))} bytes`;
  for (const [name, what] of [
    ['ack', 'acks'],
    ['answer', 'answers'],
  ] as const) {
    const ratio = (share: number) => (at(ours[what], share) / at(bare[what], share)).toFixed(1);
    console.log(`  bare server, ${name.padEnd(8)} ${spread(bare[what])}`);
    console.log(`  Creditwatch, ${name.padEnd(8)} ${spread(ours[what])}  = ${ratio(0.5)} times p50 of it, ${ratio(0.99)} times p99`);
  }
  console.log(`  acknowledgement and answer: ${size(ours.last)}; of the bare server ${size(bare.last)}`);
  const p99 = at(ours.acks, 0.99);
  console.log(`  ${p99 < TARGET_MS ? 'ok' : 'TOO SLOW'}: p99 of the acknowledgement is ${p99.toFixed(1)} ms, to be below ${TARGET_MS} ms`);
  if (p99 >= TARGET_MS) process.exitCode = 1;
}

/** Starts a process that plays Slack and its people, and returns what it measured. */
async function measured(url: string): Promise<Waits> {
  const child = fork(fileURLToPath(import.meta.url), ['load', url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [message]: unknown[] = await once(child, 'message');
  await once(child, 'exit');
  return waitsSchema.parse(message);
}

/** Pushes a reading far below all levels for each meter. */
async function push(url: string, meters: number): Promise<void> {
  for (const part of inParts(meters, READINGS_PER_PUSH)) {
    const readings = part.map((nth) => ({ meter: `meter_${String(nth).padStart(6, '0')}`, used: 100 + nth, total: 1_000_000 }));
    await postPatiently(`${url}/v1/usage`, BEARER, { source: 'bench', readings });
  }
}

async function serveBare(): Promise<void> {
  const [message]: unknown[] = await once(process, 'message');
  const { ack, answer } = bytesSchema.parse(message);
  const agent = new Agent({ keepAlive: true });
  await serveUntilStopped((incoming, response) => {
    void buffer(incoming).then(async (body) => {
      const header = (name: string) => String(incoming.headers[name] ?? '');
      const signed = checkSignature(
        SIGNING_SECRET,
        { timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature'), body },
        new Date(),
      );
      response.writeHead(signed.ok ? 200 : 401).end(ack);
      if (!signed.ok) return;
      const responseUrl = new URLSearchParams(body.toString()).get('response_url') ?? '';
      await post(responseUrl, { headers: { 'content-type': 'application/json' }, body: answer }, agent);
    });
  });
  agent.destroy();
}

/** Plays Slack and its people: signed commands, each person's next one after the answer to the previous one. */
async function load(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: PEOPLE });
  const waiting = new Map<string, () => void>();
  const last = { ack: '', answer: '' };
  const responses = await listen((incoming, response) => {
    void text(incoming).then((body) => {
      last.answer = body;
      response.end('ok');
      waiting.get(incoming.url ?? '')?.();
    });
  });

  async function command(waits: Waits): Promise<void> {
    const path = `/${randomUUID()}`;
    const answer = new Promise<void>((resolve) => waiting.set(path, resolve));
    const startedAt = performance.now();
    last.ack = await post(`${url}/slack/events`, slashCommand('', `${responses.url}${path}`), agent);
    waits.acks.push(performance.now() - startedAt);
    await answer;
    waits.answers.push(performance.now() - startedAt);
    waiting.delete(path);
  }

  async function ask(count: number): Promise<Waits> {
    const waits: Waits = { acks: [], answers: [], last };
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

/** Returns the body of the answer. */
function post(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  agent: Agent,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      text(response).then((said) => {
        if ((response.statusCode ?? 500) < 300) resolve(said);
        else reject(new Error(`HTTP ${String(response.statusCode)}`));
      }, reject);
    });
    sent.once('error', reject).end(body);
  });
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
