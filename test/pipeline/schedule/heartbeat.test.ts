import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createHeartbeatSender } from '../../../src/outbound/heartbeat.ts';
import { createHeartbeat } from '../../../src/pipeline/schedule/heartbeat.ts';
import { recordedLog, type RecordedLog } from '../../support/slack/recorded-log.ts';

const SECRET = 'a-check-of-my-own';
const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-11-23T09:00:00Z');

/** A watcher on loopback, and a service whose clock stands still while anybody waits for it. */
async function meterState() {
  let asked: (() => void) | null = null;
  let answer = (response: ServerResponse): void => void response.end('OK');
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const stopping = new AbortController();
  onTestFinished(() => {
    stopping.abort();
    asked?.();
    server.closeAllConnections();
    server.close();
  });

  let nowMs = START_MS;
  let sleeping = 0;
  const clock = {
    now: () => new Date(nowMs),
    sleep: (ms: number) =>
      new Promise<void>((resolve) => {
        sleeping = ms;
        asked = resolve;
      }),
  };
  let pass: { at: Date; oldestDueMs: number } | null = { at: new Date(nowMs), oldestDueMs: 0 };
  let sweeping = true;
  const log = recordedLog();
  void createHeartbeat({
    sweep: { lastPass: () => pass },
    beat: createHeartbeatSender(`http://127.0.0.1:${String(port)}/${SECRET}`),
    clock,
    log,
    signal: stopping.signal,
  }).run();

  const asleep = async (): Promise<void> => {
    while (asked === null) await turn();
  };
  return {
    calls,
    log,
    answers: (with_: typeof answer) => (answer = with_),
    /** The sweep got through last then, and does not any more. */
    stuck: (at: Date | null, oldestDueMs = 0) => {
      sweeping = false;
      pass = at && { at, oldestDueMs };
    },
    /** It gets through all the time, as in the beginning. */
    sweeps: () => (sweeping = true),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
    /** Until it sleeps, then lets that time go by. Returns how long it was. */
    async next(): Promise<number> {
      await asleep();
      const [ms, wake] = [sleeping, asked];
      nowMs += ms;
      if (sweeping) pass = { at: new Date(nowMs), oldestDueMs: 0 };
      asked = null;
      wake?.();
      return ms;
    },
    asleep,
  };
}

const times = (log: RecordedLog, sentence: string) => log.lines.filter(({ message }) => message.includes(sentence)).length;

test('the watcher is called once a minute while all is well', async () => {
  const it = await meterState();
  for (let minute = 0; minute < 3; minute += 1) expect(await it.next()).toBe(MINUTE_MS);
  await it.asleep();
  expect(it.calls).toEqual(Array.from({ length: 4 }, () => `GET /${SECRET}`));
});

test.each<[string, number, number, number]>([
  ['a sweep of 30 s ago is well', 30_000, 0, 1],
  ['one of longer ago is not: the database does not answer', 30_001, 0, 0],
  ['a delivery that is due for 15 minutes is well', 0, 15 * MINUTE_MS, 1],
  ['one that is due for longer is stuck', 0, 15 * MINUTE_MS + 1, 0],
])('%s', async (_what, sweptAgoMs, oldestDueMs, calls) => {
  const it = await meterState();
  await it.asleep();
  const before = it.calls.length;
  it.stuck(new Date(START_MS + MINUTE_MS - sweptAgoMs), oldestDueMs);
  await it.next();
  await it.asleep();
  expect(it.calls.length - before).toBe(calls);
});

test('before the first sweep it says nothing; after trouble it calls again within 5 s, and says each once', async () => {
  const it = await meterState();
  await it.asleep();
  it.stuck(null);
  await it.next();
  expect(await it.next()).toBe(5_000);
  it.stuck(new Date(0));
  for (let look = 0; look < 3; look += 1) expect(await it.next()).toBe(5_000);
  expect(it.calls).toHaveLength(1);
  it.sweeps();
  expect(await it.next()).toBe(5_000);
  await it.asleep();
  expect(it.calls).toHaveLength(2);
  expect(times(it.log, 'heartbeat paused')).toBe(1);
  expect(times(it.log, 'heartbeat resumed')).toBe(1);
});

test('a watcher that refuses or is away is said once, without its URL, and again when it answers', async () => {
  const it = await meterState();
  it.answers((response) => void response.writeHead(500).end());
  for (let minute = 0; minute < 3; minute += 1) await it.next();
  await it.asleep();
  it.answers((response) => void response.end('OK'));
  for (let minute = 0; minute < 2; minute += 1) await it.next();
  await it.asleep();
  expect(times(it.log, 'heartbeat failed')).toBe(1);
  expect(times(it.log, 'heartbeat reached HEARTBEAT_URL again')).toBe(1);
  expect(it.log.text()).not.toContain(SECRET);
});

test('nobody there is a reason in one word', async () => {
  const it = await meterState();
  await it.asleep();
  await it.close();
  await it.next();
  await it.asleep();
  // Which of the two depends on whether the connection of the beat before was kept.
  expect(it.log.text()).toMatch(/why: 'ECONN(?:REFUSED|RESET)'/);
  expect(it.log.text()).not.toContain(SECRET);
});
