import { expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const FILE = `
timezone: Europe/Berlin
routes:
  - { slack: U0ANNA, meters: all, digest: { weekday: sunday, at: "21:00" } }
  - { slack: C0ALERTS, meters: all, digest: false }
`;
/** A Monday, 22:00 in Berlin. */
const MONDAY_NIGHT = '2026-11-02T21:00:00Z';
const TUESDAY_8 = '2026-11-03T07:00:00Z';
const reading = (meter: string, used: number) => ({ meter, used, total: 1000 });
const at = (pipeline: Pipeline, address: string) =>
  pipeline.messages.filter((one) => one.address === address).map(({ text }) => text.split('\n')[0]);
const anna = (pipeline: Pipeline) => at(pipeline, 'U0ANNA');

test('a warning at night reaches the channel at once and the person at eight, with what came meanwhile in one message', async () => {
  const pipeline = await startPipeline(FILE, MONDAY_NIGHT);
  await pipeline.push([reading('a', 850)]);
  await pipeline.goTo('2026-11-03T02:00:00Z');
  await pipeline.push([reading('b', 900)]);
  expect(at(pipeline, 'C0ALERTS')).toHaveLength(2);
  await pipeline.goTo('2026-11-03T06:59:59Z');
  expect(anna(pipeline)).toEqual([]);
  await pipeline.goTo(TUESDAY_8);
  expect(anna(pipeline)).toEqual(['🟠 2 meters need attention']);
});

test('what is used up passes at any hour, and the warning that was held is not said after it', async () => {
  const pipeline = await startPipeline(FILE, MONDAY_NIGHT);
  await pipeline.push([reading('a', 850)]);
  await pipeline.goTo('2026-11-03T02:00:00Z');
  await pipeline.push([reading('a', 1000), reading('b', 900)]);
  expect(anna(pipeline)).toEqual(['🔴 A is used up (100%)']);
  await pipeline.goTo(TUESDAY_8);
  expect(anna(pipeline)).toEqual(['🔴 A is used up (100%)', '🟠 B is already at 90%']);
});

test('what has resolved by the morning is never said, and neither is its recovery', async () => {
  const pipeline = await startPipeline(FILE, MONDAY_NIGHT);
  await pipeline.push([reading('a', 850)]);
  await pipeline.goTo('2026-11-03T02:00:00Z');
  await pipeline.push([reading('a', 100)]);
  await pipeline.goTo('2026-11-03T12:00:00Z');
  expect(anna(pipeline)).toEqual([]);
});

test('what people did about it meanwhile stands in it in the morning', async () => {
  const pipeline = await startPipeline(FILE, MONDAY_NIGHT);
  await pipeline.push([reading('a', 850)]);
  await pipeline.actions.acknowledge({ account: 'default', on: { meterId: await pipeline.meterId('a') }, by: slackUser('U0TOM') });
  await pipeline.goTo(TUESDAY_8);
  expect(pipeline.messages.filter(({ address }) => address === 'U0ANNA')).toMatchObject([
    { text: expect.stringContaining('@U0TOM is on it') },
  ]);
});

test('the weekend is quiet until Monday at eight, digests are never held, and by day a warning goes at once', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-06T18:59:00Z');
  await pipeline.push([reading('a', 850)]);
  expect(anna(pipeline)).toEqual(['🟠 A is already at 85%']);
  await pipeline.goTo('2026-11-07T11:00:00Z');
  await pipeline.push([reading('b', 850)]);
  await pipeline.goTo('2026-11-08T20:00:00Z');
  expect(anna(pipeline).slice(1)).toEqual([expect.stringMatching(/^📊 Credits/)]);
  await pipeline.goTo('2026-11-09T07:00:00Z');
  expect(anna(pipeline).slice(2)).toEqual(['🟠 B is already at 85%']);
});

test('who subscribes a direct message at night is told the present at once', async () => {
  const pipeline = await startPipeline(FILE, MONDAY_NIGHT);
  await pipeline.push([reading('a', 850)]);
  await pipeline.subscriptions.subscribe({
    account: 'default',
    place: { kind: 'slack', address: 'U0TOM', direct: true },
    by: slackUser('U0TOM'),
    meters: 'all',
    operations: false,
  });
  await pipeline.subscriptions.confirm({ account: 'default', place: { kind: 'slack', address: 'U0TOM', direct: true } });
  await pipeline.settle();
  expect(at(pipeline, 'U0TOM')).toEqual(['🟠 A is at 85%']);
});
