import { expect, onTestFinished, test } from 'vitest';
import type { MeterMapping } from '../../src/core/meters/poll.ts';
import { limitConcurrency } from '../../src/async/concurrency-limit.ts';
import { AT_ONCE } from '../../src/ports/outbound/queue.ts';
import { createHttpPoller, type PolledSource } from '../../src/sources/http/poller.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { json, startVendor } from '../support/vendor.ts';
import { pollDefinition } from '../support/polling.ts';

const METER: MeterMapping = {
  key: 'credits',
  optional: false,
  used: null,
  remaining: null,
  total: { expression: 'total' },
  unit: null,
  periodStart: null,
  periodEnd: null,
  observedAt: null,
};
/** The lease of a poll is 45 s, of which a request may take 10. */
const WITHIN_MS = 35_000;

test(
  'twenty sources whose expressions run away: none outlasts its lease, and the five healthy ones behind them wait for few of them at the first time, and later for none',
  { timeout: 120_000 },
  async () => {
    const vendor = await startVendor();
    vendor.on('/', json({ used: 1, total: 10 }));
    const of = (source: string, used: string): PolledSource => ({
      account: 'default',
      source,
      definition: pollDefinition(`${vendor.url}/`, { meters: [{ ...METER, used: { expression: used } }], allowHosts: [vendor.host] }),
    });
    const bad = Array.from({ length: 20 }, (_, index) => of(`bad-${index}`, `$match("${'a'.repeat(50)}!", /^(a+)+$/)`));
    const good = Array.from({ length: 5 }, (_, index) => of(`good-${index}`, 'used'));
    const poller = createHttpPoller({
      sources: [...bad, ...good],
      tokens: { keptToken: async () => null, keepToken: async () => {} },
      clock: systemClock,
    });
    onTestFinished(() => poller.close());
    const ended: string[] = [];
    const round = async (sources: readonly PolledSource[]): Promise<readonly number[]> => {
      const took: number[] = [];
      const { run: poll } = limitConcurrency(AT_ONCE.poll, async (source) => {
        const begunAt = performance.now();
        const outcome = await poller.poll('default', source, new AbortController().signal);
        took.push(performance.now() - begunAt);
        ended.push(source);
        expect(outcome?.outcome).toBe(source.startsWith('good') ? 'understood' : 'failed');
      });
      await Promise.all(sources.map(({ source }) => poll(source)));
      return took;
    };
    expect(Math.max(...(await round([...bad, ...good])))).toBeLessThan(WITHIN_MS);
    // Twenty are asked at once: the healthy ones get their turn when the first five have ended, and are overtaken by few more.
    expect(ended.findLastIndex((source) => source.startsWith('good'))).toBeLessThan(20);
    ended.length = 0;
    const second = round([...bad.slice(0, 6), ...good]);
    await expect.poll(() => ended.filter((source) => source.startsWith('good')), { timeout: 30_000 }).toHaveLength(5);
    expect(ended.filter((source) => source.startsWith('bad')).length).toBeLessThan(4);
    expect(Math.max(...(await second))).toBeLessThan(WITHIN_MS);
  },
);
