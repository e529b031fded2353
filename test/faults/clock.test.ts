import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainRichText } from '../../src/messages/text/plain.ts';
import type { Messenger } from '../../src/ports/outbound/messenger.ts';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = 'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all }\n';
const heads = (texts: readonly string[]) => texts.map((text) => text.split('\n')[0]);

test('a clock an hour fast sends its digest an hour early, and not again when it is put right; an alert is said once', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-08T10:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.goTo('2026-11-09T08:00:00Z');
  pipeline.jump('2026-11-09T07:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 860, total: 1000 }]);
  await pipeline.goTo('2026-11-09T12:00:00Z');
  expect(heads(pipeline.news())).toEqual(['🟠 Leads is already at 85%', expect.stringMatching(/^📊 Credits, 2–8 Nov/)]);
});

test('to a clock an hour slow right figures are from the future: they are refused with that reason, nothing fires, and all is well once it is put right', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-10T09:00:00Z');
  const reading = { meter: 'leads', used: 850, total: 1000, observedAt: '2026-11-10T10:00:00Z' };
  expect(await pipeline.push([reading])).toEqual({
    accepted: 0,
    duplicates: 0,
    rejected: [
      {
        index: 0,
        reason: expect.stringMatching(/^observedAt is 1 h ahead of this server's clock \(2026-11-10T09:00:00Z\): check the clock/),
      },
    ],
  });
  expect(pipeline.news()).toEqual([]);
  await pipeline.goTo('2026-11-10T10:00:00Z');
  expect(await pipeline.push([reading])).toMatchObject({ accepted: 1, rejected: [] });
  expect(heads(pipeline.news())).toEqual(['🟠 Leads is already at 85%']);
});

test('what could not be delivered in 24 h of trying expires, on record, and holds up nothing that comes after it; a jump of the clock is no trying', async () => {
  const pipeline = await startPipeline(FILE.replace('all }', 'all, digest: false }'), '2026-11-10T09:00:00Z');
  pipeline.refuse('C0ALERTS', { outcome: 'retry', reason: 'Slack answered HTTP 503', afterMs: 3_600_000 });
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  pipeline.jump('2026-11-12T09:00:00Z');
  await pipeline.goTo('2026-11-13T07:59:00Z');
  expect(await runSql(pipeline.url, "SELECT status FROM delivery WHERE status <> 'sent'")).toEqual([{ status: 'pending' }]);
  await pipeline.goTo('2026-11-13T08:01:00Z');
  expect(await runSql(pipeline.url, "SELECT status, settled_reason FROM delivery WHERE status NOT IN ('sent', 'pending')")).toEqual([
    { status: 'expired', settled_reason: 'Slack answered HTTP 503' },
  ]);
  pipeline.refuse('C0ALERTS', null);
  pipeline.news();
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await pipeline.goTo('2026-11-13T09:02:00Z');
  expect(heads(pipeline.news())).toContainEqual(expect.stringMatching(/^🔴 Leads is used up/));
});

test('whatever the clock does, forward and back, an alert is posted within what its channel can wait', async () => {
  const sent: string[] = [];
  let isBusy = false;
  const slack: Messenger = {
    kind: 'slack',
    paceMs: 1000,
    can: { edit: true, reply: true },
    find: () => Promise.resolve({ found: 'no' }),
    send({ address, message }) {
      if (isBusy) return Promise.resolve({ outcome: 'retry', reason: 'HTTP 429', afterMs: 600_000 });
      sent.push(plainRichText(message.title, { timeZone: 'UTC', now: pipeline.now() }));
      return Promise.resolve({ outcome: 'sent', messageRef: `${address}:${String(sent.length)}` });
    },
  };
  const pipeline = await startPipeline(FILE.replace('all }', 'all, digest: false }'), '2026-11-10T09:00:00Z', {}, slack);
  const HOUR_MS = 3_600_000;
  const jumps = fc.array(fc.record({ byMs: fc.integer({ min: -400 * HOUR_MS, max: 400 * HOUR_MS }), busy: fc.boolean() }), {
    minLength: 3,
    maxLength: 3,
  });
  let meters = 0;
  await fc.assert(
    fc.asyncProperty(jumps, async (steps) => {
      for (const { byMs, busy } of steps) {
        isBusy = busy;
        const meter = `meter ${String((meters += 1))}`;
        await pipeline.push([{ meter, used: 850, total: 1000 }]);
        isBusy = false;
        pipeline.jump(new Date(pipeline.now().getTime() + byMs).toISOString());
        await pipeline.goTo(new Date(pipeline.now().getTime() + (busy ? 660_000 : 60_000)));
        expect(sent.join('\n')).toMatch(new RegExp(`${meter}\\b`, 'i'));
      }
    }),
    { numRuns: 6 },
  );
}, 60_000);
