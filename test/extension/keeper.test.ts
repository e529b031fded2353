import { expect, test } from 'vitest';
import { cardOf } from '../../extension/src/core/card.ts';
import { parseRequest } from '../../extension/src/core/request.ts';
import { HOUR_MS, ADDRESS, KEY, PAGE, ID, pairingLink, pretendBrowser } from '../support/keeper.ts';

test('after pairing nothing is due and nothing is sent; the text that the person saw is sent on approval, and then daily', async () => {
  const { keeper, pair, opened, sent, vendor, dueAt, alarm } = pretendBrowser();
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
  const { keeper, pair, state, sent } = pretendBrowser();
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
  const { keeper, pair, approve, state, sent, dueAt } = pretendBrowser();
  await pair();
  await approve();
  state.now += 3 * 24 * HOUR_MS;
  await keeper.captureDue();
  expect([sent.length, dueAt()]).toEqual([2, '2026-12-03T08:00:00.000Z']);
});

test('another page, and another Creditwatch, need a new approval', async () => {
  const { pair, approve, keeper, vendor, sent } = pretendBrowser();
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
  const { pair, approve, keeper, state, sent, alarm } = pretendBrowser();
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
  const { pair, approve, keeper, dueAt, alarm, sent } = pretendBrowser();
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
  const { pair, approve, keeper, vendor, state } = pretendBrowser({ sources: { abmatic: PAGE, hubspot: '' } });
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
