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
  expect(headlines(pipeline)).toEqual(['🟡 OpenAI Tokens reached 50%']);
  await push(pipeline, 800);
  expect(headlines(pipeline)).toEqual(['🟠 Campaigns reached 80%']);
  await push(pipeline, 950);
  expect(headlines(pipeline)).toEqual(['🟠 OpenAI Tokens reached 95%']);
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
  expect(headlines(pipeline)).toEqual(['🟡 OpenAI Tokens is already at 60%']);
});

test('a rule that leaves the file gives the meter back to the standard rule', async () => {
  const pipeline = await startPipeline(rule('[99%]'), '2026-11-02T09:00:00Z');
  await push(pipeline, 700);
  await pipeline.declare(ROUTE);
  await push(pipeline, 810);
  expect(headlines(pipeline)).toEqual(['🟠 2 meters need attention']);
});

test('the owner is mentioned when it is used up and not before, and the consequence of the file is said', async () => {
  const file = `sources: [{ id: abmatic, kind: push, meters: { open_ai: { owner: U0ANNA, consequence: The robots may pause. } } }]\n${ROUTE}`;
  const pipeline = await startPipeline(file, '2026-11-02T09:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 800, total: 1000 }]);
  await pipeline.goTo('2026-11-02T10:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 1000, total: 1000 }]);
  const said = pipeline.news();
  expect(said[1]).toMatch(/^🔴 OpenAI Tokens is used up \(100%\) {2}@U0ANNA\n[^]*The robots may pause\./);
  await pipeline.declare(file.replace('U0ANNA', 'U0TOM').replace('The robots', 'The agents'));
  await pipeline.goTo('2026-11-02T11:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 1, total: 1000 }]);
  await pipeline.goTo('2026-11-02T12:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 1000, total: 1000 }]);
  expect(pipeline.news().at(-1)).toMatch(/@U0TOM\n[^]*The agents may pause\./);
});

/** The first message of OpenAI Tokens: whether it says that it is closed, and how often it was edited. */
const first = ({ messages }: Pipeline) => ({ isClosed: messages[0]?.text.startsWith('⚪') ?? false, edits: messages[0]?.edits });
const none = ROUTE;

test.each<[string, { before: string; used: number; after: string; isClosed: boolean }]>([
  ['another level', { before: rule('[50%]'), used: 600, after: rule('[90%]'), isClosed: true }],
  ['no rule', { before: rule('[50%]'), used: 600, after: none, isClosed: true }],
  ['a rule for other meters', { before: rule('[50%]'), used: 600, after: rule('[50%]').replace('open_ai', 'campaigns'), isClosed: true }],
  ['only a milder level', { before: rule('[50%, 80%]'), used: 850, after: rule('[50%]'), isClosed: true }],
  ['a rule instead of the standard one', { before: none, used: 850, after: rule('[90%]'), isClosed: true }],
  [
    'a level of another severity',
    { before: rule('[50%]'), used: 600, after: rule('[{ used: 50%, severity: critical }]'), isClosed: false },
  ],
  ['one level more', { before: rule('[50%]'), used: 600, after: rule('[50%, 90%]'), isClosed: false }],
  ['only its worst level', { before: rule('[50%, 80%]'), used: 850, after: rule('[80%]'), isClosed: false }],
  ['the standard level by a rule of its own', { before: none, used: 850, after: rule('[80%]'), isClosed: false }],
  ['a rule for something else', { before: none, used: 850, after: `rules: [{ kind: spike, meters: all }]\n${ROUTE}`, isClosed: false }],
  ['nothing new', { before: rule('[50%]'), used: 600, after: rule('[50%]'), isClosed: false }],
])('a file with %s is applied to open alerts at once: what no rule asks for any more is closed', async (_what, one) => {
  const pipeline = await startPipeline(one.before, '2026-11-02T09:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: one.used, total: 1000 }]);
  expect(first(pipeline)).toEqual({ isClosed: false, edits: 0 });
  for (const _restart of [1, 2]) {
    await pipeline.declare(one.after);
    await pipeline.settle();
    expect(first(pipeline)).toEqual({ isClosed: one.isClosed, edits: one.isClosed ? 1 : 0 });
    expect(pipeline.messages).toHaveLength(1);
  }
});

test('processes that apply one file at the same time close a message once', async () => {
  const pipeline = await startPipeline(rule('[50%]'), '2026-11-02T09:00:00Z');
  await push(pipeline, 600);
  await Promise.all([1, 2, 3].map(() => pipeline.declare(rule('[90%]'))));
  await pipeline.settle();
  expect(first(pipeline)).toEqual({ isClosed: true, edits: 1 });
});

test.each([
  ['a rule of the file', rule('[50%]'), none, 600],
  ['the standard rule', none, rule('[95%]'), 850],
])(
  '%s that goes and comes back says again what holds then, whether figures came in between or not',
  async (_what, before, meanwhile, used) => {
    for (const isRead of [false, true]) {
      const pipeline = await startPipeline(before, '2026-11-02T09:00:00Z');
      await pipeline.push([{ meter: 'open_ai', used, total: 1000 }]);
      await pipeline.declare(meanwhile);
      await pipeline.settle();
      if (isRead) {
        await pipeline.goTo('2026-11-02T10:00:00Z');
        await pipeline.push([{ meter: 'open_ai', used: used + 1, total: 1000 }]);
      }
      await pipeline.declare(before);
      await pipeline.settle();
      pipeline.news();
      for (const hour of [11, 12]) {
        await pipeline.goTo(`2026-11-02T${String(hour)}:00:00Z`);
        await pipeline.push([{ meter: 'open_ai', used: used + 2, total: 1000 }]);
      }
      expect(headlines(pipeline)).toEqual([expect.stringMatching(/^(🟡|🟠) OpenAI Tokens is already at \d+%$/u)]);
    }
  },
);
