import { expect, test } from 'vitest';
import { sendPage } from '../../extension/src/core/send-page.ts';
import { createBodies } from '../../src/http/request-bodies.ts';
import { createQueries } from '../../src/queries/queries.ts';
import { parseImport } from '../../src/sources/import/parse-import.ts';
import { mountPages } from '../../src/sources/pages/routes.ts';
import { listening } from '../http/listening.ts';
import { pairingLink, tabWith, testKeeper } from '../support/keeper.ts';
import { MONDAY, PASTED_FILE } from '../support/pasted.ts';
import { slackUser } from '../support/people.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = PASTED_FILE.replace('kind: push', 'kind: import');
const DAY_MS = 24 * 60 * 60_000;
const WEEKS = 3;
const METRICS = { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} };

/**
 * Three weeks with the clock moved. Real are: the write side and the timers of Creditwatch on a database, `POST /v1/pages` over HTTP, and
 * of the extension its pairing, schedule, reading, approval and sending. The test stands for the browser: it wakes the extension at its
 * alarm and shows the page. A real browser's clock cannot be moved; that it wakes the extension and reads pages is shown in
 * browser.test.ts.
 *
 * @param off from when until when the computer is off
 */
async function threeWeeks({ isCaptured, off }: { readonly isCaptured: boolean; readonly off?: readonly [string, string] }) {
  const pipeline = await startPipeline(FILE, MONDAY);
  const clock = { now: () => pipeline.now(), sleep: async () => undefined };
  const routes = mountPages({
    captures: pipeline.store.captures,
    accounts: ['default'],
    ingest: pipeline.ingest,
    queries: createQueries({ store: pipeline.store, clock }),
    parseImport,
    clock,
    log: recordedLog(),
    metrics: METRICS,
    bodies: createBodies(2 ** 22),
  });
  const { url } = await listening({ mounts: [routes] });
  const made = await pipeline.actions.makeCaptureKey({ account: 'default', by: slackUser('U0TOM'), sources: ['abmatic'], mayBeNew: false });

  const used = () => Math.round((pipeline.now().getTime() - Date.parse(MONDAY)) / DAY_MS) + 100;
  const keeper = testKeeper({
    clock: {
      now: () => pipeline.now().getTime(),
      sleep: async (ms) => pipeline.jump(new Date(pipeline.now().getTime() + ms).toISOString()),
    },
    open: async () => tabWith(() => `Apollo Contacts\n${String(used())}/1,000,000 credits used`),
    send: sendPage,
  });

  // All that a person does: connect, look at the text, approve it.
  const id = `${url} abmatic`;
  await keeper.act({
    kind: 'pair',
    link: pairingLink(url, made.ok ? made.value.key : '', { abmatic: 'https://app.example.com/usage' }, { zone: 'Europe/Berlin' }),
  });
  await keeper.act({ kind: 'capture', id });
  await keeper.act({ kind: 'approve', id, capturedAt: keeper.draft(id)?.capturedAt ?? 0 });
  await pipeline.settle();
  if (!isCaptured) await keeper.act({ kind: 'pause', id });

  const end = Date.parse(MONDAY) + WEEKS * 7 * DAY_MS;
  const [offFrom, offUntil] = off ? [Date.parse(off[0]), Date.parse(off[1])] : [end, end];
  const captures: number[] = [];
  for (;;) {
    const alarm = keeper.alarm() ?? end;
    const at = alarm >= offFrom && alarm < offUntil ? offUntil : alarm;
    if (at >= end) break;
    await pipeline.goTo(new Date(at));
    await keeper.captureDue();
    expect(keeper.vendors()[0]?.last?.outcome).toMatchObject({ kind: 'stored', meters: 1 });
    captures.push(at);
    await pipeline.settle();
  }
  await pipeline.goTo(new Date(end));
  const sales = pipeline.messages.filter(({ address }) => address === 'C0SALES').map(({ summary }) => summary);
  return {
    captures,
    digests: sales.filter((text) => text.startsWith('Credits digest')),
    /** Reminders to paste, and what operations are told. */
    asked: pipeline.messages.filter(({ address, text }) => text.startsWith('📋') || address === 'C0OPS').map(({ text }) => text),
    usage: await pipeline.usage(),
  };
}

test('once connected, figures come for three weeks and three digests without a person', async () => {
  const { captures, digests, asked, usage } = await threeWeeks({ isCaptured: true });
  expect(captures).toHaveLength(WEEKS * 7);
  expect(captures.every((at) => new Date(at).toISOString().endsWith('T07:00:00.000Z'))).toBe(true);
  expect(digests).toHaveLength(WEEKS);
  expect(asked).toEqual([]);
  expect(usage).toContain('121 / 1,000,000');
});

test('a computer that is off over the weekend costs no one anything', async () => {
  const { captures, digests, asked } = await threeWeeks({ isCaptured: true, off: ['2026-11-13T17:00:00Z', '2026-11-16T07:30:00Z'] });
  expect(captures).toHaveLength(WEEKS * 7 - 2);
  expect(digests).toHaveLength(WEEKS);
  expect(asked).toEqual([]);
});

test('without the captures, a person is reminded each week', async () => {
  const { captures, asked } = await threeWeeks({ isCaptured: false });
  expect(captures).toEqual([]);
  expect(asked.filter((text) => text.startsWith('📋')).length).toBeGreaterThanOrEqual(2);
});
