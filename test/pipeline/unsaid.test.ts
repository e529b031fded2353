import { expect, test } from 'vitest';
import type { FindOutcome, SendOutcome } from '../../src/core/notifications/delivery.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import type { Messenger } from '../../src/ports/outbound/messenger.ts';
import { requesterIn, chatOver, messageOf } from '../support/chat.ts';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const FILE = `
routes:
  - { slack: C0ONE, meters: all, digest: false }
  - { slack: C0TWO, meters: all, digest: false }
  - { slack: C0OPS, operations: true }
`;
const START = '2026-11-10T09:00:00Z';
const HOUR_MS = 3_600_000;
const unknown: SendOutcome = { outcome: 'unknown', reason: 'No answer came from Slack (TimeoutError)' };
const silent: FindOutcome = { found: 'no-answer', reason: 'No answer came from Slack (TimeoutError)' };
const cannotTell: FindOutcome = { found: 'unavailable', reason: 'A permission is missing' };

type Said = { readonly address: string; readonly text: string; readonly isMarked: boolean };

/** A platform that meets posts, and questions after them, as it is told; the last of each goes on. */
async function startWith(posts: Record<string, readonly (SendOutcome | 'well')[]>, finds: readonly FindOutcome[]) {
  const said: Said[] = [];
  const met = new Map(Object.entries(posts).map(([address, outcomes]) => [address, [...outcomes]]));
  const answers = [...finds];
  const next = <T>(queue: T[] | undefined): T | undefined => (queue && queue.length > 1 ? queue.shift() : queue?.[0]);
  const messenger: Messenger = {
    kind: 'slack',
    paceMs: 0,
    can: { edit: true, reply: true },
    find: () => Promise.resolve(next(answers) ?? cannotTell),
    send({ address, message, possibleDuplicate: isMarked }) {
      const outcome = next(met.get(address)) ?? 'well';
      if (outcome !== 'well') return Promise.resolve(outcome);
      said.push({ address, isMarked, text: plainMessage(message, { timeZone: 'UTC', now: pipeline.now() }) });
      return Promise.resolve({ outcome: 'sent', messageRef: `${address}:${String(said.length)}` });
    },
  };
  const pipeline = await startPipeline(FILE, START, {}, messenger);
  const at = (address: string) => said.filter((one) => one.address === address);
  return { pipeline, at, after: (ms: number) => pipeline.goTo(new Date(pipeline.now().getTime() + ms)) };
}

/** The attempts at one place, and what became of its deliveries. */
async function ledger({ url }: Pipeline, address: string) {
  const of = `JOIN destination ON destination.id = destination_id WHERE address = '${address}'`;
  const attempts = await runSql(
    url,
    `SELECT attempt.kind || ': ' || outcome AS what FROM attempt JOIN delivery ON delivery.id = delivery_id ${of} ORDER BY seq, number`,
  );
  const statuses = await runSql(url, `SELECT status FROM delivery ${of} ORDER BY seq`);
  return { attempts: attempts.map(({ what }) => what), statuses: statuses.map(({ status }) => status) };
}

async function alertsIn(pipeline: Pipeline): Promise<string> {
  const now = () => pipeline.now();
  const chat = chatOver(pipeline.store, { now, sleep: () => Promise.resolve() });
  return plainMessage(messageOf(await chat.answer('alerts', requesterIn('default'))), { timeZone: 'UTC', now: now() });
}

const leads = [{ meter: 'leads', used: 850, total: 1000 }];

test('an unknown outcome is looked up until the platform answers, and what stands there is not sent again', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown] }, [silent, silent, silent, { found: 'yes', messageRef: 'C0ONE:7' }]);
  await pipeline.push(leads);
  await after(10 * 60_000);
  expect(at('C0ONE')).toEqual([]);
  expect(await ledger(pipeline, 'C0ONE')).toEqual({
    attempts: ['post: unknown', 'lookup: no-answer', 'lookup: no-answer', 'lookup: no-answer', 'lookup: sent'],
    statuses: ['sent'],
  });
  expect(at('C0OPS')).toEqual([]);
});

test('what does not stand there is sent as it is, and as often as the platform swallows it', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, unknown, 'well'] }, [silent, { found: 'no' }]);
  await pipeline.push(leads);
  await after(10 * 60_000);
  expect(at('C0ONE').map(({ isMarked }) => isMarked)).toEqual([false]);
  expect((await ledger(pipeline, 'C0ONE')).attempts).toEqual([
    'post: unknown',
    'lookup: no-answer',
    'lookup: no-answer',
    'lookup: not-found',
    'post: unknown',
    'lookup: not-found',
    'post: sent',
  ]);
});

test('what a slow platform finishes within ten seconds of its time-out is found, and not posted twice', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, 'well'] }, [{ found: 'no' }, { found: 'yes', messageRef: 'C0ONE:7' }]);
  await pipeline.push(leads);
  await after(9_000);
  expect((await ledger(pipeline, 'C0ONE')).attempts).toEqual(['post: unknown', 'lookup: no-answer']);
  await after(2_000);
  expect(await ledger(pipeline, 'C0ONE')).toEqual({ attempts: ['post: unknown', 'lookup: no-answer', 'lookup: sent'], statuses: ['sent'] });
  expect(at('C0ONE')).toEqual([]);
});

test.each([
  ['has resolved', [{ meter: 'leads', used: 100, total: 1000 }], []],
  ['got worse', [{ meter: 'leads', used: 1000, total: 1000 }], [expect.stringContaining('Leads is used up')]],
])('an alert that %s while nobody knew whether it had arrived is not posted once it shows that it has not', async (_what, news, heads) => {
  const answers: FindOutcome[] = [silent, silent, silent, silent, { found: 'no' }];
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, 'well'] }, answers);
  await pipeline.push(leads);
  await after(15_000);
  await pipeline.push(news);
  await after(10 * 60_000);
  expect(at('C0ONE').map(({ text }) => text.split('\n')[0])).toEqual(heads);
  const { attempts, statuses } = await ledger(pipeline, 'C0ONE');
  expect(attempts.slice(0, 6)).toEqual(['post: unknown', ...answers.slice(0, 4).map(() => 'lookup: no-answer'), 'lookup: not-found']);
  expect(statuses[0]).toBe('dropped');
});

test('of an alert that went out with others in one summary, what still holds is posted once it shows that the summary has not arrived', async () => {
  const answers: FindOutcome[] = [silent, silent, silent, silent, { found: 'no' }];
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, 'well'] }, answers);
  await pipeline.push([...leads, { meter: 'mails', used: 850, total: 1000 }]);
  await after(15_000);
  await pipeline.push([{ meter: 'leads', used: 100, total: 1000 }]);
  await after(10 * 60_000);
  expect(at('C0ONE').map(({ text }) => text.split('\n')[0])).toEqual([expect.stringContaining('Mails is already at 85')]);
});

test('more than one notice can count is told in the next ones, and nothing twice', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown] }, [cannotTell]);
  await pipeline.push(leads);
  await pipeline.goTo(pipeline.now());
  // As if the one that is lost had been one of very many.
  await runSql(
    pipeline.url,
    `WITH one AS (SELECT delivery.* FROM delivery JOIN destination ON destination.id = destination_id WHERE address = 'C0ONE'), news AS (
      INSERT INTO notification (id, account_id, alert_id, thread_id, kind, snapshot, created_at)
      SELECT gen_random_uuid(), account_id, alert_id, thread_id, kind, snapshot, notification.created_at FROM notification JOIN one ON one.notification_id = notification.id, generate_series(1, 2099)
      RETURNING id, created_at
    ) INSERT INTO delivery (id, notification_id, destination_id, action, mentions, status, settled_reason, settled_at, due_at, created_at)
      SELECT gen_random_uuid(), news.id, one.destination_id, 'post', '{}', 'unknown', 'No answer came', news.created_at, news.created_at, news.created_at FROM news, one`,
  );
  await after(40 * 60_000);
  const counts = at('C0OPS').map(({ text }) => /^⚠️ (\d+) messages may not/.exec(text)?.[1]);
  expect(counts).toEqual(['1000', '1000', '100']);
  const told = "SELECT jsonb_array_elements_text(snapshot -> 'deliveries') AS id FROM notification WHERE kind = 'undelivered'";
  expect(await runSql(pipeline.url, `SELECT count(*)::int AS told, count(DISTINCT id)::int AS once FROM (${told}) AS told`)).toEqual([
    { told: 2100, once: 2100 },
  ]);
});

test('where nothing can be looked up, an outage of twenty minutes does not use up the one marked copy', async () => {
  const twentyMinutes = Array.from({ length: 24 }, () => silent);
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, 'well'] }, [...twentyMinutes, cannotTell]);
  await pipeline.push(leads);
  await after(20 * 60_000);
  expect(at('C0ONE')).toEqual([]);
  await after(5 * 60_000);
  expect(at('C0ONE')).toEqual([{ address: 'C0ONE', isMarked: true, text: expect.stringContaining('Leads is already at 85') }]);
  expect(at('C0OPS')).toEqual([]);
});

test('a marked copy that was refused for now is tried again, marked, and what came before stays in doubt', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, { outcome: 'retry', reason: '503' }, 'well'] }, [cannotTell]);
  await pipeline.push(leads);
  await after(10 * 60_000);
  expect(at('C0ONE').map(({ isMarked }) => isMarked)).toEqual([true]);
});

test('what nobody knows to have arrived in the end is told to operations once for all places, and stands in the list of alerts', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown], C0TWO: [unknown] }, [cannotTell]);
  await pipeline.push(leads);
  await after(10 * 60_000);
  for (const address of ['C0ONE', 'C0TWO']) {
    expect(await ledger(pipeline, address)).toEqual({
      attempts: ['post: unknown', 'lookup: unavailable', 'repost: unknown', 'lookup: unavailable'],
      statuses: ['unknown'],
    });
  }
  expect(at('C0OPS')).toHaveLength(1);
  const [notice] = at('C0OPS');
  expect(notice?.text).toMatch(/^⚠️ 2 messages may not have arrived in Slack\n/);
  for (const text of [notice?.text, await alertsIn(pipeline)]) {
    expect(text).toMatch(/slack:C0ONE: “🟠 Leads is already at 85 ?% · [^”]*” may not have arrived/);
    expect(text).toContain('slack:C0TWO');
  }
  // More of the same outage comes in the next notice, with no word of what was told before.
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await after(10 * 60_000);
  expect(at('C0OPS')).toHaveLength(2);
  expect(at('C0OPS')[1]?.text).toMatch(/^⚠️ 2 messages may not have arrived in Slack\n[^]*used up/);
  expect(at('C0OPS')[1]?.text).not.toContain('already at 85');
});

test.each<[string, SendOutcome, FindOutcome, string, RegExp]>([
  [
    'tried for 24 h',
    { outcome: 'retry', reason: 'Slack answered HTTP 503', afterMs: HOUR_MS },
    cannotTell,
    'expired',
    /could not be delivered, and I stopped trying/,
  ],
  ['looked up in vain for 24 h', unknown, { ...silent, afterMs: HOUR_MS }, 'unknown', /may not have arrived/],
  [
    'refused',
    { outcome: 'rejected', scope: 'message', code: 'msg_too_long', reason: 'The text is too long', remedy: 'Please report it.' },
    cannotTell,
    'rejected',
    /was rejected \(The text is too long\)/,
  ],
])('what was %s is told to operations too, and the next message goes out', async (_what, outcome, found, status, words) => {
  const { pipeline, at, after } = await startWith({ C0ONE: outcome.outcome === 'rejected' ? [outcome, 'well'] : [outcome] }, [found]);
  pipeline.expectRejections();
  await pipeline.push(leads);
  await after(25.5 * HOUR_MS);
  expect((await ledger(pipeline, 'C0ONE')).statuses[0]).toBe(status);
  expect(at('C0OPS').map(({ text }) => text)).toEqual([expect.stringMatching(words)]);
  expect(await alertsIn(pipeline)).toMatch(words);
});

test('a notice that does not arrive itself is told of by no other', async () => {
  const { pipeline, after } = await startWith({ C0ONE: [unknown], C0OPS: [unknown] }, [cannotTell]);
  await pipeline.push(leads);
  await after(3 * HOUR_MS);
  expect((await ledger(pipeline, 'C0OPS')).statuses).toEqual(['unknown']);
  expect(await runSql(pipeline.url, "SELECT count(*)::int AS notices FROM notification WHERE kind = 'undelivered'")).toEqual([
    { notices: 1 },
  ]);
});

test('of a message that ended unsaid more is heard in a new one, since there is nothing to edit', async () => {
  const { pipeline, at, after } = await startWith({ C0ONE: [unknown, unknown, 'well'] }, [cannotTell]);
  await pipeline.push(leads);
  await after(10 * 60_000);
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await after(10 * 60_000);
  expect(at('C0ONE').map(({ text }) => text.split('\n')[0])).toEqual([expect.stringContaining('Leads is used up')]);
});
