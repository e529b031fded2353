import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nextPollAt, type PollOutcome } from '../../src/core/poll.ts';
import { createPoll } from '../../src/pipeline/poll.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { json, startVendor } from '../support/vendor.ts';

const START = '2026-11-24T08:00:00Z';
const ROUTES = 'routes: [{ slack: C0ALERTS, meters: all, digest: false }, { slack: C0OPERATIONS, operations: true }]';
const usage = (used: number) => json({ used, total: 1000, extra: { used: 1, total: 10 } });

async function polling({ every = '15m', source = '', meters = 'a: { used: used, total: total }', rules = '' } = {}) {
  const vendor = await startVendor();
  vendor.on('/', usage(100));
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: apollo, kind: http, url: "${vendor.url}/", every: ${every}, headers: { x-api-key: "\${APOLLO_KEY}" }, meters: { ${meters} }${source} }]\n${rules}\n${ROUTES}`;
  const pipeline = await startPipeline(file, START, { APOLLO_KEY: 'key-of-the-tests' });
  const ledger = async () => (await pipeline.store.polls('default'))[0];
  return { vendor, pipeline, file, ledger };
}

describe('a poll', () => {
  test('takes what it finds as readings, and is due again after its interval', async () => {
    const { vendor, pipeline, ledger } = await polling();
    await pipeline.goTo('2026-11-24T08:44:59Z');
    expect(vendor.seen).toHaveLength(3);
    expect(await ledger()).toMatchObject({ source: 'apollo', dueAt: new Date('2026-11-24T08:45:00Z'), lastSuccessAt: new Date('2026-11-24T08:30:00Z'), failures: 0, problem: null });
    expect(await pipeline.usage()).toContain('🟢 A  100 / 1,000 used · 10 %');
    vendor.on('/', usage(820));
    await pipeline.goTo('2026-11-24T08:45:00Z');
    expect(pipeline.news()).toEqual([expect.stringContaining('A reached 80 %')]);
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
    const sources = Array.from({ length: 40 }, (_, index) => `{ id: s${index}, kind: http, url: "${vendor.url}/", every: ${index === 0 ? '10s' : '15m'}, meters: { a: { used: used } } }`);
    const file = `allowHosts: ["${vendor.host}"]\nsources: [${sources.join(', ')}]\n${ROUTES}`;
    await pipeline.declare(file);
    const due = async () => new Map((await pipeline.store.polls('default')).map(({ source, dueAt }) => [source, dueAt.getTime()]));
    const first = await due();
    const offsets = [...first.values()].map((at) => at - Date.parse(START));
    expect([Math.min(...offsets) >= 0, Math.max(...offsets) < 30_000]).toEqual([true, true]);
    expect(first.get('s0')).toBeLessThan(Date.parse(START) + 10_000);
    for (let second = 0; second < 30; second += 1) expect(offsets.filter((at) => at >= second * 1000 && at < (second + 1) * 1000).length).toBeLessThan(8);
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

  test('takes its readings while another process starts from the same file: neither stands in the other\'s way', async () => {
    const { pipeline, vendor } = await polling();
    const sources = Array.from({ length: 6 }, (_, index) => `{ id: s${index}, kind: http, url: "${vendor.url}/", every: 15m, meters: { a: { used: used }, b: { used: used } } }`);
    const file = `sources: [${sources.join(', ')}]\n${ROUTES}`;
    const readings = [{ meter: 'b', used: 1 }, { meter: 'a', used: 1 }];
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
    const result = { at: pipeline.now(), nextAt: new Date('2026-11-24T09:00:00Z'), succeeded: true, problem: null };
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
    const poll = createPoll({ store: pipeline.store, poller, ingest: () => Promise.reject(new Error('not asked')), clock, log: recordedLog(), metrics, owner: randomUUID(), random: () => 0, signal: stopping.signal });
    const [due] = await pipeline.store.waitingPolls();
    await poll(due?.pollId ?? '');
    expect(await pipeline.store.waitingPolls()).toEqual([{ pollId: due?.pollId, readyAt: new Date('2026-11-24T08:00:12Z') }]);
    expect(await ledger()).toMatchObject({ failures: 0, problem: null });
  });

  test('leaves no key in the database', async () => {
    const { vendor, pipeline } = await polling();
    vendor.on('/', json({ error: 'key-of-the-tests is not valid' }, 401));
    await pipeline.goTo('2026-11-24T10:00:00Z');
    const [all] = await runSql(pipeline.url, `SELECT string_agg(query_to_xml(format('SELECT * FROM public.%I', table_name), true, false, '')::text, '') AS text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`);
    expect(String(all?.['text'])).toContain('401: the key was refused');
    expect(String(all?.['text'])).not.toContain('key-of-the-tests');
  });
});

describe('a source that fails', () => {
  test('and will pass is tried again after half a minute, then twice as late each time, up to its interval', async () => {
    const { vendor, pipeline, ledger } = await polling();
    vendor.on('/', json({}, 503));
    const due: (string | undefined)[] = [];
    for (let round = 0; round < 7; round += 1) {
      await pipeline.poll();
      const ledgerNow = await ledger();
      due.push(ledgerNow?.dueAt.toISOString().slice(11, 19));
      pipeline.jump(ledgerNow?.dueAt.toISOString() ?? '');
    }
    expect(due).toEqual(['08:00:30', '08:01:30', '08:03:30', '08:07:30', '08:15:30', '08:30:30', '08:45:30']);
    expect(await ledger()).toMatchObject({ failures: 7, problem: { reason: '503: the vendor has a problem' } });
  });

  test('by asking for patience gets it', async () => {
    const { vendor, pipeline, ledger } = await polling();
    vendor.on('/', json({}, 429, { 'retry-after': '3600' }));
    await pipeline.poll();
    expect(await ledger()).toMatchObject({ dueAt: new Date('2026-11-24T09:00:00Z'), problem: { reason: '429: too many requests' } });
  });

  test.each<[string, Parameters<Awaited<ReturnType<typeof startVendor>>['on']>[1], string, string]>([
    ['401', json({}, 401), '401: the key was refused', 'Put a valid key in APOLLO_KEY, then: npx creditwatch try apollo'],
    ['the wrong kind of key', json({ error_code: 'API_INACCESSIBLE' }, 403), '403: the key is of the wrong kind (API_INACCESSIBLE)', 'Make a master key, or one with access to this endpoint, and put it in APOLLO_KEY, then: npx creditwatch try apollo'],
    ['403', json({}, 403), '403: the key may not read this', 'Give the key in APOLLO_KEY access to usage, or use one that has it, then: npx creditwatch try apollo'],
    ['404', json({}, 404), '404: there is nothing at this address', 'Check the url of apollo, then: npx creditwatch try apollo'],
    ['400', json({}, 400), '400: the request was not accepted', 'Check method, url, headers and body of apollo, then: npx creditwatch try apollo'],
    ['a sign-in page', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'), 'it answered a web page, probably a sign-in page, not JSON', 'Check the url of apollo and the header that carries the key, then: npx creditwatch try apollo'],
    ['no JSON', json('used: 5'), 'the answer is not JSON', 'Check the url of apollo, then: npx creditwatch try apollo'],
    ['a changed shape', json({ usage: { used: 5 } }), 'used of a: the expression used found nothing', 'See what the endpoint answers now: npx creditwatch try apollo. Then mend the expression in creditwatch.yml.'],
    ['a negative figure', json({ used: -5, total: 10 }), 'a: used is negative', 'See what the endpoint answers now: npx creditwatch try apollo. Then mend the expression in creditwatch.yml.'],
    ['a figure beyond all', json({ used: 1e308, total: 10 }), 'a: used is beyond 2^53: send it as a string', 'See what the endpoint answers now: npx creditwatch try apollo. Then mend the expression in creditwatch.yml.'],
  ])('with %s waits for its interval, and says why and what to do', async (_what, answer, reason, remedy) => {
    const { vendor, pipeline, ledger } = await polling();
    vendor.on('/', answer);
    await pipeline.poll();
    expect(await ledger()).toMatchObject({ failures: 1, lastSuccessAt: null, dueAt: new Date('2026-11-24T08:15:00Z'), problem: { reason, remedy, at: pipeline.now() } });
    expect(await pipeline.usage()).toContain(`⚪ apollo: no figures yet (${reason})`);
  });

  test('in one meter brings the others, and names it', async () => {
    const { pipeline, ledger } = await polling({ meters: 'a: { used: used, total: total }, gone: { used: gone.used }' });
    await pipeline.poll();
    expect(await ledger()).toMatchObject({ failures: 0, lastSuccessAt: pipeline.now(), problem: { reason: 'used of gone: the expression gone.used found nothing' } });
    expect(await pipeline.usage()).toMatch(/A {2}100 \/ 1,000 used[^]*⚪ apollo: not all of it is read \(used of gone: the expression gone\.used found nothing\)/);
  });

  test('is said to be quiet once, to operations, with the remedy, shown with its age, and that is edited when it is back', async () => {
    const { vendor, pipeline } = await polling();
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({}, 401));
    await pipeline.goTo('2026-11-24T09:14:59Z');
    expect(pipeline.messages).toEqual([]);
    await pipeline.goTo('2026-11-24T12:00:00Z');
    expect(pipeline.messages).toMatchObject([
      {
        address: 'C0OPERATIONS',
        text: '⚪ apollo: no figures since 08:15 (expected every 15 min)\n1 meter is blind, no alerts from it.\n401: the key was refused. Put a valid key in APOLLO_KEY, then: npx creditwatch try apollo',
      },
    ]);
    const overview = await pipeline.usage();
    expect(overview).toContain('⚪ A  100 / 1,000 used');
    expect(overview).toContain('1 out of date');
    expect(overview).toContain('⚪ apollo: no figures since 08:15 (401: the key was refused)');
    vendor.on('/', usage(100));
    await pipeline.goTo('2026-11-24T12:15:00Z');
    expect(pipeline.messages).toMatchObject([{ edits: 1, text: expect.stringMatching(/^✅ apollo: figures again since 12:15\./) }]);
    expect(await pipeline.usage()).not.toContain('apollo:');
  });

  test('from the beginning is said too', async () => {
    const { vendor, pipeline } = await polling();
    vendor.on('/', json({}, 404));
    await pipeline.goTo('2026-11-24T10:00:00Z');
    expect(pipeline.news()).toEqual([expect.stringMatching(/^⚪ apollo: no figures since 08:00 \(expected every 15 min\)\nIts meters are blind, no alerts from them\.\n404: there is nothing at this address\./)]);
  });
});

describe('figures are out of date', () => {
  test.each([
    ['30s', '2026-11-24T09:00:00Z'],
    ['30m', '2026-11-24T09:00:00Z'],
    ['1h', '2026-11-24T10:00:00Z'],
    ['1d', '2026-11-26T08:00:00Z'],
  ])('of a poll every %s after twice that, and an hour at the least', async (every, at) => {
    const { vendor, pipeline } = await polling({ every });
    await pipeline.poll();
    vendor.on('/', json({}, 404));
    await pipeline.goTo(new Date(Date.parse(at) - 1));
    expect(pipeline.messages).toEqual([]);
    await pipeline.goTo(at);
    expect(pipeline.messages).toHaveLength(1);
  });

  test('as a stale rule says, for the meters it names', async () => {
    const { vendor, pipeline } = await polling({ meters: 'a: { used: used, total: total }, b: { used: extra.used, total: extra.total }', rules: 'rules: [{ kind: stale, after: 12h, meters: [a] }]' });
    await pipeline.poll();
    vendor.on('/', json({}, 404));
    await pipeline.goTo('2026-11-24T09:00:00Z');
    expect(pipeline.news()).toEqual([expect.stringContaining('1 meter is blind')]);
    expect(await pipeline.usage()).toMatch(/🟢 A {2}100[^]*⚪ B {2}1/);
    pipeline.jump('2026-11-24T20:00:00Z');
    expect(await pipeline.usage()).toContain('⚪ A  100');
  });
});

describe('the next poll', () => {
  const failed = (passing: boolean, retryAfterMs: number | null = null): PollOutcome => ({ outcome: 'failed', problem: { reason: '', remedy: '' }, passing, retryAfterMs });
  const now = new Date(START);
  const inMs = (outcome: PollOutcome, { everyMs = 60_000, leastGapMs = 1, failures = 1, random = 0.5 } = {}) => nextPollAt(outcome, { everyMs, leastGapMs }, { failures, now, random }).getTime() - now.getTime();

  test('comes a twentieth early or late, so that sources do not come in step', () => {
    expect([0, 0.5, 0.999].map((random) => inMs({ outcome: 'understood', readings: [], problem: null }, { random }))).toEqual([57_000, 60_000, 62_994]);
  });

  test('is never sooner than the vendor allows: five a minute, twelve seconds', () => {
    expect(inMs({ outcome: 'understood', readings: [], problem: null }, { everyMs: 12_000, leastGapMs: 12_000, random: 0 })).toBe(12_000);
    expect(inMs(failed(true), { everyMs: 10_000, leastGapMs: 12_000, random: 0 })).toBe(12_000);
  });

  test('waits as long as the vendor asks, and a day at the most', () => {
    expect(inMs(failed(true, 600_000))).toBe(600_000);
    expect(inMs(failed(true, 10 ** 12))).toBe(24 * 60 * 60_000);
    expect(inMs(failed(true, 5))).toBe(30_000);
  });

  test('does not overflow after years of failures', () => {
    expect(inMs(failed(true), { failures: 100_000, everyMs: 7 * 24 * 60 * 60_000 })).toBe(7 * 24 * 60 * 60_000);
  });
});
