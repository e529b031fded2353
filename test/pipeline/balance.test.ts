import { describe, expect, test } from 'vitest';
import { startPipeline } from '../support/pipeline.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: router, kind: push, period: { every: none }, meters: { credits: { label: Router, unit: USD, decimals: 2 } } }]
routes: [{ slack: C0ALERTS, meters: all, digest: { weekday: monday, at: "09:00" } }]
`;

test('a source that never resets has balances: what is left of the last top-up counts, in alerts, in the thread and in the digest', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-05T09:00:00Z');
  const left = (remaining: string) => pipeline.push([{ meter: 'credits', remaining }], { source: 'router' });
  await left('100.00');
  expect(pipeline.news()).toEqual([]);
  await pipeline.goTo('2026-11-05T10:00:00Z');
  await left('19.00');
  expect(pipeline.news()).toEqual([expect.stringMatching(/^🟠 Router is down to 20%\n19\.00 USD left, total not known\n/)]);
  await pipeline.goTo('2026-11-06T10:00:00Z');
  await left('219.00');
  expect(pipeline.messages.map(({ text }) => text)).toEqual([
    '✅ Router is fine again: 219.00 left\n219.00 USD left, total not known · was over for 1 d',
    'Topped up by 200.00.',
  ]);
  await pipeline.goTo('2026-11-08T10:00:00Z');
  await left('40.00');
  pipeline.news();
  await pipeline.goTo('2026-11-09T08:00:00Z');
  expect(pipeline.news()).toEqual([
    `📊 Credits, 2–8 Nov: 1 needs attention
🟠 Router  40.00 left, total not known
   Runs out 8–9 Nov · Down to 20% of its last top-up Sun 11:00
As of 8 Nov 11:00`,
  ]);
  expect((await pipeline.store.meters('default'))[0]?.meter.resets).toBe(false);
});

describe('whatever the vendor moves', () => {
  const vendors: Readonly<Record<string, (left: number) => Record<string, unknown>>> = {
    'only what is left': (left) => ({ remaining: left }),
    'used, of a total that stays': (left) => ({ used: 100 - left, total: 100 }),
    'the total, with nothing used': (left) => ({ used: 0, total: left }),
    both: (left) => ({ used: (100 - left) % 30, total: left + ((100 - left) % 30) }),
  };

  test.each(Object.entries(vendors))('%s: it speaks at 20% and when nothing is left, in chat too', async (what, figures) => {
    const pipeline = await startPipeline(FILE, '2026-11-05T09:00:00Z');
    const said: (string | undefined)[] = [];
    for (const [hour, left] of [100, 60, 21, 20, 12, 0].entries()) {
      await pipeline.goTo(new Date(Date.UTC(2026, 10, 5, 9 + hour)));
      const report = await pipeline.push([{ meter: 'credits', ...figures(left) }], { source: 'router' });
      expect(report.accepted).toBe(1);
      for (const text of pipeline.news()) said.push(`${String(left)}: ${text.split('\n')[0] ?? ''}`);
    }
    expect(said).toEqual(['20: 🟠 Router is down to 20%', '0: 🔴 Router is used up']);
    expect(await pipeline.usage()).toContain('🔴 Router');
    expect(await pipeline.usage()).toContain(what === 'only what is left' ? '0.00 USD left, total not known' : '0.00 left');
    await pipeline.goTo('2026-11-09T07:00:00Z');
    await pipeline.push([{ meter: 'credits', ...figures(0) }], { source: 'router' });
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(pipeline.news().map((text) => text.split('\n')[0])).toContain('📊 Credits, 2–8 Nov: 1 used up');
  });
});
