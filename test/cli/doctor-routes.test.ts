import { expect, test } from 'vitest';
import { routeFindings } from '../../src/cli/doctor-routes.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const said = async (pipeline: Pipeline) =>
  (await routeFindings(pipeline.store)).map(({ what, state, says }) => `${state} ${what}: ${says}`);

test('doctor says that no channel gets alerts yet, and who gets them instead', async () => {
  expect(await said(await startPipeline('admins: [U0ADMIN]\n', '2026-11-02T09:00:00Z'))).toEqual([
    'off Alerts: no channel gets alerts yet, so they go to slack:U0ADMIN. Type /usage subscribe in a channel, or add a route to creditwatch.yml.',
  ]);
});

test('doctor names the meters that no route wants, the channel that is off with the remedy, and why something waits', async () => {
  const pipeline = await startPipeline(
    'routes:\n  - { slack: C0ONE, meters: [a] }\n  - { slack: C0TWO, meters: [a] }\n',
    '2026-11-02T09:00:00Z',
  );
  pipeline.refuse('C0ONE', {
    outcome: 'rejected',
    scope: 'destination',
    code: 'is_archived',
    reason: 'The channel is archived (is_archived)',
    remedy: 'Unarchive it.',
  });
  pipeline.refuse('C0TWO', { outcome: 'retry', reason: 'Slack asked to slow down (HTTP 429)', afterMs: 30_000 });
  await pipeline.push([
    { meter: 'a', used: 850, total: 1000 },
    { meter: 'b', used: 1, total: 1000 },
  ]);
  expect(await said(pipeline)).toEqual([
    'bad Route slack:C0ONE: off: The channel is archived (is_archived). Unarchive it. Then: npx creditwatch test slack:C0ONE',
    'off Route slack:C0TWO: on, 1 waiting, tried again: Slack asked to slow down (HTTP 429)',
    'off Alerts: no route covers b, so their alerts go to terminal. Type /usage subscribe in a channel, or add a route to creditwatch.yml.',
  ]);
});
