import { expect, test } from 'vitest';
import { startPipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const ROUTES = `
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
  - { slack: C0OPERATIONS, operations: true }
`;

test('a push source that is quiet for 26 h is said once, to operations alone, and that message is edited when it is back', async () => {
  const pipeline = await startPipeline(ROUTES, '2026-11-02T08:00:00Z');
  await pipeline.push([
    { meter: 'apollo_contacts', used: 1, total: 100 },
    { meter: 'open_ai', used: 1, total: 100 },
  ]);
  await pipeline.goTo('2026-11-03T09:59:59Z');
  expect(pipeline.messages).toEqual([]);
  await pipeline.goTo('2026-11-03T10:00:00Z');
  expect(pipeline.messages).toMatchObject([
    {
      address: 'C0OPERATIONS',
      text: expect.stringMatching(
        /^⚪ abmatic: no figures since 2 Nov 08:00 \(expected within 1 d 2 h\)\nNo alerts for its 2 meters until it reports again\./,
      ),
    },
  ]);
  await pipeline.goTo('2026-11-06T10:00:00Z');
  expect(pipeline.messages).toHaveLength(1);

  await pipeline.push([
    { meter: 'apollo_contacts', used: 2, total: 100 },
    { meter: 'open_ai', used: 2, total: 100 },
  ]);
  expect(pipeline.messages).toMatchObject([{ edits: 1, text: '✅ abmatic: figures again since 10:00. There were none for 4 d 2 h.' }]);
  await pipeline.goTo('2026-11-07T11:59:00Z');
  expect(pipeline.messages).toHaveLength(1);
  await pipeline.goTo('2026-11-07T12:00:00Z');
  expect(pipeline.messages).toHaveLength(2);
});

test('one meter of a source that stops coming is one blind meter, while the other goes on', async () => {
  const pipeline = await startPipeline(ROUTES, '2026-11-02T08:00:00Z');
  await pipeline.push([
    { meter: 'a', used: 1 },
    { meter: 'b', used: 1 },
  ]);
  await pipeline.goTo('2026-11-03T08:00:00Z');
  await pipeline.push([{ meter: 'a', used: 2 }]);
  await pipeline.goTo('2026-11-04T10:01:00Z');
  expect(pipeline.news()).toEqual([expect.stringContaining('No alerts for its meter until it reports again')]);
});

test('an imported source is quiet after 7 days, and importing old figures is not reported as silence', async () => {
  const pipeline = await startPipeline(ROUTES, '2026-11-02T08:00:00Z');
  await pipeline.push([{ meter: 'old', used: 1, observedAt: '2026-09-01T00:00:00Z' }], { source: 'history', via: 'import' });
  await pipeline.push([{ meter: 'a', used: 1 }], { source: 'pasted', via: 'import' });
  await pipeline.goTo('2026-11-09T07:59:00Z');
  expect(pipeline.messages).toEqual([]);
  await pipeline.goTo('2026-11-09T08:00:00Z');
  expect(pipeline.news()).toEqual([expect.stringMatching(/^⚪ pasted: no figures since 2 Nov 08:00 .*\n.*\nCopy the vendor's usage page/)]);
});

test('operations read where to sign in when a source with a capture key is quiet, but not when a machine pushes it', async () => {
  const pipeline = await startPipeline('admins: [U0ADMIN]', '2026-11-02T08:00:00Z');
  await pipeline.push([{ meter: 'a', used: 1 }], { source: 'captured', via: 'import' });
  await pipeline.push([{ meter: 'a', used: 1 }], { source: 'pushed' });
  await pipeline.actions.makeCaptureKey({ account: 'default', by: slackUser('U0ADMIN'), sources: ['captured', 'pushed'], mayBeNew: false });
  await pipeline.goTo('2026-11-20T08:00:00Z');
  const quiet = (source: string) => pipeline.messages.filter(({ text }) => text.startsWith(`⚪ ${source}`)).map(({ text }) => text);
  expect(quiet('captured')).toEqual([expect.stringContaining('Sign in')]);
  expect(quiet('pushed')).toEqual([expect.not.stringContaining('Sign in')]);
});
