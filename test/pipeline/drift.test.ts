import { describe, expect, test } from 'vitest';
import { polling } from '../support/polling.ts';
import { json } from '../support/vendor.ts';

const METERS = 'a: { used: data.used, total: data.total }, b: { used: extra.used, total: extra.total }';
const good = (used: number, extra = 1) => json({ data: { used, total: 1000 }, extra: { used: extra, total: 10 } });
const shared = { meters: METERS };

/** What operations were told, without the alerts of others. */
const toOperations = (messages: readonly { readonly address: string; readonly text: string }[]) =>
  messages.filter(({ address }) => address === 'C0OPERATIONS').map(({ text }) => text);

describe('an answer that changes its shape', () => {
  test('is told to operations once, the same day, with the expression, and its end is an edit', async () => {
    const { vendor, pipeline } = await polling(shared);
    vendor.on('/', good(100));
    await pipeline.goTo('2026-11-24T08:30:00Z');
    vendor.on('/', json({ data: { used: [1, 2, 3, 4, 5, 6], total: 1000 }, extra: { used: 1, total: 10 } }));
    await pipeline.goTo('2026-11-24T08:45:00Z');
    expect(pipeline.messages).toEqual([]);
    await pipeline.goTo('2026-11-24T09:00:00Z');
    const [told] = toOperations(pipeline.messages);
    expect(told).toContain('a: data.used (used) found a number before and finds a list of 6 now.');
    expect(told).toContain('meters.a.used');
    await pipeline.goTo('2026-11-25T09:00:00Z');
    expect(pipeline.messages).toHaveLength(1);
    vendor.on('/', good(120));
    await pipeline.goTo('2026-11-25T09:15:00Z');
    expect(pipeline.messages).toMatchObject([{ edits: 1, text: expect.stringMatching(/^✅ apollo: the answer fits again \(a\)/) }]);
    // The same once more is a new cause.
    vendor.on('/', json({ extra: { used: 1, total: 10 } }));
    await pipeline.goTo('2026-11-25T10:00:00Z');
    expect(pipeline.messages).toHaveLength(2);
  });

  test('keeps its figures with their age, while the other meters of the answer alert', async () => {
    const { vendor, pipeline, ledger } = await polling(shared);
    vendor.on('/', good(700));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({ data: { spent: 0, total: 1000 }, extra: { used: 9, total: 10 } }));
    await pipeline.goTo('2026-11-24T12:00:00Z');
    expect(pipeline.messages.map(({ address, summary }) => [address, summary])).toEqual([
      ['C0ALERTS', expect.stringContaining('B reached 80%')],
      ['C0OPERATIONS', expect.stringContaining('changed its answer')],
    ]);
    expect(await pipeline.usage()).toMatch(/⚪ A {2}700 \/ 1,000 used · 70%.*\n.*figures are 3 hours old/);
    expect(await ledger()).toMatchObject({ failures: 0, problem: { reason: 'used of a: the expression data.used found nothing' } });
  });

  test('for one answer only is not told, unless the next one would be too late for the day', async () => {
    const often = await polling(shared);
    const rarely = await polling({ ...shared, every: '6h' });
    for (const { vendor, pipeline } of [often, rarely]) {
      vendor.on('/', good(100));
      await pipeline.goTo('2026-11-24T08:00:00Z');
      vendor.on('/', json({ extra: { used: 1, total: 10 } }));
    }
    await often.pipeline.goTo('2026-11-24T08:15:00Z');
    often.vendor.on('/', good(100));
    await often.pipeline.goTo('2026-11-24T09:00:00Z');
    expect(often.pipeline.messages).toEqual([]);
    await rarely.pipeline.goTo('2026-11-24T14:00:00Z');
    expect(toOperations(rarely.pipeline.messages)).toHaveLength(1);
  });

  test('in all of its meters is told before they are stale, and not as stale too', async () => {
    const { vendor, pipeline } = await polling(shared);
    vendor.on('/', good(100));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({ error: 'moved' }));
    await pipeline.goTo('2026-11-25T08:00:00Z');
    expect(toOperations(pipeline.messages)).toEqual([expect.stringContaining('a is missing from the answer')]);
    expect(await pipeline.usage()).toContain('2 out of date');
  });

  test('to a sign-in page is told too', async () => {
    const { vendor, pipeline } = await polling(shared);
    vendor.on('/', good(100));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'));
    await pipeline.goTo('2026-11-25T08:00:00Z');
    expect(toOperations(pipeline.messages)).toEqual([expect.stringContaining('It answered with a web page')]);
  });

  test.each([404, 410])('to a %i is told too, before the figures are stale, and not for one answer only', async (status) => {
    const { vendor, pipeline } = await polling();
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({}, status));
    await pipeline.goTo('2026-11-24T08:30:00Z');
    expect(toOperations(pipeline.messages)).toEqual([]);
    await pipeline.goTo('2026-11-24T08:45:00Z');
    expect(toOperations(pipeline.messages)).toEqual([expect.stringContaining(`${String(status)}: there is nothing at this URL`)]);
  });

  test('of an earlier request, whose value the next one needs, is told too', async () => {
    const { vendor, pipeline, file } = await polling(shared);
    const earlier = `requests: { me: { url: "${vendor.url}/me", values: { team: team.id } } }`;
    vendor.on('/me', json({ team: { id: 'red' } }));
    vendor.on('/teams/red', good(100));
    await pipeline.declare(file.replace(`url: "${vendor.url}/"`, `url: "${vendor.url}/teams/{{team}}", ${earlier}`), {
      APOLLO_KEY: 'key-of-the-tests',
    });
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/me', json({ account: 'red' }));
    await pipeline.goTo('2026-11-25T08:00:00Z');
    expect(toOperations(pipeline.messages)).toEqual([
      expect.stringMatching(/changed its answer[^]*team\.id found nothing that can be sent/),
    ]);
  });

  test('survives a restart, and is forgotten with a changed expression or a source that is no longer polled', async () => {
    const { vendor, pipeline, file } = await polling(shared);
    vendor.on('/', good(100));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    const changed = json({ data: { spent: 100, total: 1000 }, extra: { used: 1, total: 10 } });
    vendor.on('/', changed);
    await pipeline.goTo('2026-11-24T09:00:00Z');
    expect(pipeline.messages).toHaveLength(1);
    const env = { APOLLO_KEY: 'key-of-the-tests' };
    await pipeline.declare(file, env);
    await pipeline.goTo('2026-11-24T10:00:00Z');
    expect(pipeline.messages).toHaveLength(1);
    await pipeline.declare(file.replace('data.used', 'data.spent'), env);
    await pipeline.goTo('2026-11-24T10:30:00Z');
    expect(pipeline.messages).toMatchObject([{ edits: 1, text: expect.stringMatching(/^✅ apollo: the answer fits again/) }]);
    await pipeline.declare(file.replace('data.used', 'data.charged'), env);
    await pipeline.goTo('2026-11-24T11:15:00Z');
    expect(pipeline.news()).toHaveLength(1);
    await pipeline.goTo('2026-11-24T18:00:00Z');
    expect(pipeline.news()).toEqual([expect.stringMatching(/^⚪ apollo: no figures since/)]);
  });
});

test('an optional meter that never came is not missed, and one that came before is, with its preset', async () => {
  const { vendor, pipeline, ledger } = await polling({ meters: '', source: ', preset: apollo' });
  const block = (consumed: number) => ({ limit: 1000, consumed });
  const cycle = { start_date: '2026-11-01T00:00:00Z', end_date: '2026-12-01T00:00:00Z' };
  const answer = (stats: Record<string, unknown>) => json({ credit_usage_stats: stats, current_credit_cycle: cycle });
  vendor.on('/', answer({ lead_credit: block(100), ai_credit: block(10) }));
  await pipeline.goTo('2026-11-24T08:30:00Z');
  expect(pipeline.messages).toEqual([]);
  vendor.on('/', answer({ lead_credit: block(100) }));
  await pipeline.goTo('2026-11-24T12:00:00Z');
  const [told, ...others] = toOperations(pipeline.messages);
  expect(others).toEqual([]);
  expect(told).toContain('ai_credit is missing from the answer: credit_usage_stats.ai_credit.consumed (used) found a number before');
  expect(told).toContain('The preset apollo no longer fits');
  expect(told).not.toContain('export_credit');
  expect((await ledger())?.problem?.reason).toContain('ai_credit is missing from the answer');
});

describe('a refused key', () => {
  test.each([401, 403])('is told at the first %i with its variable, once until it works again, and not as stale too', async (status) => {
    const { vendor, pipeline } = await polling();
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({}, status));
    await pipeline.goTo('2026-11-24T08:30:00Z');
    expect(toOperations(pipeline.messages)).toEqual([
      expect.stringMatching(new RegExp(`refuses the key[^]*${String(status)}: [^]*APOLLO_KEY`)),
    ]);
    vendor.on('/', json({}, 503));
    await pipeline.goTo('2026-11-24T12:00:00Z');
    vendor.on('/', json({}, status));
    await pipeline.goTo('2026-11-24T18:00:00Z');
    expect(pipeline.messages).toHaveLength(1);
    vendor.on('/', json({ used: 100, total: 1000 }));
    await pipeline.goTo('2026-11-24T18:30:00Z');
    expect(pipeline.messages).toMatchObject([{ edits: 1, text: expect.stringMatching(/^✅ apollo: the key works again/) }]);
  });

  test('of a new source is told at once too', async () => {
    const { vendor, pipeline } = await polling();
    vendor.on('/', json({}, 401));
    await pipeline.goTo('2026-11-24T10:00:00Z');
    expect(toOperations(pipeline.messages)).toEqual([expect.stringContaining('401: the key was refused')]);
  });

  test('that works again without figures leaves the source stale, which is told then', async () => {
    const { vendor, pipeline } = await polling();
    vendor.on('/', json({}, 401));
    await pipeline.goTo('2026-11-24T10:00:00Z');
    pipeline.news();
    vendor.on('/', json({ used: 1, total: -1 }));
    await pipeline.goTo('2026-11-24T12:00:00Z');
    expect(pipeline.news()).toEqual([expect.stringMatching(/^⚪ apollo: no figures since/)]);
  });
});

describe('a total that changed its unit', () => {
  const answer = (used: number, total: number) => json({ used, total });
  const rules = 'rules: [{ kind: threshold, levels: [50%, { used: 100000 }] }]';

  test.each([100, 10, 0.01])('times %d causes no alert and no figures until it is back, and is told once', async (factor) => {
    const { vendor, pipeline } = await polling({ rules });
    vendor.on('/', answer(4000, 10_000));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', answer(4010 * factor, 10_000 * factor));
    await pipeline.goTo('2026-11-24T08:45:00Z');
    expect(toOperations(pipeline.messages)).toEqual([expect.stringMatching(/a: total and usage became .* at once/)]);
    vendor.on('/', answer(9990 * factor, 10_000 * factor));
    await pipeline.goTo('2026-11-26T08:45:00Z');
    expect(pipeline.messages).toHaveLength(1);
    expect(await pipeline.usage()).toMatch(/⚪ A {2}4,000 \/ 10,000 used/);
    vendor.on('/', answer(9990, 10_000));
    await pipeline.goTo('2026-11-26T09:00:00Z');
    expect(pipeline.messages).toMatchObject([{ edits: 1 }, { address: 'C0ALERTS' }]);
  });

  test('is confirmed by a change of the expression, and a larger plan is no change of the unit', async () => {
    const { vendor, pipeline, file } = await polling();
    vendor.on('/', answer(40, 100));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', answer(41, 1000));
    await pipeline.goTo('2026-11-24T08:30:00Z');
    expect(await pipeline.usage()).toContain('41 / 1,000 used');
    vendor.on('/', answer(410, 10_000));
    await pipeline.goTo('2026-11-24T09:00:00Z');
    expect(await pipeline.usage()).toContain('41 / 1,000 used');
    await pipeline.declare(file.replace('total: total', 'total: (total)'), { APOLLO_KEY: 'key-of-the-tests' });
    await pipeline.goTo('2026-11-24T09:15:00Z');
    expect(await pipeline.usage()).toContain('410 / 10,000 used');
    expect(pipeline.messages).toMatchObject([{ edits: 1, address: 'C0OPERATIONS' }]);
  });
});

test('without the end of its period, a meter goes on in the last known one: no forecast of another reset, and alerts as due', async () => {
  const meters = 'a: { used: used, total: total, periodEnd: renews }';
  const { vendor, pipeline } = await polling({ meters, every: '2h' });
  const day = (nth: number) => new Date(Date.parse('2026-11-24T08:00:00Z') + nth * 86_400_000);
  for (let nth = 0; nth < 5; nth += 1) {
    vendor.on('/', json({ used: 100 + nth * 50, total: 1000, renews: '2026-12-01T00:00:00Z' }));
    await pipeline.goTo(day(nth));
  }
  vendor.on('/', json({ used: 320, total: 1000 }));
  await pipeline.goTo(new Date(day(4).getTime() + 3 * 3_600_000));
  expect(toOperations(pipeline.messages)).toEqual([
    expect.stringContaining('a: renews (periodEnd) found a time before and finds nothing now.'),
  ]);
  expect(pipeline.messages).toHaveLength(1);
  vendor.on('/', json({ used: 850, total: 1000 }));
  await pipeline.goTo(day(5));
  expect(pipeline.messages.map(({ address }) => address)).toEqual(['C0OPERATIONS', 'C0ALERTS']);
  await pipeline.goTo('2026-12-01T00:00:00Z');
  vendor.on('/', json({ used: 10, total: 1000 }));
  await pipeline.goTo('2026-12-01T10:00:00Z');
  expect(toOperations(pipeline.messages).filter((text) => text.includes('fell from'))).toEqual([]);
});

test('a figure that rests for far longer than ever is told once, and its next change ends that', async () => {
  const { vendor, pipeline } = await polling({ every: '1d' });
  const day = (nth: number) => new Date(Date.parse('2026-11-24T08:00:00Z') + nth * 86_400_000);
  for (let nth = 0; nth <= 20; nth += 1) {
    vendor.on('/', json({ used: 10 + nth, total: 1000 }));
    await pipeline.goTo(day(nth));
  }
  await pipeline.goTo(day(33));
  expect(toOperations(pipeline.messages).filter((text) => text.includes('not changed'))).toEqual([]);
  await pipeline.goTo(day(40));
  expect(toOperations(pipeline.messages)).toEqual([expect.stringContaining('a: no change for 14 days.')]);
  vendor.on('/', json({ used: 31, total: 1000 }));
  await pipeline.goTo(day(42));
  expect(toOperations(pipeline.messages)).toEqual([expect.stringMatching(/^✅ apollo: the figures change again/)]);
});
