import { expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes:
  - { slack: C0ALL, meters: all, digest: false }
  - { slack: C0ONLY, meters: all, digest: false, onlyIfRunningOut: true }
`;
const at = (pipeline: Pipeline, address: string) =>
  pipeline.messages.filter((one) => one.address === address).map(({ text }) => text.split('\n')[0]);

/** A reading every day from 1 November, at noon. */
async function days(pipeline: Pipeline, used: readonly number[], from = 1): Promise<void> {
  for (const [index, one] of used.entries()) {
    await pipeline.goTo(new Date(Date.UTC(2026, 10, from + index, 12)));
    await pipeline.push([{ meter: 'campaigns', used: one, total: 1000 }]);
  }
}

test('a warning of what should last goes everywhere but where only what runs out is wanted; that it is used up goes there too', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-01T10:00:00Z');
  await days(
    pipeline,
    Array.from({ length: 28 }, (_, day) => 30 * (day + 1) - 25),
  );
  expect(at(pipeline, 'C0ALL')).toEqual([expect.stringMatching(/^🟡 Campaigns reached 80% and should last/)]);
  expect(at(pipeline, 'C0ONLY')).toEqual([]);
  await days(pipeline, [1000], 29);
  expect(at(pipeline, 'C0ONLY')).toEqual(['🔴 Campaigns is used up (100%)']);
});

test('a warning of what runs out goes there, and so does one that was withheld as soon as it runs out after all', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-01T10:00:00Z');
  await days(
    pipeline,
    Array.from({ length: 24 }, (_, day) => 34 * (day + 1)),
  );
  expect(at(pipeline, 'C0ALL').length).toBeGreaterThan(0);
  expect(at(pipeline, 'C0ONLY')).toEqual(at(pipeline, 'C0ALL'));
});

test('what is withheld there is not sent to the admins instead', async () => {
  const pipeline = await startPipeline(
    FILE.replace(/.*C0ALL.*\n/, '').replace('routes:', 'admins: [U0ADMIN]\nroutes:'),
    '2026-11-01T10:00:00Z',
  );
  await days(
    pipeline,
    Array.from({ length: 28 }, (_, day) => 30 * (day + 1) - 25),
  );
  expect(pipeline.messages.filter(({ text }) => text.includes('reached 80%'))).toEqual([]);
});
