import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { AttemptStart, Lease } from '../../src/ports/stores/delivery-store.ts';
import { createDatabase, runSql, openTestStore } from '../support/database.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const LATER = new Date('2026-11-24T08:00:11Z');
const LEASE_MS = 10_000;

/** Creates channels, each with one pending alert. */
async function waitingAt(channels: number) {
  const database = await createDatabase();
  const store = openTestStore(database.url, Buffer.alloc(32, 1));
  onTestFinished(() => store.close());
  const fallback = Array.from({ length: channels }, (_, index) => ({ kind: 'slack' as const, address: `C0CHANNEL${index}` }));
  await store.declare({ id: 'default', timeZone: 'UTC', sources: [], rules: [], routes: [], fallback, admins: [], viewers: null }, NOW);
  const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined });
  const push = (meter: string) =>
    ingest({
      account: 'default',
      source: 'push',
      via: 'push',
      eventId: null,
      arrivedAt: NOW,
      readings: [{ meter, used: 900, total: 1000 }],
    });
  await push('leads');
  const destinations = (await store.destinations()).flatMap(({ id, kind }) => (kind === 'slack' ? [id] : []));
  const claimAll = async (ids = destinations): Promise<readonly Lease[]> =>
    (await store.claim(ids, 'one', NOW, LEASE_MS)).flatMap((lease) => lease ?? []);
  const startsOf = async (leases: readonly Lease[]): Promise<readonly AttemptStart[]> => {
    const waiting = await store.pending(leases, 10, NOW);
    return leases.map((lease, index) => ({ lease, deliveryIds: waiting[index]?.map(({ id }) => id) ?? [], number: 1, kind: 'post' }));
  };
  return { store, url: database.url, push, destinations, claimAll, startsOf };
}

/** Another process, in the middle of its work. */
async function inTransaction(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  return client;
}

const somebodyWaits = (url: string) =>
  vi.waitFor(
    async () =>
      expect(
        await runSql(url, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
      ).toHaveLength(1),
    { timeout: 5_000 },
  );

test('each destination is claimed by one process, also when requested twice in one call', async () => {
  const { store, destinations, claimAll } = await waitingAt(3);
  const leases = await claimAll();
  expect(leases.map(({ destinationId }) => destinationId)).toEqual(destinations);
  expect(await store.claim(destinations, 'other', NOW, LEASE_MS)).toEqual([null, null, null]);
  await store.release(leases);
  const [first = ''] = destinations;
  expect(await store.claim([first, first], 'other', NOW, LEASE_MS)).toEqual([{ ...leases[0], fence: 2n }, null]);
});

test('a destination that another process took over is fenced off, and the writes for the others succeed', async () => {
  const { store, url, destinations, claimAll, startsOf } = await waitingAt(3);
  const leases = await claimAll();
  const starts = await startsOf(leases);
  expect(starts.map(({ deliveryIds }) => deliveryIds.length)).toEqual([1, 1, 1]);
  expect(await store.startAttempts(starts, NOW, LEASE_MS)).toEqual([true, true, true]);
  const [, second = ''] = destinations;
  await runSql(url, `UPDATE destination SET lease_until = clock_timestamp() WHERE id = '${second}'`);
  expect(await store.claim([second], 'other', LATER, LEASE_MS)).toMatchObject([{ destinationId: second }]);
  expect(
    await store.startAttempts(
      starts.map((start) => ({ ...start, number: 2 })),
      LATER,
      LEASE_MS,
    ),
  ).toEqual([true, false, true]);
  const ends = starts.map((start, index) => ({
    ...start,
    number: 2,
    outcome: 'sent' as const,
    reason: null,
    settlement: { status: 'sent' as const, messageRef: `ref-${index}` },
    nextAllowedAt: LATER,
    pausedUntil: null,
    disabling: null,
  }));
  expect(await store.finishAttempts(ends, LATER)).toEqual(['given-back', 'fenced', 'given-back']);
  const stands = await runSql(
    url,
    "SELECT status, message_ref, lease_owner FROM delivery JOIN destination ON destination.id = destination_id WHERE kind = 'slack' ORDER BY address",
  );
  expect(stands).toEqual([
    { status: 'sent', message_ref: 'ref-0', lease_owner: null },
    { status: 'pending', message_ref: null, lease_owner: 'other' },
    { status: 'sent', message_ref: 'ref-2', lease_owner: null },
  ]);
  const attempts = await runSql(
    url,
    'SELECT address, number, outcome FROM attempt JOIN delivery ON delivery.id = delivery_id JOIN destination ON destination.id = destination_id ORDER BY address, number',
  );
  expect(attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
    [1, 'unknown'],
    [2, 'sent'],
    [1, null],
    [1, 'unknown'],
    [2, 'sent'],
  ]);
});

test('a lease is kept while deliveries are pending, also those added since the drain looked, and released when none are', async () => {
  const { store, url, push, claimAll, startsOf } = await waitingAt(2);
  const [one, two] = await startsOf(await claimAll());
  if (!one || !two) throw new Error('not claimed');
  await store.startAttempts([one, two], NOW, LEASE_MS);
  const sent = (start: AttemptStart) => ({
    ...start,
    outcome: 'sent' as const,
    reason: null,
    settlement: { status: 'sent' as const, messageRef: 'ref' },
    nextAllowedAt: NOW,
    pausedUntil: null,
    disabling: null,
  });
  await push('contacts');
  expect(await store.finishAttempts([sent(one)], NOW)).toEqual(['held']);
  expect(await runSql(url, "SELECT lease_owner, lease_until > clock_timestamp() AS held FROM destination WHERE kind = 'slack'")).toEqual(
    Array(2).fill({ lease_owner: 'one', held: true }),
  );
  await runSql(url, "UPDATE delivery SET held_until = '2026-11-25T08:00:00Z' WHERE id NOT IN (SELECT delivery_id FROM attempt)");
  expect(await store.finishAttempts([sent(two)], NOW)).toEqual(['given-back']);
  expect(await store.claim([two.lease.destinationId], 'other', NOW, LEASE_MS)).toEqual([null]);
});

test('the clock of the database measures a lease, whatever the clocks of the processes show', async () => {
  const { store, url, destinations, claimAll } = await waitingAt(1);
  const [lease] = await claimAll();
  if (!lease) throw new Error('not claimed');
  const dayLater = new Date(NOW.getTime() + 24 * 3_600_000);
  expect(await store.claim(destinations, 'a day ahead', dayLater, LEASE_MS)).toEqual([null]);
  const [held] = await store.waiting(dayLater);
  const leftMs = (held?.readyAt.getTime() ?? 0) - dayLater.getTime();
  expect([held?.isAbandoned, leftMs > 0, leftMs <= LEASE_MS]).toEqual([false, true, true]);
  await runSql(url, "UPDATE destination SET lease_until = clock_timestamp() - interval '1 millisecond'");
  expect(await store.waiting(NOW)).toMatchObject([{ destinationId: lease.destinationId, isAbandoned: true }]);
  const dayBefore = new Date(NOW.getTime() - 24 * 3_600_000);
  expect(await store.claim(destinations, 'a day behind', dayBefore, LEASE_MS)).toMatchObject([{ fence: lease.fence + 1n }]);
});

test('a lease that is renewed lasts from then on; one that was lost or given back is not renewed', async () => {
  const { store, url, claimAll } = await waitingAt(3);
  const leases = await claimAll();
  const [kept, lost, released] = leases;
  if (!kept || !lost || !released) throw new Error('not claimed');
  await runSql(url, `UPDATE destination SET fence = fence + 1, lease_owner = 'other' WHERE id = '${lost.destinationId}'`);
  await store.release([released]);
  expect(await store.renew(leases, 3_600_000)).toEqual([true, false, false]);
  const holds = await runSql(
    url,
    "SELECT lease_until > clock_timestamp() + interval '30 minutes' AS long FROM destination WHERE kind = 'slack' ORDER BY id",
  );
  const inOrder = [...leases].sort((a, b) => (a.destinationId < b.destinationId ? -1 : 1));
  expect(holds.map(({ long }) => long)).toEqual(inOrder.map((lease) => (lease === kept ? true : lease === lost ? false : null)));
});

test('a lease that the database’s clock stored before it was set back ends', async () => {
  const { store, url, destinations, claimAll } = await waitingAt(1);
  await claimAll();
  await runSql(url, "UPDATE destination SET lease_until = clock_timestamp() + interval '1 hour'");
  await store.mendInstants(NOW);
  expect(await store.claim(destinations, 'other', NOW, LEASE_MS)).toMatchObject([{ fence: 2n }]);
});

test('nothing can be claimed without pending deliveries', async () => {
  const { store, url, destinations } = await waitingAt(2);
  const [first = ''] = destinations;
  await runSql(url, `UPDATE delivery SET status = 'sent' WHERE destination_id = '${first}'`);
  expect((await store.claim(destinations, 'one', NOW, LEASE_MS)).map((lease) => lease?.destinationId ?? null)).toEqual([
    null,
    destinations[1],
  ]);
});

test('each attempt gets its result, also one that disables its destination', async () => {
  const { store, url, claimAll, startsOf } = await waitingAt(3);
  const starts = await startsOf(await claimAll());
  await store.startAttempts(starts, NOW, LEASE_MS);
  const [a, b, c] = starts;
  if (!a || !b || !c) throw new Error('not claimed');
  const ended = await store.finishAttempts(
    [
      {
        ...a,
        outcome: 'retry',
        reason: '503',
        settlement: { status: 'pending', dueAt: LATER },
        nextAllowedAt: LATER,
        pausedUntil: null,
        disabling: null,
      },
      {
        ...b,
        outcome: 'rejected',
        reason: 'is_archived',
        settlement: { status: 'pending' },
        nextAllowedAt: NOW,
        pausedUntil: null,
        disabling: { scope: 'destination', code: 'is_archived', reason: 'It is archived.' },
      },
      {
        ...c,
        outcome: 'unknown',
        reason: 'timeout',
        settlement: { status: 'unknown' },
        nextAllowedAt: NOW,
        pausedUntil: null,
        disabling: null,
      },
    ],
    NOW,
  );
  expect(ended).toEqual(['held', 'held', 'given-back']);
  const stands = await runSql(
    url,
    'SELECT status, due_at, settled_reason, disabled_code, disabled_reason, outcome FROM delivery JOIN destination ON destination.id = destination_id JOIN attempt ON delivery_id = delivery.id ORDER BY address',
  );
  expect(stands).toEqual([
    { status: 'pending', due_at: LATER, settled_reason: null, disabled_code: null, disabled_reason: null, outcome: 'retry' },
    {
      status: 'pending',
      due_at: NOW,
      settled_reason: null,
      disabled_code: 'is_archived',
      disabled_reason: 'It is archived.',
      outcome: 'rejected',
    },
    { status: 'unknown', due_at: NOW, settled_reason: 'timeout', disabled_code: null, disabled_reason: null, outcome: 'unknown' },
  ]);
});

test('drains that share statements in any order, and an ingest for the same destinations, queue and never deadlock', async () => {
  const { store, destinations, push } = await waitingAt(12);
  const shuffled = (seed: number) =>
    destinations.toSorted((a, b) => (a + String(seed)).localeCompare(b + String(seed)) * (seed % 2 === 0 ? 1 : -1));
  const round = async (seed: number): Promise<number> => {
    const leases = (await store.claim(shuffled(seed), `drain-${seed}`, NOW, LEASE_MS)).flatMap((lease) => lease ?? []);
    const waiting = await store.pending(leases, 10, NOW);
    const starts = leases
      .map((lease, index) => ({ lease, deliveryIds: waiting[index]?.map(({ id }) => id) ?? [], number: 1 + seed, kind: 'post' as const }))
      .filter(({ deliveryIds }) => deliveryIds.length > 0);
    if (starts.length > 0) await store.startAttempts(starts, NOW, LEASE_MS);
    await store.release(leases.toReversed());
    return leases.length;
  };
  for (let times = 0; times < 5; times += 1) {
    const claimed = await Promise.all([
      ...Array.from({ length: 8 }, (_, index) => round(times * 8 + index)),
      push(`meter-${times}`).then(() => 0),
    ]);
    expect(claimed.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(destinations.length);
  }
});

test('removing a workspace while drains write locks its channels in the same order and does not deadlock', async () => {
  const { store, url, destinations } = await waitingAt(3);
  const [first = ''] = destinations.toSorted();
  // Written last, so a scan in table order finds it last.
  await runSql(url, `UPDATE destination SET fallback = fallback WHERE id = '${first}'`);
  const drain = await inTransaction(url);
  await drain.query('SELECT id FROM destination WHERE id = $1 FOR NO KEY UPDATE', [first]);
  const removed = store.installationRemoved('default', 'slack', { code: 'account_inactive', reason: 'account_inactive', now: NOW });
  await somebodyWaits(url);
  await drain.query("SELECT id FROM destination WHERE kind = 'slack' ORDER BY id FOR NO KEY UPDATE");
  await drain.query('COMMIT');
  await removed;
  expect(await runSql(url, "SELECT DISTINCT disabled_reason FROM destination WHERE kind = 'slack'")).toEqual([
    { disabled_reason: 'account_inactive' },
  ]);
});

test('a process whose lease is being taken over at this moment drops nothing', async () => {
  const { store, url, claimAll } = await waitingAt(1);
  const [lease] = await claimAll();
  if (!lease) throw new Error('not claimed');
  const [waiting = []] = await store.pending([lease], 10, NOW);
  const other = await inTransaction(url);
  await other.query('UPDATE destination SET fence = fence + 1 WHERE id = $1', [lease.destinationId]);
  const dropped = store.drop(
    lease,
    waiting.map(({ id }) => id),
    'over',
    NOW,
  );
  await somebodyWaits(url);
  await other.query('COMMIT');
  expect(await dropped).toBe(false);
  expect(await runSql(url, 'SELECT status FROM delivery')).toEqual([{ status: 'pending' }]);
});
