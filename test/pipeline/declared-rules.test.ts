import { expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const rule = (levels: string) => `rules:\n  - { kind: threshold, meters: [open_ai], levels: ${levels} }\n${ROUTE}`;
const headlines = (pipeline: Pipeline) => pipeline.news().map((text) => text.split('\n')[0]);

async function push(pipeline: Pipeline, used: number): Promise<void> {
  await pipeline.goTo(new Date(pipeline.now().getTime() + 60_000));
  await pipeline.push([
    { meter: 'open_ai', used, total: 1000 },
    { meter: 'campaigns', used, total: 1000 },
  ]);
}

test('a meter with levels of its own has those instead of the standard ones, and the others keep the standard', async () => {
  const pipeline = await startPipeline(rule('[50%, 95%]'), '2026-11-02T09:00:00Z');
  await push(pipeline, 400);
  await push(pipeline, 500);
  expect(headlines(pipeline)).toEqual(['🟡 OpenAI Tokens reached 50 %']);
  await push(pipeline, 800);
  expect(headlines(pipeline)).toEqual(['🟠 Campaigns reached 80 %']);
  await push(pipeline, 950);
  expect(headlines(pipeline)).toEqual(['🟠 OpenAI Tokens reached 95 %']);
});

test('an edit of a rule in the file arms it again: what is over a level by then is said once as it is now; without an edit nothing is said again', async () => {
  const pipeline = await startPipeline(rule('[50%]'), '2026-11-02T09:00:00Z');
  await push(pipeline, 600);
  pipeline.news();
  await pipeline.declare(rule('[50%]'));
  await push(pipeline, 601);
  expect(headlines(pipeline)).toEqual([]);
  await pipeline.declare(rule('[55%]'));
  await push(pipeline, 602);
  await push(pipeline, 603);
  expect(headlines(pipeline)).toEqual(['🟡 OpenAI Tokens is already at 60 %']);
});

test('a rule that leaves the file gives the meter back to the standard rule', async () => {
  const pipeline = await startPipeline(rule('[99%]'), '2026-11-02T09:00:00Z');
  await push(pipeline, 700);
  await pipeline.declare(ROUTE);
  await push(pipeline, 810);
  expect(headlines(pipeline)).toEqual(['🟠 2 credits need attention']);
});

test('the owner is mentioned when it is used up and not before, and the consequence of the file is said', async () => {
  const file = `sources: [{ id: abmatic, kind: push, meters: { open_ai: { owner: U0ANNA, consequence: The robots may pause. } } }]\n${ROUTE}`;
  const pipeline = await startPipeline(file, '2026-11-02T09:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 800, total: 1000 }]);
  await pipeline.goTo('2026-11-02T10:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 1000, total: 1000 }]);
  const said = pipeline.news();
  expect(said[1]).toMatch(/^🔴 OpenAI Tokens is used up \(100 %\) {2}@U0ANNA\n[^]*The robots may be paused\./);
  await pipeline.declare(file.replace('U0ANNA', 'U0TOM').replace('The robots', 'The agents'));
  await pipeline.goTo('2026-11-02T11:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 1, total: 1000 }]);
  await pipeline.goTo('2026-11-02T12:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 1000, total: 1000 }]);
  expect(pipeline.news().at(-1)).toMatch(/@U0TOM\n[^]*The agents may be paused\./);
});
