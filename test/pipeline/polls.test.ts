import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPoll } from '../../src/pipeline/schedule/poll.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { runSql } from '../support/database.ts';
import { polling, ROUTES, START, usage } from '../support/polling.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { json } from '../support/vendor.ts';

describe('a poll', () => {
  test('takes what it finds as readings, and is due again after its interval', async () => {
    const { vendor, pipeline, ledger } = await polling();
    await pipeline.goTo('2026-11-24T08:44:59Z');
    expect(vendor.seen).toHaveLength(3);
    expect(await ledger()).toMatchObject({
      source: 'apollo',
      dueAt: new Date('2026-11-24T08:45:00Z'),
      lastSuccessAt: new Date('2026-11-24T08:30:00Z'),
      failures: 0,
      problem: null,
    });
    expect(await pipeline.usage()).toContain('🟢 A  100 / 1,000 used · 10%');
    vendor.on('/', usage(820));
    await pipeline.goTo('2026-11-24T08:45:00Z');
    expect(pipeline.news()).toEqual([expect.stringContaining('A reached 80%')]);
  });

  test('is made by one of two processes, however often both are woken', async () => {
    const { vendor, pipeline } = await polling();
    await Promise.all([pipeline.poll(), pipeline.poll(), pipeline.poll(), pipeline.poll()]);
    expect(vendor.seen).toHaveLength(1);
  });

  test('keeps its due time over a restart, unless it failed: then whoever restarted has mended it', async () => {
    const { vendor, pipeline, file, ledger } = await polling();
    await pipeline.poll();
    const dueAt = (await ledger())?.dueAt;
    pipeline.jump('2026-11-24T08:05:00Z');
    await pipeline.declare(file);
    expect((await ledger())?.dueAt).toEqual(dueAt);
    vendor.on('/', json({}, 401));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    expect(await ledger()).toMatchObject({ failures: 1, dueAt: new Date('2026-11-24T08:30:00Z') });
    pipeline.jump('2026-11-24T08:17:00Z');
    vendor.on('/', usage(100));
    await pipeline.declare(file);
    await pipeline.poll();
    expect(await ledger()).toMatchObject({ failures: 0, problem: null, lastSuccessAt: new Date('2026-11-24T08:17:00Z') });
  });

  test('of many sources that are new is made one by one, and a start that is tried again and again puts off none of them', async () => {
    const { pipeline, vendor } = await polling();
    const sources = Array.from(
      { length: 40 },
      (_, index) =>
        `{ id: s${index}, kind: http, url: "${vendor.url}/", every: ${index === 0 ? '10s' : '15m'}, meters: { a: { used: used } } }`,
    );
    const file = `allowHosts: ["${vendor.host}"]\nsources: [${sources.join(', ')}]\n${ROUTES}`;
    await pipeline.declare(file);
    const due = async () => new Map((await pipeline.store.polls('default')).map(({ source, dueAt }) => [source, dueAt.getTime()]));
    const first = await due();
    const offsets = [...first.values()].map((at) => at - Date.parse(START));
    expect([Math.min(...offsets) >= 0, Math.max(...offsets) < 30_000]).toEqual([true, true]);
    expect(first.get('s0')).toBeLessThan(Date.parse(START) + 10_000);
    for (let second = 0; second < 30; second += 1)
      expect(offsets.filter((at) => at >= second * 1000 && at < (second + 1) * 1000).length).toBeLessThan(8);
    for (const restart of ['2026-11-24T08:00:05Z', '2026-11-24T08:00:09Z']) {
      pipeline.jump(restart);
      await pipeline.declare(file);
      expect(await due()).toEqual(first);
    }
  });

  test('that was due while nobody was there is made soon after the start, not all at once, and forgotten by none', async () => {
    const { pipeline, vendor } = await polling();
    const file = `allowHosts: ["${vendor.host}"]\nsources: [${Array.from({ length: 20 }, (_, index) => `{ id: s${index}, kind: http, url: "${vendor.url}/", every: 15m, meters: { a: { used: used } } }`).join(', ')}]\n${ROUTES}`;
    await pipeline.declare(file);
    await pipeline.goTo('2026-11-24T08:00:30Z');
    expect(vendor.seen).toHaveLength(20);
    pipeline.jump('2026-11-24T12:00:00Z');
    await pipeline.declare(file);
    const due = (await pipeline.store.polls('default')).map(({ dueAt }) => dueAt.getTime() - pipeline.now().getTime());
    expect([Math.min(...due) >= 0, Math.max(...due) < 20_000, new Set(due).size]).toEqual([true, true, 20]);
    await pipeline.goTo('2026-11-24T12:00:20Z');
    expect(vendor.seen).toHaveLength(40);
  });

  test('of a source that is no longer in the file ends', async () => {
    const { pipeline, ledger } = await polling();
    await pipeline.declare(ROUTES);
    expect(await ledger()).toBeUndefined();
  });

  test("takes its readings while another process starts from the same file: neither stands in the other's way", async () => {
    const { pipeline, vendor } = await polling();
    const sources = Array.from(
      { length: 6 },
      (_, index) => `{ id: s${index}, kind: http, url: "${vendor.url}/", every: 15m, meters: { a: { used: used }, b: { used: used } } }`,
    );
    const file = `sources: [${sources.join(', ')}]\n${ROUTES}`;
    const readings = [
      { meter: 'b', used: 1 },
      { meter: 'a', used: 1 },
    ];
    for (let round = 0; round < 25; round += 1) {
      const feed = (index: number, via: 'push' | 'import') => pipeline.push(readings, { source: `s${index}`, via });
      const via = round % 2 === 0 ? 'push' : 'import';
      await Promise.all([pipeline.declare(file), ...[5, 0, 3, 1, 4, 2].map((index) => feed(index, via))]);
    }
  });

  test('that is overtaken writes nothing', async () => {
    const { pipeline, ledger } = await polling();
    const [due] = await pipeline.store.waitingPolls();
    const id = due?.pollId ?? '';
    const first = await pipeline.store.claimPoll(id, 'slow', pipeline.now(), 45_000);
    expect(await pipeline.store.claimPoll(id, 'other', pipeline.now(), 45_000)).toBeNull();
    const second = await pipeline.store.claimPoll(id, 'other', new Date('2026-11-24T08:00:46Z'), 45_000);
    if (!first || !second) throw new Error('not claimed');
    const result = { at: pipeline.now(), nextAt: new Date('2026-11-24T09:00:00Z'), succeeded: true, problem: null, drift: null };
    expect(await pipeline.store.finishPoll(first, result)).toBe(false);
    expect((await ledger())?.lastSuccessAt).toBeNull();
    expect(await pipeline.store.finishPoll(second, result)).toBe(true);
  });

  test('that is under way when the service stops is given back, and due again no sooner than the vendor allows', async () => {
    const { pipeline, ledger } = await polling();
    const stopping = new AbortController();
    const clock: Clock = { now: () => pipeline.now(), sleep: () => Promise.resolve() };
    const poller = { poll: async () => (stopping.abort(), null), paceOf: () => ({ everyMs: 60_000, leastGapMs: 12_000 }) };
    const metrics = { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined };
    const poll = createPoll({
      store: pipeline.store,
      poller,
      ingest: () => Promise.reject(new Error('not asked')),
      clock,
      log: recordedLog(),
      metrics,
      owner: randomUUID(),
      random: () => 0,
      signal: stopping.signal,
    });
    const [due] = await pipeline.store.waitingPolls();
    await poll(due?.pollId ?? '');
    expect(await pipeline.store.waitingPolls()).toEqual([{ pollId: due?.pollId, readyAt: new Date('2026-11-24T08:00:12Z') }]);
    expect(await ledger()).toMatchObject({ failures: 0, problem: null });
  });

  test('leaves no key in the database', async () => {
    const { vendor, pipeline } = await polling();
    vendor.on('/', json({ error: 'key-of-the-tests is not valid' }, 401));
    await pipeline.goTo('2026-11-24T10:00:00Z');
    const [all] = await runSql(
      pipeline.url,
      `SELECT string_agg(query_to_xml(format('SELECT * FROM public.%I', table_name), true, false, '')::text, '') AS text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    expect(String(all?.['text'])).toContain('401: the key was refused');
    expect(String(all?.['text'])).not.toContain('key-of-the-tests');
  });
});
