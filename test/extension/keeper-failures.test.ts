import { describe, expect, test } from 'vitest';
import { START, MINUTE_MS, HOUR_MS, ADDRESS, PAGE, ID, STORED, pairingLink, pretendBrowser } from '../support/keeper.ts';

describe('a failure that passes', () => {
  test('keeps the text, and sends the same one again without opening the page', async () => {
    const { pair, approve, alarm, state, opened, sent, dueAt, keeper } = pretendBrowser();
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
    const { pair, approve, alarm, state, opened, vendor } = pretendBrowser();
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
    const { pair, approve, alarm, state, opened, vendor } = pretendBrowser();
    await pair();
    await approve();
    state.isOnline = false;
    await alarm();
    expect([opened.length, vendor()?.last?.outcome.kind, vendor()?.failures]).toEqual([1, 'offline', 1]);
  });
});

test('a page that gives no text is tried four times, and then as scheduled; the icon shows it', async () => {
  const { pair, approve, alarm, state, keeper, opened, dueAt } = pretendBrowser();
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
  const { pair, approve, state, keeper, dueAt } = pretendBrowser();
  await pair();
  state.now = Date.parse('2036-01-01T00:00:00Z');
  await approve();
  state.now = START;
  await keeper.captureDue();
  expect(dueAt()).toBe('2026-11-30T08:00:00.000Z');
});

test('what only the person can mend is shown on the icon, and tried again as scheduled', async () => {
  const { pair, approve, alarm, state, keeper, dueAt } = pretendBrowser();
  await pair();
  await approve();
  state.answer = { kind: 'fewer-meters', missing: 1 };
  await alarm();
  expect([keeper.needsPerson(), dueAt()]).toEqual([true, '2026-12-01T08:00:00.000Z']);
  state.answer = STORED;
  await alarm();
  expect(keeper.needsPerson()).toBe(false);
});

test('without access to the page it is not opened', async () => {
  const { pair, approve, alarm, state, opened, vendor } = pretendBrowser();
  await pair();
  await approve();
  state.mayAccess = false;
  await alarm();
  expect([opened.length, vendor()?.last?.outcome.kind]).toEqual([1, 'no-access']);
});

test('a revoked key stops all sources of that key, until they are connected again', async () => {
  const { pair, approve, alarm, state, keeper, vendor, opened, dueAt } = pretendBrowser({
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

test('an approval that breaks is shown, and the text that the person saw is sent later', async () => {
  const { pair, keeper, approve, alarm, state, vendor, sent, opened } = pretendBrowser();
  await pair();
  state.whileSent = async () => Promise.reject(new Error('the browser is shutting down'));
  await expect(approve()).rejects.toThrow('shutting down');
  const draft = keeper.draft(ID);
  expect(vendor()).toMatchObject({ isApproved: true, failures: 1, last: { outcome: { kind: 'failed' } } });
  state.whileSent = async () => {};
  await alarm();
  expect([sent, opened.length, vendor()?.last?.outcome.kind]).toEqual([[{ source: 'abmatic', ...draft }], 1, 'stored']);
});

test('after an approval that breaks, others are captured and approved as before', async () => {
  const { pair, approve, state, sent } = pretendBrowser({ sources: { abmatic: PAGE, hubspot: 'https://b.example/' } });
  await pair();
  state.whileSent = async () => Promise.reject(new Error('the browser is shutting down'));
  await expect(approve()).rejects.toThrow('shutting down');
  state.whileSent = async () => {};
  await approve(`${ADDRESS} hubspot`);
  expect(sent.map(({ source }) => source)).toEqual(['hubspot']);
});

test('another page of the site is shown to the person, and is only sent after they have chosen and seen it', async () => {
  const { pair, approve, alarm, state, keeper, vendor, sent, opened, dueAt } = pretendBrowser();
  await pair();
  await approve();
  const to = 'https://app.example.com/en/usage?tab=credits';
  state.look = { kind: 'moved', to };
  await alarm();
  expect([vendor()?.last?.outcome, keeper.needsPerson(), sent.length]).toEqual([{ kind: 'moved', to }, true, 1]);
  expect(dueAt()).toBe('2026-12-01T08:00:00.000Z');
  await keeper.act({ kind: 'set-page', id: ID, page: to });
  state.look = null;
  expect([vendor()?.isApproved, dueAt(), sent.length]).toEqual([false, null, 1]);
  await approve();
  expect([opened.at(-1), sent.at(-1)?.page]).toEqual([to, to]);
});

test('an error of the vendor is tried again soon, and after five times as scheduled', async () => {
  const { pair, approve, alarm, state, vendor, keeper, sent, dueAt } = pretendBrowser();
  await pair();
  await approve();
  state.look = { kind: 'error', status: 503 };
  await alarm();
  const outcome = { kind: 'page-error', status: 503 };
  expect([vendor()?.last?.outcome, keeper.needsPerson()]).toEqual([outcome, false]);
  expect((vendor()?.dueAt ?? 0) - state.now).toBe(5 * MINUTE_MS);
  for (let time = 0; time < 4; time += 1) await alarm();
  expect([vendor()?.last?.outcome, keeper.needsPerson(), dueAt()]).toEqual([outcome, true, '2026-12-01T08:00:00.000Z']);
  state.look = null;
  await alarm();
  expect([vendor()?.last?.outcome.kind, sent.length]).toEqual(['stored', 2]);
});

test('a capture that breaks is tried again, and does not hold up the next vendor', async () => {
  const { pair, approve, state, keeper, sent } = pretendBrowser({ sources: { abmatic: PAGE, hubspot: 'https://b.example/' } });
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
  expect(keeper.vendors().map(({ failures, last }) => [failures, last?.outcome.kind])).toEqual([
    [1, 'failed'],
    [0, 'stored'],
  ]);
  expect(sent.map(({ source }) => source)).toEqual(['abmatic', 'hubspot', 'hubspot']);
});
