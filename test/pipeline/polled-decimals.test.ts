import { describe, expect, test } from 'vitest';
import { polling } from '../support/polling.ts';
import { json } from '../support/vendor.ts';

/** One poll of a meter whose decimals the file does not set. */
async function polled(answer: object, meters?: string) {
  const { vendor, pipeline, ledger } = await polling({ ...(meters !== undefined && { meters }) });
  vendor.on('/', json(answer));
  await pipeline.goTo('2026-11-24T08:05:00Z');
  return { pipeline, vendor, ledger };
}

describe('a figure with digits behind the point', () => {
  test.each([
    [{ used: '79.96', total: '100' }, '79.96 / 100.00 used · 79%'],
    [{ used: 99.6, total: 100 }, '99.6 / 100.0 used · 99%'],
    [{ used: '0.5', total: '1' }, '0.5 / 1.0 used · 50%'],
    [{ used: '€68.67', total: '€100.00' }, '68.67 / 100.00 EUR used · 68%'],
    [{ used: '1.5', total: '2.5' }, '1.5 / 2.5 used · 60%'],
    [{ used: 79.99999994, total: 100 }, '79.999999 / 100.000000 used · 79%'],
    [{ used: 0.1 + 0.2, total: 1 }, '0.3 / 1.0 used · 30%'],
    [{ used: 12, total: 100 }, '12 / 100 used · 12%'],
  ])('%j is not rounded', async (answer, line) => {
    const { pipeline } = await polled(answer);
    expect(await pipeline.usage()).toContain(line);
  });

  test.each([
    [{ used: '79.96', total: '100' }, []],
    [{ used: 99.6, total: 100 }, [expect.stringContaining('is already at 99%')]],
    [{ used: 100, total: 100 }, [expect.stringContaining('100%')]],
  ])('%j reaches no level early', async (answer, news) => {
    const { pipeline } = await polled(answer);
    expect(pipeline.news()).toEqual(news);
  });

  test('what the file sets is kept, and what is cut reaches no level early', async () => {
    const { pipeline } = await polled(
      { used: '79.96', total: '100', left: 20.04 },
      'a: { used: used, total: total, decimals: 1 }, b: { remaining: left, total: total, decimals: 0 }',
    );
    const usage = await pipeline.usage();
    expect(usage).toContain('79.9 / 100.0 used · 79%');
    expect(usage).toContain('79 / 100 used · 79%');
    expect(pipeline.news()).toEqual([]);
  });

  test('that shows more digits later makes the meter more exact, and all that it knows with it', async () => {
    const { pipeline, vendor } = await polled({ used: 50, total: 100 });
    await pipeline.goTo('2026-11-24T08:14:00Z');
    vendor.on('/', json({ used: 79.5, total: 100 }));
    await pipeline.goTo('2026-11-24T08:15:00Z');
    vendor.on('/', json({ used: 79.96, total: 100 }));
    await pipeline.goTo('2026-11-24T08:30:00Z');
    expect(pipeline.news()).toEqual([]);
    expect(await pipeline.usage()).toContain('79.96 / 100.00 used · 79%');
    vendor.on('/', json({ used: 80, total: 100 }));
    await pipeline.goTo('2026-11-24T08:45:00Z');
    expect(pipeline.news()).toEqual([expect.stringContaining('reached 80%')]);
    expect(await pipeline.usage()).toContain('80.00 / 100.00 used · 80%');
    vendor.on('/', json({ used: 80.123, total: 100 }));
    await pipeline.goTo('2026-11-24T09:00:00Z');
    expect(pipeline.news()).toEqual([]);
    expect(await pipeline.usage()).toContain('80.123 / 100.000 used · 80%');
  });
});

test('three figures that do not add up are refused', async () => {
  const { pipeline } = await polled({ used: 100, left: 800, total: 1000 }, 'a: { used: used, remaining: left, total: total }');
  expect(await pipeline.usage()).not.toContain('100 / 1,000');
});
