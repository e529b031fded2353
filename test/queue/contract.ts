import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { WakeKind, WakeQueue } from '../../src/ports/outbound/queue.ts';
import { createWakeQueue } from '../../src/queue/wake-queue.ts';
import { Arrivals } from '../support/slack/arrivals.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const WORKER = fileURLToPath(new URL('../support/queue-worker.mjs', import.meta.url));

/** Where a backend keeps its jobs, and how they can be lost. */
export type QueueHome = { readonly databaseUrl: string; readonly redisUrl: string | null; flush(): Promise<void> };

/** A run of the handler, which lasts until the test ends it. */
type Run = { readonly id: string; end(failure?: Error): void };

/** Tests that every backend of the wake queue must pass. */
export function queueContract(prepare: () => Promise<QueueHome>): void {
  let home: QueueHome;
  beforeAll(async () => {
    home = await prepare();
  });

  async function open(kind?: WakeKind): Promise<{ queue: WakeQueue; log: ReturnType<typeof recordedLog> }> {
    const log = recordedLog();
    const queue = await createWakeQueue({ databaseUrl: home.databaseUrl, redisUrl: home.redisUrl, log, ...(kind && { kind }) });
    onTestFinished(() => queue.close());
    return { queue, log };
  }

  /** A queue with a worker. `mostAtOnce` is the highest number of concurrent runs of one id. */
  async function openWorking(kind?: WakeKind) {
    const { queue, log } = await open(kind);
    const runs = new Arrivals<Run>('run', ({ id }) => id);
    const running = new Map<string, number>();
    let mostAtOnce = 0;
    await queue.work(
      (id) =>
        new Promise((resolve, reject) => {
          const now = (running.get(id) ?? 0) + 1;
          running.set(id, now);
          mostAtOnce = Math.max(mostAtOnce, now);
          runs.push({
            id,
            end(failure) {
              running.set(id, (running.get(id) ?? 1) - 1);
              if (failure) reject(failure);
              else resolve();
            },
          });
        }),
    );
    onTestFinished(() => runs.all.forEach((run) => run.end()));
    return {
      queue,
      log,
      mostAtOnce: () => mostAtOnce,
      count: (id: string) => runs.all.filter((run) => run.id === id).length,
      run: (id: string, withinMs?: number) => runs.next((run) => run.id === id, withinMs),
    };
  }

  test('polls and drains have separate queues: a wake of one kind never reaches the other', async () => {
    const [drains, polls] = [await openWorking('drain'), await openWorking('poll')];
    polls.queue.wake('source');
    drains.queue.wake('destination');
    (await polls.run('source')).end();
    (await drains.run('destination')).end();
    for (const [own, id, foreign] of [
      [polls, 'next-source', 'destination'],
      [drains, 'next-destination', 'source'],
    ] as const) {
      own.queue.wake(id);
      (await own.run(id)).end();
      expect(own.count(foreign)).toBe(0);
    }
  });

  test('a wake runs the handler with its id, and the next wake runs it again', async () => {
    const { queue, run } = await openWorking();
    queue.wake('plain');
    (await run('plain')).end();
    queue.wake('plain');
    (await run('plain')).end();
  });

  test('a wake from before there was a worker runs once there is one', async () => {
    const { queue: producer } = await open();
    producer.wake('early');
    const { run } = await openWorking();
    (await run('early')).end();
  });

  test('five wakes during a run result in exactly one more run after it, never two at once', async () => {
    const { queue, run, count, mostAtOnce } = await openWorking();
    const { queue: other } = await open();
    queue.wake('busy');
    const first = await run('busy');
    for (const producer of [queue, other, queue, other, queue]) producer.wake('busy');
    // Wakes run in order, so once this one runs, all earlier ones have arrived.
    queue.wake('beside-one');
    other.wake('beside-two');
    for (const beside of [await run('beside-one'), await run('beside-two')]) beside.end();
    first.end();
    (await run('busy')).end();
    // If there had been a third run, it would have begun before this one.
    queue.wake('sentinel');
    (await run('sentinel')).end();
    expect([count('busy'), mostAtOnce()]).toEqual([2, 1]);
    queue.wake('busy');
    (await run('busy')).end();
  });

  test('two workers never run one id at the same time', async () => {
    const [one, two] = [await openWorking(), await openWorking()];
    one.queue.wake('shared');
    const first = await Promise.race([one.run('shared'), two.run('shared')]);
    two.queue.wake('shared');
    two.queue.wake('elsewhere');
    (await Promise.race([one.run('elsewhere'), two.run('elsewhere')])).end();
    expect(one.count('shared') + two.count('shared')).toBe(1);
    first.end();
    await expect.poll(() => one.count('shared') + two.count('shared'), { timeout: 5000 }).toBe(2);
  });

  test('ten different ids run at the same time', async () => {
    const { queue, run } = await openWorking();
    const ids = Array.from({ length: 10 }, (_, index) => `together-${String(index)}`);
    for (const id of ids) queue.wake(id);
    for (const one of await Promise.all(ids.map((id) => run(id)))) one.end();
  });

  test('a thousand ids woken at once each run once, and one that hangs does not block the others', async () => {
    const log = recordedLog();
    const queue = await createWakeQueue({ databaseUrl: home.databaseUrl, redisUrl: home.redisUrl, log });
    const ids = Array.from({ length: 1000 }, (_, index) => `many-${String(index)}`);
    const ran: string[] = [];
    let endHanging = (): void => undefined;
    onTestFinished(async () => {
      endHanging();
      await queue.close();
    });
    await queue.work(async (id) => {
      ran.push(id);
      if (id === 'many-7') await new Promise<void>((resolve) => (endHanging = resolve));
    });
    for (const id of ids) queue.wake(id);
    await expect.poll(() => ran.length, { timeout: 10_000 }).toBe(1000);
    expect(ran.toSorted()).toEqual(ids.toSorted());
    queue.wake('after-many');
    await expect.poll(() => ran).toContain('after-many');
    expect(log.lines).toEqual([]);
  });

  test('a handler that throws is logged and blocks neither its own id nor others', async () => {
    const { queue, log, run } = await openWorking();
    queue.wake('throws');
    (await run('throws')).end(new Error('the drain broke'));
    queue.wake('other');
    (await run('other')).end();
    queue.wake('throws');
    (await run('throws')).end();
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ message: 'drain failed', fields: { id: 'throws' } }]);
  });

  test('the job of a killed worker goes to another worker within 15 s', async () => {
    const { queue: producer } = await open();
    const child = spawn(process.execPath, [WORKER, home.databaseUrl, ...(home.redisUrl === null ? [] : [home.redisUrl])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    producer.wake('orphan');
    expect(await once(createInterface(child.stdout), 'line')).toEqual(['orphan']);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const { run } = await openWorking();
    (await run('orphan', 15_000)).end();
  });

  test('after the queue was flushed during a run, a new wake runs', async () => {
    const { queue, run } = await openWorking();
    queue.wake('flushed');
    const interrupted = await run('flushed');
    await home.flush();
    interrupted.end();
    queue.wake('flushed');
    (await run('flushed')).end();
  });

  test('close waits for current runs and starts no new ones', async () => {
    const { queue, run, count } = await openWorking();
    queue.wake('last');
    const last = await run('last');
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    queue.wake('too-late');
    expect(closed).toBe(false);
    last.end();
    await closing;
    expect(count('too-late')).toBe(0);
  });

  test('reports whether it is ready', async () => {
    const { queue } = await open();
    await expect.poll(() => queue.isReady()).toBe(true);
  });
}
