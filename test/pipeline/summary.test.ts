import { expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const MONDAY = '2026-11-02T09:00:00Z';
const reading = (meter: string, used: number, total = 1000) => ({ meter, used, total });

async function summed(file = ROUTE): Promise<Pipeline> {
  const pipeline = await startPipeline(file, MONDAY);
  await pipeline.push([reading('a', 850), reading('b', 900)]);
  await pipeline.goTo('2026-11-02T10:00:00Z');
  return pipeline;
}

test('an alert that was told in a summary recovers where it was told: its line in the message, and one in the thread that names it', async () => {
  const pipeline = await summed();
  await pipeline.push([reading('a', 850, 8500)]);
  const [summary, line, ...more] = pipeline.messages;
  expect(summary?.text.split('\n').slice(0, 3)).toEqual([
    '🟠 1 of 2 meters needs attention',
    '🟠 B is already at 90%: 900 / 1,000 used · 100 left',
    '✅ A is fine again: 10%',
  ]);
  expect(line).toMatchObject({ under: summary?.ref, text: 'A: topped up by 7,500.' });
  expect(more).toEqual([]);
  await pipeline.goTo('2026-11-02T11:00:00Z');
  await pipeline.push([reading('b', 900, 9000)]);
  expect(summary?.text.split('\n').slice(0, 3)).toEqual([
    '✅ Both meters are fine again',
    '✅ A is fine again: 10%',
    '✅ B is fine again: 10%',
  ]);
});

test('alerts that are equally severe stand by the names of their meters, whichever meter was there first', async () => {
  const pipeline = await startPipeline(ROUTE, MONDAY);
  for (const meter of ['b', 'a']) await pipeline.push([reading(meter, 1)]);
  await pipeline.goTo('2026-11-02T10:00:00Z');
  await pipeline.push([reading('b', 850), reading('a', 850)]);
  expect(pipeline.messages[0]?.text.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^🟠 A reached 80%/),
    expect.stringMatching(/^🟠 B reached 80%/),
  ]);
});

test('one that gets worse is a new message, and its line in the summary points there', async () => {
  const pipeline = await summed();
  await pipeline.push([reading('b', 1000)]);
  expect(pipeline.messages.map(({ text }) => text.split('\n')[0])).toEqual(['🔴 2 meters need attention', '🔴 B is used up (100%)']);
  expect(pipeline.messages[0]?.text).toContain('🔴 B. Now 100%: see the newer message →');
  await pipeline.goTo('2026-11-02T11:00:00Z');
  await pipeline.push([reading('b', 1000, 10_000)]);
  expect(pipeline.messages[1]?.text).toMatch(/^✅ B is fine again: 10%/);
  expect(pipeline.messages[2]).toMatchObject({ under: pipeline.messages[1]?.ref });
});

test('nothing joins a message that was sent: what comes later is a message of its own', async () => {
  const pipeline = await summed();
  await pipeline.push([reading('c', 900)]);
  expect(pipeline.messages.map(({ text, edits }) => [text.split('\n')[0], edits])).toEqual([
    ['🟠 2 meters need attention', 0],
    ['🟠 C is already at 90%', 0],
  ]);
});

test('a route with recovery: none has its message edited and no line in the thread; another keeps the line', async () => {
  const pipeline = await startPipeline(`${ROUTE}  - { slack: C0QUIET, meters: all, digest: false, recovery: none }\n`, MONDAY);
  await pipeline.push([reading('a', 850)]);
  await pipeline.goTo('2026-11-02T10:00:00Z');
  await pipeline.push([reading('a', 850, 8500)]);
  expect(pipeline.messages.filter(({ address }) => address === 'C0QUIET')).toMatchObject([
    { edits: 1, text: expect.stringMatching(/^✅ A is fine again: 10%/) },
  ]);
  expect(pipeline.messages.filter(({ under }) => under !== null)).toMatchObject([{ address: 'C0ALERTS' }]);
});
