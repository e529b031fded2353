import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../extension/src/core/answer.ts';
import { cardOf } from '../../extension/src/core/card.ts';
import { parseRequest } from '../../extension/src/core/request.ts';
import type { Draft } from '../../extension/src/core/stored.ts';
import { pairingLink, tabWith, testKeeper } from '../support/keeper.ts';

const START = Date.parse('2026-11-30T06:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ADDRESS = 'https://credits.example.com';
const KEY = `cwp_${'a'.repeat(32)}`;
const PAGE = 'https://app.example.com/usage';
const ID = `${ADDRESS} abmatic`;
const STORED: Outcome = { kind: 'stored', meters: 1, unread: 0, rejected: 0, isOlder: false };

/** An extension in a browser with a clock that the test moves, and a Creditwatch that answers what the test says. */
function browser({ sources = { abmatic: PAGE } }: { readonly sources?: Readonly<Record<string, string>> } = {}) {
  const state = { now: START, text: 'Leads\n1/2 leads used', answer: STORED, mayAccess: true, isOnline: true, whileOpen: async () => {} };
  const opened: string[] = [];
  const sent: (Draft & { readonly source: string })[] = [];
  const keeper = testKeeper({
    clock: { now: () => state.now, sleep: async (ms) => void (state.now += ms) },
    open: async (address) => {
      opened.push(address);
      await state.whileOpen();
      return tabWith(() => state.text);
    },
    send: async ({ source }, draft) => {
      sent.push({ source, ...draft });
      return state.answer;
    },
    mayAccess: async () => state.mayAccess,
    isOnline: () => state.isOnline,
  });
  const vendor = (id = ID) => keeper.vendors().find((one) => one.id === id);
  const pair = (link = pairingLink(ADDRESS, KEY, sources)) => keeper.act({ kind: 'pair', link });
  const approve = async (id = ID) => {
    await keeper.act({ kind: 'capture', id });
    await keeper.act({ kind: 'approve', id, capturedAt: keeper.draft(id)?.capturedAt ?? 0 });
  };
  /** The browser wakes the extension at its alarm. */
  const alarm = async () => {
    state.now = keeper.alarm() ?? state.now;
    await keeper.captureDue();
  };
  const at = (instant: number | null | undefined) => (instant == null ? null : new Date(instant).toISOString());
  return { state, opened, sent, keeper, vendor, pair, approve, alarm, dueAt: (id = ID) => at(vendor(id)?.dueAt) };
}

test('after pairing nothing is due and nothing is sent; the text that the person saw is sent on approval, and then daily', async () => {
  const { keeper, pair, opened, sent, vendor, dueAt, alarm } = browser();
  await pair();
  expect([keeper.alarm(), opened, sent]).toEqual([null, [], []]);
  await keeper.act({ kind: 'capture', id: ID });
  expect([opened, sent, vendor()?.last?.outcome.kind]).toEqual([[PAGE], [], 'to-approve']);
  const draft = keeper.draft(ID);
  await keeper.act({ kind: 'approve', id: ID, capturedAt: draft?.capturedAt ?? 0 });
  expect(sent).toEqual([{ source: 'abmatic', ...draft }]);
  expect([dueAt(), keeper.draft(ID)]).toEqual(['2026-11-30T08:00:00.000Z', null]);
  await alarm();
  expect([sent.length, dueAt(), keeper.alarm()]).toEqual([2, '2026-12-01T08:00:00.000Z', vendor()?.dueAt]);
});

test('only the text that was shown can be approved', async () => {
  const { keeper, pair, state, sent } = browser();
  await pair();
  await keeper.act({ kind: 'capture', id: ID });
  const shown = keeper.draft(ID)?.capturedAt ?? 0;
  state.text = 'another text';
  await keeper.act({ kind: 'capture', id: ID });
  await keeper.act({ kind: 'approve', id: ID, capturedAt: shown });
  state.now += 7 * HOUR_MS;
  await keeper.act({ kind: 'approve', id: ID, capturedAt: keeper.draft(ID)?.capturedAt ?? 0 });
  expect(sent).toEqual([]);
});

test('captures that were missed while the browser was closed are made up for once', async () => {
  const { keeper, pair, approve, state, sent, dueAt } = browser();
  await pair();
  await approve();
  state.now += 3 * 24 * HOUR_MS;
  await keeper.captureDue();
  expect([sent.length, dueAt()]).toEqual([2, '2026-12-03T08:00:00.000Z']);
});

describe('a failure that passes', () => {
  test('keeps the text, and sends the same one again without opening the page', async () => {
    const { pair, approve, alarm, state, opened, sent, dueAt, keeper } = browser();
    await pair();
    await approve();
    state.answer = { kind: 'busy', retryAfterMs: 20 * MINUTE_MS };
    await alarm();
    expect(dueAt()).toBe(new Date(state.now + 20 * MINUTE_MS).toISOString());
    state.answer = STORED;
    await alarm();
    expect([sent.length, sent[2], opened.length]).toEqual([3, sent[1], 2]);
    expect([keeper.draft(ID), dueAt(), keeper.needsPerson()]).toEqual([null, '2026-12-01T08:00:00.000Z', false]);
  });

  test('does not outlast the schedule, and an old text is read anew', async () => {
    const { pair, approve, alarm, state, opened, vendor } = browser();
    await pair();
    await approve();
    state.answer = { kind: 'offline' };
    await alarm();
    const first = opened.length;
    while (state.now < START + 12 * HOUR_MS) await alarm();
    expect(opened.length).toBeGreaterThan(first);
    expect(opened.length).toBeLessThan(first + 4);
    expect(vendor()?.dueAt).toBeLessThanOrEqual(Date.parse('2026-12-01T08:00:00Z'));
  });

  test('opens no tab while the computer is offline', async () => {
    const { pair, approve, alarm, state, opened, vendor } = browser();
    await pair();
    await approve();
    state.isOnline = false;
    await alarm();
    expect([opened.length, vendor()?.last?.outcome.kind, vendor()?.failures]).toEqual([1, 'offline', 1]);
  });
});

test('a page that gives no text is tried four times, and then as scheduled; the icon shows it', async () => {
  const { pair, approve, alarm, state, keeper, opened, dueAt } = browser();
  await pair();
  await approve();
  state.text = ' ';
  const before = opened.length;
  for (let times = 0; times < 5; times += 1) {
    expect(keeper.needsPerson()).toBe(false);
    await alarm();
  }
  expect([opened.length - before, keeper.needsPerson(), dueAt()]).toEqual([5, true, '2026-12-01T08:00:00.000Z']);
});

test('a capture that was planned while the clock was years ahead is moved back when the browser starts', async () => {
  const { pair, approve, state, keeper, dueAt } = browser();
  await pair();
  state.now = Date.parse('2036-01-01T00:00:00Z');
  await approve();
  state.now = START;
  await keeper.captureDue();
  expect(dueAt()).toBe('2026-11-30T08:00:00.000Z');
});

test('what only the person can mend is shown on the icon, and tried again as scheduled', async () => {
  const { pair, approve, alarm, state, keeper, dueAt } = browser();
  await pair();
  await approve();
  state.answer = { kind: 'fewer-meters', missing: ['Leads'] };
  await alarm();
  expect([keeper.needsPerson(), dueAt()]).toEqual([true, '2026-12-01T08:00:00.000Z']);
  state.answer = STORED;
  await alarm();
  expect(keeper.needsPerson()).toBe(false);
});

test('without access to the page it is not opened', async () => {
  const { pair, approve, alarm, state, opened, vendor } = browser();
  await pair();
  await approve();
  state.mayAccess = false;
  await alarm();
  expect([opened.length, vendor()?.last?.outcome.kind]).toEqual([1, 'no-access']);
});

test('a revoked key stops all sources of that key, until they are connected again', async () => {
  const { pair, approve, alarm, state, keeper, vendor, opened, dueAt } = browser({
    sources: { abmatic: PAGE, hubspot: 'https://b.example/' },
  });
  await pair();
  await approve();
  await approve(`${ADDRESS} hubspot`);
  state.answer = { kind: 'key-revoked' };
  await alarm();
  expect(keeper.alarm()).toBeNull();
  expect(keeper.vendors().map(({ last }) => last?.outcome.kind)).toEqual(['key-revoked', 'key-revoked']);
  const before = opened.length;
  await keeper.act({ kind: 'capture', id: ID });
  expect(opened).toHaveLength(before);
  const other = `cwp_${'b'.repeat(32)}`;
  await pair(pairingLink(ADDRESS, other, { abmatic: PAGE }));
  expect(vendor()).toMatchObject({ key: other, isApproved: true, last: null });
  expect([dueAt(), dueAt(`${ADDRESS} hubspot`)]).toEqual(['2026-12-01T08:00:00.000Z', null]);
});

test('another page, and another Creditwatch, need a new approval', async () => {
  const { pair, approve, keeper, vendor, sent } = browser();
  await pair();
  await approve();
  await pair(pairingLink('https://evil.example', KEY, { abmatic: PAGE }));
  expect(vendor('https://evil.example abmatic')?.isApproved).toBe(false);
  await keeper.act({ kind: 'capture', id: 'https://evil.example abmatic' });
  // A link cannot exchange the page of a source that is connected.
  await pair(pairingLink(ADDRESS, KEY, { abmatic: 'https://bank.example/' }));
  expect(vendor()).toMatchObject({ page: PAGE, isApproved: true });
  await keeper.act({ kind: 'set-page', id: ID, page: 'https://app.example.com/other' });
  expect(vendor()).toMatchObject({ isApproved: false, dueAt: null });
  expect(sent).toHaveLength(1);
});

test('nothing is sent of a page that the person has removed or changed while it was open', async () => {
  const { pair, approve, keeper, state, sent, alarm } = browser();
  await pair();
  await approve();
  state.whileOpen = () => keeper.act({ kind: 'set-page', id: ID, page: 'https://app.example.com/other' });
  await alarm();
  expect(keeper.vendors()[0]).toMatchObject({ isApproved: false, last: null });
  await approve();
  state.whileOpen = () => keeper.act({ kind: 'pause', id: ID });
  await alarm();
  state.whileOpen = () => keeper.act({ kind: 'remove', id: ID });
  await keeper.act({ kind: 'capture', id: ID });
  expect([sent.length, keeper.vendors(), keeper.kept(), keeper.draft(ID)]).toEqual([2, [], [], null]);
});

test('pauses, resumes, changes the interval, and forgets', async () => {
  const { pair, approve, keeper, dueAt, alarm, sent } = browser();
  await pair();
  await approve();
  await keeper.act({ kind: 'pause', id: ID });
  expect([dueAt(), keeper.alarm()]).toEqual([null, null]);
  await alarm();
  expect(sent).toHaveLength(1);
  await keeper.act({ kind: 'resume', id: ID });
  await keeper.act({ kind: 'set-interval', id: ID, every: '12h' });
  expect(dueAt()).toBe('2026-11-30T08:00:00.000Z');
  await keeper.act({ kind: 'forget' });
  expect([keeper.vendors(), keeper.alarm(), keeper.kept(), keeper.isForgotten()]).toEqual([[], null, [], true]);
});

test('a capture that breaks is tried again, and does not hold up the next vendor', async () => {
  const { pair, approve, state, keeper, sent } = browser({ sources: { abmatic: PAGE, hubspot: 'https://b.example/' } });
  await pair();
  await approve();
  await approve(`${ADDRESS} hubspot`);
  state.now = keeper.alarm() ?? 0;
  let times = 0;
  state.whileOpen = async () => {
    times += 1;
    if (times === 1) throw new Error('the browser is shutting down');
  };
  await expect(keeper.captureDue()).rejects.toThrow('shutting down');
  expect(keeper.vendors().map(({ failures }) => failures)).toEqual([1, 0]);
  expect(sent.map(({ source }) => source)).toEqual(['abmatic', 'hubspot', 'hubspot']);
});

test.each([
  null,
  'forget',
  { kind: 'approve', id: ID },
  { kind: 'capture' },
  { kind: 'set-interval', id: ID, every: '1m' },
  { kind: 'set-page', id: ID, page: 1 },
  { kind: 'pair' },
  { kind: 'other', id: ID },
])('a message that is not a request is not understood: %j', (message) => {
  expect(parseRequest(message)).toBeNull();
});

test('the page of the extension shows what is to be done next', async () => {
  const { pair, approve, keeper, vendor, state } = browser({ sources: { abmatic: PAGE, hubspot: '' } });
  await pair();
  const card = (id = ID, more: { readonly mayAccess?: boolean; readonly isRunning?: boolean } = {}) => {
    const one = vendor(id);
    if (!one) throw new Error('no vendor');
    return cardOf(one, { mayAccess: true, isRunning: false, draft: keeper.draft(id), now: state.now, ...more }).kind;
  };
  expect([card(`${ADDRESS} hubspot`), card(ID, { mayAccess: false }), card(ID, { isRunning: true }), card()]).toEqual([
    'needs-page',
    'needs-access',
    'running',
    'to-show',
  ]);
  await keeper.act({ kind: 'capture', id: ID });
  expect(card()).toBe('to-approve');
  await approve();
  expect(card()).toBe('active');
  await keeper.act({ kind: 'pause', id: ID });
  expect(card()).toBe('paused');
  state.answer = { kind: 'other-source' };
  await keeper.act({ kind: 'capture', id: ID });
  expect(card()).toBe('stopped');
});
