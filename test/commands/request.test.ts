import { createQueries } from '../../src/queries/queries.ts';
import { describe, expect, test } from 'vitest';
import { createChat } from '../../src/commands/chat.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import type { Message } from '../../src/core/text/message.ts';
import type { Chat } from '../../src/ports/inbound/chat.ts';
import { requesterIn, changesNothing, messageOf } from '../support/chat.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const FILE = `timezone: Europe/Berlin
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
  - { id: crm, kind: push, contacts: { sales: "Eve <eve@crm.example>" } }
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
`;
/** A Monday, 10:00 in Berlin. */
const MONDAY = '2026-11-02T09:00:00Z';
const tom = requesterIn('default', { person: slackUser('U0TOM') });

type Told = { readonly pipeline: Pipeline; readonly chat: Chat; readonly say: (message: Message) => string };

async function started(file = FILE): Promise<Told> {
  const pipeline = await startPipeline(file, MONDAY);
  const clock = { now: () => pipeline.now(), sleep: () => Promise.resolve() };
  const chat = createChat({
    ...changesNothing,
    queries: createQueries({ store: pipeline.store, clock }),
    actions: pipeline.actions,
    clock,
  });
  return {
    pipeline,
    chat,
    say: ({ title, lines, summary, footer }) =>
      plainMessage({ title, lines, summary, ...(footer && { footer }) }, { timeZone: 'Europe/Berlin', now: pipeline.now() }),
  };
}

async function alerted(): Promise<Told & { readonly alertId: string }> {
  const told = await started();
  await told.pipeline.push([{ meter: 'apollo_contacts', used: 803_412, total: 1_000_000 }]);
  const last = await told.pipeline.store.lastNotified('default');
  if (last?.kind !== 'alert') throw new Error('no alert was told');
  return { ...told, alertId: last.alertId };
}

test('the page where more is bought is in the draft, in the notice to the approver and under billing, unless a contact is named', async () => {
  const buy = 'https://openrouter.ai/settings/credits';
  const source = (id: string, contacts: string) =>
    `  - { id: ${id}, kind: http, preset: openrouter, headers: { authorization: Bearer x }, every: 1d, contacts: { approver: U0EVE${contacts} } }`;
  const { pipeline, chat, say } = await started(
    ['timezone: Europe/Berlin', 'sources:', source('first', ''), source('second', ', sales: eve@openrouter.example')].join('\n'),
  );
  for (const id of ['first', 'second']) await pipeline.push([{ meter: 'credits', used: 90, total: 100 }], { source: id });
  const draft = async (id: string) => say(messageOf(await chat.clickButton({ action: 'request', value: `${id}/credits plan` }, tom)));
  expect(await draft('first')).toContain(`You can buy more at ${buy}.`);
  expect(await draft('second')).not.toContain(buy);
  expect(await draft('second')).toContain('Ready to send to eve@openrouter.example:');
  await pipeline.settle();
  const notices = pipeline.messages.filter(({ text }) => text.includes('asks for more'));
  expect(notices.map(({ text }) => text.includes(buy))).toEqual([true, false]);
  const billing = say(messageOf(await chat.answer('billing', tom)));
  expect(billing).toContain(`first, buy more: ${buy}`);
  expect(billing).toContain('second, more credits: eve@openrouter.example');
});

describe('pressing Request credits', () => {
  test('asks what for, drafts the mail with the numbers, quiets the alert and shows who asked', async () => {
    const { pipeline, chat, say, alertId } = await alerted();
    const asked = messageOf(await chat.clickButton({ action: 'request', value: alertId }, tom));
    expect(say(asked)).toBe(
      'What should we ask Abmatic AI for?\nApollo Contacts: 803,412 / 1,000,000 credits used · 80% · 196,588 left\nAs of 10:00',
    );
    expect(asked.buttons?.map(({ label }) => label)).toEqual(['Higher allocation', 'Higher plan limit', 'Enterprise package']);
    const [allocation] = asked.buttons ?? [];
    const draft = messageOf(await chat.clickButton({ action: 'request', value: allocation?.value ?? '' }, tom));
    expect(say(draft)).toBe(
      'Ready to send to sales@abmatic.ai or your account manager:\nThe alert now shows that you asked. It stays quiet until the total changes. You will still hear if it gets worse.',
    );
    expect(draft.verbatim).toBe(`To: sales@abmatic.ai
Subject: Apollo Contacts: higher allocation

Hello,

Apollo Contacts in our Abmatic AI plan: 803,412 of 1,000,000 credits used (80%) as of 2 Nov 2026.
The next reset is on 1 Dec 2026.
Please raise our allocation.

Thank you`);
    await pipeline.settle();
    expect(pipeline.messages).toMatchObject([
      { edits: 1, text: expect.stringMatching(/\nRequested by @U0TOM, Mon: quiet until the total changes$/) },
    ]);
  });

  test('a second time tells who asked already, and changes nothing', async () => {
    const { pipeline, chat, say, alertId } = await alerted();
    await chat.clickButton({ action: 'request', value: 'abmatic/apollo_contacts plan' }, tom);
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await chat.clickButton({ action: 'request', value: alertId }, requesterIn('default', { person: slackUser('U0ANNA') }));
    const second = messageOf(
      await chat.clickButton(
        { action: 'request', value: 'abmatic/apollo_contacts enterprise' },
        requesterIn('default', { person: slackUser('U0ANNA') }),
      ),
    );
    expect(say(second)).toContain('\n@U0TOM already asked (10:00).');
    expect(second.verbatim).toContain('Please make us an offer for the enterprise package.');
    await pipeline.settle();
    expect(pipeline.messages).toMatchObject([{ edits: 1, text: expect.stringContaining('Requested by @U0TOM') }]);
  });

  test('stays with the alert when it gets worse, and a recovery calls who was on it and who asked', async () => {
    const { pipeline, chat, alertId } = await alerted();
    await chat.clickButton({ action: 'request', value: 'abmatic/apollo_contacts allocation' }, tom);
    await pipeline.push([{ meter: 'apollo_contacts', used: 1_000_214, observedAt: '2026-11-02T08:59:00Z' }]);
    await pipeline.goTo('2026-11-02T13:00:00Z');
    await pipeline.push([{ meter: 'apollo_contacts', used: 1_000_214 }]);
    expect(pipeline.messages.at(-1)?.text).toMatch(/^🔴 Apollo Contacts[^]*\nRequested by @U0TOM, Mon: quiet until the total changes$/);
    await chat.clickButton({ action: 'acknowledge', value: alertId }, requesterIn('default', { person: slackUser('U0ANNA') }));
    await pipeline.goTo('2026-11-04T09:00:00Z');
    await pipeline.push([{ meter: 'apollo_contacts', used: 1_000_214, total: 2_500_000 }]);
    expect(pipeline.messages.findLast(({ under }) => under !== null)).toMatchObject({
      text: expect.stringMatching(/^Topped up by [\d,]+\. cc @U0ANNA @U0TOM/),
    });
  });

  test('of an alert that is over says so', async () => {
    const { chat, say } = await started();
    expect(say(messageOf(await chat.clickButton({ action: 'request', value: '00000000-0000-0000-0000-000000000000' }, tom)))).toBe(
      'This alert is closed.',
    );
  });

  test('does nothing for somebody of another account', async () => {
    const { chat, say, alertId, pipeline } = await alerted();
    expect(say(messageOf(await chat.clickButton({ action: 'request', value: `${alertId} plan` }, requesterIn('other'))))).toBe(
      'This alert is closed.',
    );
    await pipeline.settle();
    expect(pipeline.messages[0]?.edits).toBe(0);
  });
});

describe('whoever approves a request', () => {
  const direct = ({ pipeline }: Told) =>
    pipeline.messages.filter(({ address }) => address.startsWith('U')).map(({ address, text }) => `${address} ${text}`);

  async function requested(file: string, by = 'U0TOM'): Promise<Told & { readonly draft: Message }> {
    const told = await started(file);
    await told.pipeline.push([{ meter: 'apollo_contacts', used: 803_412, total: 1_000_000 }]);
    const draft = messageOf(await told.chat.answer('request apollo allocation', requesterIn('default', { person: slackUser(by) })));
    await told.pipeline.settle();
    return { ...told, draft };
  }

  test('is told alone, with the figures and whom the mail goes to', async () => {
    const told = await requested(`${FILE}admins: [U0OLGA]\n`);
    expect(direct(told)).toEqual([
      'U0OLGA @U0TOM asks for more Apollo Contacts: higher allocation\n803,412 / 1,000,000 credits used · 80% · 196,588 left\nThe email goes to sales@abmatic.ai or your account manager. You get this because you approve requests.\nAs of 10:00',
    ]);
    expect(told.say(told.draft)).toContain('\nI told @U0OLGA.');
  });

  test('is whom the file names for the source, else the owner of the meter, else the admins', async () => {
    const withOwner = FILE.replace('day: 1 } }', 'day: 1 }, meters: { apollo_contacts: { owner: U0OWNER } } }');
    expect(direct(await requested(`${withOwner}admins: [U0OLGA]\n`))).toEqual([expect.stringMatching(/^U0OWNER /)]);
    const withApprover = withOwner.replace('kind: push, period', 'kind: push, contacts: { approver: U0BOSS }, period');
    expect(direct(await requested(`${withApprover}admins: [U0OLGA]\n`))).toEqual([expect.stringMatching(/^U0BOSS /)]);
  });

  test('needs not be told of an own request, and a second request is no news', async () => {
    const own = await requested(`${FILE}admins: [U0TOM]\n`);
    expect(direct(own)).toEqual([]);
    const told = await requested(`${FILE}admins: [U0OLGA]\n`);
    await told.chat.answer('request apollo plan', requesterIn('default', { person: slackUser('U0ANNA') }));
    await told.pipeline.settle();
    expect(direct(told)).toHaveLength(1);
  });
});

describe('/usage request', () => {
  test('drafts without an alert too, to whom the file names', async () => {
    const { chat, say, pipeline } = await started();
    await pipeline.push([{ meter: 'seats', used: 3, total: 10 }], { source: 'crm' });
    const draft = messageOf(await chat.answer('request seats  PLAN', tom));
    expect(say(draft)).toBe('Ready to send to Eve <eve@crm.example>:');
    expect(draft.verbatim).toMatch(
      /^To: eve@crm\.example\nSubject: Seats: higher plan limit\n\nHello,\n\nSeats: 3 of 10 used \(30%\) as of 2 Nov 2026\.\nPlease raise the limit of our plan\.\n/,
    );
  });

  test('says where to write down whom to ask', async () => {
    const { chat, say, pipeline } = await started();
    await pipeline.push([{ meter: 'tokens', used: 3, total: 10 }], { source: 'other' });
    expect(say(messageOf(await chat.answer('request tokens allocation', tom)))).toBe(
      'Ready to send to your contact for Tokens:\nTo show the address here, set contacts for the source other in creditwatch.yml.',
    );
  });

  test.each([
    ['request', 'Which meter?\nFor example: /usage request abmatic/abmatic_contacts'],
    ['request apolo', 'No meter "apolo". Did you mean Apollo Contacts?\nAll meters: /usage'],
    ['request unlimited', 'Unlimited is unlimited, so there is nothing to ask for.'],
    ['request unlimited plan', 'Unlimited is unlimited, so there is nothing to ask for.'],
    ['request contacts', '"contacts" could be Abmatic Contacts, Apollo Contacts. Which one?'],
  ])('%j is answered with what to do', async (text, says) => {
    const { chat, say, pipeline } = await started();
    await pipeline.push([
      { meter: 'apollo_contacts', used: 1, total: 10 },
      { meter: 'abmatic_contacts', used: 1, total: 10 },
      { meter: 'unlimited', used: 1, total: null },
    ]);
    expect(say(messageOf(await chat.answer(text, tom)))).toBe(says);
  });

  test('offers the meters that a name fits, each with what was asked', async () => {
    const { chat, pipeline } = await started();
    await pipeline.push([
      { meter: 'apollo_contacts', used: 1, total: 10 },
      { meter: 'abmatic_contacts', used: 1, total: 10 },
    ]);
    const { buttons } = messageOf(await chat.answer('request contacts plan', tom));
    expect(buttons).toMatchObject([
      { action: 'show', label: 'Abmatic Contacts', value: 'request abmatic/abmatic_contacts plan' },
      { label: 'Apollo Contacts' },
    ]);
  });
});
