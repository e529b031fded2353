import { describe, expect, test } from 'vitest';
import { polling, usage } from '../support/polling.ts';
import { json, type startVendor } from '../support/vendor.ts';
import type { PollFailure } from '../../src/core/meters/poll-failure.ts';
import { correctExpression, pollFailureText } from '../../src/messages/text/poll-failure.ts';

function status(code: number) {
  return { kind: 'status', status: code, inaccessible: false, retryAfterMs: null } as const;
}

function textOf(failure: PollFailure): [reason: string, remedy: string] {
  const { reason, remedy } = pollFailureText(failure, { source: 'apollo', host: 'vendor.example:443', keyVariables: ['APOLLO_KEY'] });
  return [reason, remedy];
}

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
    expect(await ledger()).toMatchObject({ failures: 7, problem: { reason: expect.stringMatching(/^503: /) } });
  });

  test('by asking for patience gets it', async () => {
    const { vendor, pipeline, ledger } = await polling();
    vendor.on('/', json({}, 429, { 'retry-after': '3600' }));
    await pipeline.poll();
    expect(await ledger()).toMatchObject({ dueAt: new Date('2026-11-24T09:00:00Z'), problem: { reason: expect.stringMatching(/^429: /) } });
  });

  test.each<[string, Parameters<Awaited<ReturnType<typeof startVendor>>['on']>[1], string, string]>([
    ['401', json({}, 401), ...textOf(status(401))],
    ['the wrong kind of key', json({ error_code: 'API_INACCESSIBLE' }, 403), ...textOf({ ...status(403), inaccessible: true })],
    ['403', json({}, 403), ...textOf(status(403))],
    ['404', json({}, 404), ...textOf(status(404))],
    ['400', json({}, 400), ...textOf(status(400))],
    [
      'a sign-in page',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'),
      ...textOf({ kind: 'html' }),
    ],
    ['no JSON', json('used: 5'), ...textOf({ kind: 'not-json' })],
    ['a changed shape', json({ usage: { used: 5 } }), 'used of a: the expression used found nothing', correctExpression('apollo')],
    ['a negative figure', json({ used: -5, total: 10 }), 'a: used is negative', correctExpression('apollo')],
    [
      'an unlimited total as others write it',
      json({ used: 5, total: -1 }),
      'a: total is negative: null means unlimited',
      correctExpression('apollo'),
    ],
    ['a figure beyond all', json({ used: 1e308, total: 10 }), 'a: used is beyond 2^53: send it as a string', correctExpression('apollo')],
  ])('with %s waits for its interval, and says why and what to do', async (_what, answer, reason, remedy) => {
    const { vendor, pipeline, ledger } = await polling();
    vendor.on('/', answer);
    await pipeline.poll();
    expect(await ledger()).toMatchObject({
      failures: 1,
      lastSuccessAt: null,
      dueAt: new Date('2026-11-24T08:15:00Z'),
      problem: { reason, remedy, at: pipeline.now() },
    });
    expect(await pipeline.usage()).toContain(`⚪ apollo: no figures yet (${reason})`);
  });

  test('in one meter brings the others, and names it', async () => {
    const { pipeline, ledger } = await polling({ meters: 'a: { used: used, total: total }, gone: { used: gone.used }' });
    await pipeline.poll();
    expect(await ledger()).toMatchObject({
      failures: 0,
      lastSuccessAt: pipeline.now(),
      problem: { reason: 'used of gone: the expression gone.used found nothing' },
    });
    expect(await pipeline.usage()).toMatch(
      /A {2}100 \/ 1,000 used[^]*⚪ apollo: some figures cannot be read \(used of gone: the expression gone\.used found nothing\)/,
    );
  });

  test('is said to be quiet once, to operations, with the remedy, shown with its age, and that is edited when it is back', async () => {
    const { vendor, pipeline } = await polling();
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({}, 400));
    await pipeline.goTo('2026-11-24T09:14:59Z');
    expect(pipeline.messages).toEqual([]);
    await pipeline.goTo('2026-11-24T12:00:00Z');
    expect(pipeline.messages).toMatchObject([
      {
        address: 'C0OPERATIONS',
        text: `⚪ apollo: no figures since 08:15 (expected every 15 min)\nNo alerts for its meter until it reports again.\n${textOf(status(400)).join('. ')}`,
      },
    ]);
    const overview = await pipeline.usage();
    expect(overview).toContain('⚪ A  100 / 1,000 used');
    expect(overview).toContain('1 out of date');
    expect(overview).toContain(`⚪ apollo: no figures since 08:15 (${textOf(status(400))[0]})`);
    vendor.on('/', usage(100));
    await pipeline.goTo('2026-11-24T12:15:00Z');
    expect(pipeline.messages).toMatchObject([{ edits: 1, text: expect.stringMatching(/^✅ apollo: figures again since 12:15\./) }]);
    expect(await pipeline.usage()).not.toContain('apollo:');
  });

  test('from the beginning is said too', async () => {
    const { vendor, pipeline } = await polling();
    vendor.on('/', json({}, 400));
    await pipeline.goTo('2026-11-24T10:00:00Z');
    expect(pipeline.news()).toEqual([
      expect.stringMatching(
        /^⚪ apollo: no figures since 08:00 \(expected every 15 min\)\nNo alerts for its meters until it reports again\.\n400: /,
      ),
    ]);
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
    vendor.on('/', json({}, 400));
    await pipeline.goTo(new Date(Date.parse(at) - 1));
    expect(pipeline.messages).toEqual([]);
    await pipeline.goTo(at);
    expect(pipeline.messages).toHaveLength(1);
  });

  test('as a stale rule says, for the meters it names', async () => {
    const { vendor, pipeline } = await polling({
      meters: 'a: { used: used, total: total }, b: { used: extra.used, total: extra.total }',
      rules: 'rules: [{ kind: stale, after: 12h, meters: [a] }]',
    });
    await pipeline.poll();
    vendor.on('/', json({}, 400));
    await pipeline.goTo('2026-11-24T09:00:00Z');
    expect(pipeline.news()).toEqual([expect.stringContaining('No alerts for its meter until it reports again')]);
    expect(await pipeline.usage()).toMatch(/🟢 A {2}100[^]*⚪ B {2}1/);
    pipeline.jump('2026-11-24T20:00:00Z');
    expect(await pipeline.usage()).toContain('⚪ A  100');
  });
});
