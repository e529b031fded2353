import { expect, test } from 'vitest';
import { meterMessage } from '../../../src/messages/replies/meter.ts';
import { credit, lineOf, NOW, printed, type Credit } from '../credits.ts';

const said = (one: Credit) => printed(meterMessage(lineOf(one), { timeZone: 'UTC', now: NOW, fullName: 'abmatic/apollo_contacts' }));

test('one meter says what it counts, its period, what it is for and where the figures come from', () => {
  expect(said(credit('Apollo Contacts', 803_412, 1_000_000, { consequence: 'Contact enrichment through Apollo may pause.' })))
    .toBe(`🟠 Apollo Contacts  803,412 / 1,000,000 credits used · 80%
   ▓▓▓▓▓▓▓▓░░ 196,588 left · reset 1 Dec
Too early to tell how long it lasts.
Period 1 Nov – 1 Dec.
When it runs out: Contact enrichment through Apollo may pause.
abmatic/apollo_contacts · as of 14:05`);
});

test('one without an allowance and a period says so', () => {
  expect(said(credit('Page Views', 12, null, { unit: 'views', source: 'push', period: null })))
    .toBe(`🟢 Page Views  12 views used · unlimited
I don't know when it resets.
push/page_views · as of 14:05`);
});

test('one whose period has ended says so before anything else', () => {
  const period = { start: new Date('2026-10-01T00:00:00Z'), end: new Date('2026-11-01T00:00:00Z') };
  expect(said(credit('Seats', 90, 100, { unit: 'seats', period, observedAt: new Date('2026-10-30T10:00:00Z') })))
    .toBe(`⚪ Seats  90 / 100 seats used · 90%
   figures are 24 days old, their period ended 1 Nov
Period 1 Oct – 1 Nov.
abmatic/seats · as of 30 Oct 10:00`);
});
