import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { Requester } from '../../src/ports/inbound/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import { requesterIn, chatOver, messageOf } from '../support/chat.ts';
import { createDatabase, type TestDatabase, openTestStore } from '../support/database.ts';
import { FROM_PAGE } from '../../src/messages/forms/import.ts';
import { NOW, printed } from '../messages/credits.ts';
import { slackUser } from '../support/people.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const PAGE = readFileSync(new URL('../fixtures/abmatic-usage-page.txt', import.meta.url), 'utf8');
const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = openTestStore(database.url, Buffer.alloc(32, 7));
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

/** Somebody of an account of their own, without figures. */
async function newRequester(account: string): Promise<Requester> {
  await store.declare({ id: account, timeZone: 'UTC', admins: [], viewers: null, sources: [], rules: [], routes: [], fallback: [] }, NOW);
  return requesterIn(account, { person: slackUser('U0ANNA') });
}

/** Fills in the form, looks at what was found, and saves it. */
async function paste(text: string, requester: Requester, form = 'import', vendor: Record<string, string> = {}): Promise<string> {
  const chat = chatOver(store, clock);
  const values = { text, ...vendor };
  const found = await chat.submit({ form, values }, requester);
  return printed(messageOf(found.kind === 'form' ? await chat.submit({ form: found.form.id, values }, requester) : found));
}

/** What is shown before anything is stored. */
async function found(values: Record<string, string>, requester: Requester, form = 'import') {
  const shown = await chatOver(store, clock).submit({ form, values }, requester);
  return shown.kind === 'form' ? { text: shown.form.text, submit: shown.form.submit, id: shown.form.id } : shown;
}

describe('pasting a usage page', () => {
  test('begins with a form, from the command and from the button of "No figures yet"', async () => {
    const requester = await newRequester('form');
    const chat = chatOver(store, clock);
    const typed = await chat.answer('  Import ', requester);
    expect(typed).toMatchObject({
      kind: 'form',
      form: {
        id: 'import',
        title: 'Paste usage page',
        fields: [{ name: 'vendor', kind: 'choice' }, { name: 'name' }, { name: 'text', kind: 'paragraph' }],
      },
    });
    expect(printed(messageOf(typed))).toBe(
      "Copy the vendor's usage page into a file, then: npx creditwatch import <file> --source <vendor>",
    );
    const empty = messageOf(await chat.answer('', requester));
    expect(printed(empty)).toContain(
      "No figures yet.\nFastest: open the vendor's usage page, copy everything, and paste it: /usage import",
    );
    const [button] = empty.buttons ?? [];
    expect(button).toMatchObject({ action: 'fill-in', label: 'Paste usage page' });
    expect(await chat.clickButton({ action: 'fill-in', value: button?.value ?? '' }, requester)).toEqual(typed);
  });

  test('takes what stands there into the source of the vendor, and says how much', async () => {
    const requester = await newRequester('page');
    expect(await paste(PAGE, requester)).toBe("✅ Saved 6 figures for Abmatic AI.\nI don't know when these figures reset.");
    expect(printed(messageOf(await chatOver(store, clock).answer('apollo', requester)))).toContain('abmatic/apollo_contacts');
  });

  test('says of what it did not take in which line it stands and why', async () => {
    const requester = await newRequester('lines');
    expect(
      await paste(
        'Apollo Contacts\n1,614/1,000,000 credits used\nCampaigns\n9,999,999,999,999,999,999/1 visitors used\nSeats\n1,6,1K/2.0K used\n',
        requester,
      ),
    ).toBe(`✅ Saved 1 figure for Abmatic AI.
Not saved:
line 4: used is larger than 2^63 - 1
line 6: "1,6,1K/2.0K used" looks like figures but could not be read
I don't know when these figures reset.`);
  });

  test('takes JSON too, into the source that it names', async () => {
    const requester = await newRequester('json');
    expect(await paste('{"source":"crm","readings":[{"meter":"leads","used":1,"total":10},{"meter":"seats","used":-1}]}', requester)).toBe(
      "✅ Saved 1 figure for crm.\nNot saved:\nreading 2: used is negative\nI don't know when these figures reset.",
    );
  });

  test('takes it into the source that was asked for', async () => {
    const requester = await newRequester('source');
    expect(await chatOver(store, clock).answer('import other vendor', requester)).toMatchObject({
      kind: 'form',
      form: { id: 'import other vendor' },
    });
    expect(await paste(PAGE, requester, 'import other vendor')).toBe(
      "✅ Saved 6 figures for other vendor.\nI don't know when these figures reset.",
    );
  });

  test('shows what it found before it stores anything, and asks whose page it is where that is not sure', async () => {
    const requester = await newRequester('vendors');
    expect(
      await found({ text: 'Clay Credits 900 / 1,000\nClay rows 998,386/1,000,000 rows left\nClay Sum 1,6,1/9 used' }, requester),
    ).toMatchObject({
      text: 'Found 2 for Clay: Clay Credits 900 / 1,000, Clay rows 1,614 / 1,000,000 rows.\nNot understood:\nline 3: "Clay Sum 1,6,1/9 used" looks like figures but could not be read',
      submit: 'Save figures',
    });
    expect(printed(messageOf(await chatOver(store, clock).answer('', requester)))).toMatch(/^No figures yet/);
    expect(await found({ text: 'Credits 900/1,000 credits used', vendor: '/from-page' }, requester)).toMatchObject({
      kind: 'invalid',
      problems: { vendor: expect.stringContaining("can't tell which vendor") },
    });
    expect(await found({ text: 'Credits 900/1,000 credits used', vendor: '/other', name: ' ' }, requester)).toMatchObject({
      kind: 'invalid',
      problems: { name: expect.any(String) },
    });
    expect(await found({ text: 'HubSpot\nContacts 5/10 contacts used', vendor: 'abmatic' }, requester)).toMatchObject({
      text: 'Found 1 for Abmatic AI: Contacts 5 / 10 contacts.\nThis page looks like one from HubSpot. Change the vendor if it is.',
    });
  });

  test('saves into the vendor that was chosen or named, never into Abmatic AI, and asks nobody there for more', async () => {
    const requester = await newRequester('other vendors');
    expect(await paste('Credits 900/1,000 credits used', requester, 'import', { vendor: 'hubspot' })).toMatch(
      /^✅ Saved 1 figure for HubSpot\./,
    );
    expect(await paste('Credits 900/1,000 credits used', requester, 'import', { vendor: '/other', name: 'clay' })).toMatch(/for Clay\./);
    expect(await paste('Credits 900/1,000 credits used', requester, 'import', { vendor: '/other', name: 'Acme Data' })).toMatch(
      /for Acme Data\./,
    );
    const request = printed(messageOf(await chatOver(store, clock).answer('request hubspot/credits allocation', requester)));
    expect(request).not.toMatch(/abmatic/i);
  });

  test('opens with the source that this person pasted last, and without one that they may not paste over', async () => {
    const anna = await newRequester('remembered');
    const tom: Requester = { ...anna, person: slackUser('U0TOM') };
    const chat = chatOver(store, clock);
    const opened = async (by: Requester, typed = 'import') => {
      const reply = await chat.answer(typed, by);
      return reply.kind === 'form' ? [reply.form.id, reply.form.fields[0]?.placeholder] : reply;
    };
    expect(await opened(anna)).toEqual(['import', 'Recognize it from the page']);
    await paste(PAGE, anna);
    // Tom has pasted nothing, so that it opens with what anyone in the account pasted last.
    expect(await opened(tom)).toEqual(['import abmatic', 'Abmatic AI']);
    await paste('Credits 900/1,000 credits used', tom, 'import', { vendor: 'hubspot' });
    expect(await opened(tom)).toEqual(['import hubspot', 'HubSpot']);
    expect(await opened(anna)).toEqual(['import abmatic', 'Abmatic AI']);
    expect(await opened(anna, 'import clay')).toEqual(['import clay', 'Clay']);
    expect(await found({ text: 'Clay Credits 900/1,000', vendor: '/from-page' }, tom, 'import hubspot')).toMatchObject({
      text: 'Found 1 for Clay: Clay Credits 900 / 1,000.',
    });
    const pushed = { account: 'remembered', source: 'hubspot', via: 'push', eventId: null, arrivedAt: NOW } as const;
    const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined });
    await ingest({ ...pushed, readings: [{ meter: 'other', used: 1, total: 10 }] });
    expect(await opened(tom)).toEqual(['import', 'Recognize it from the page']);
  });

  test('shows again what was changed after it was shown', async () => {
    const requester = await newRequester('changed');
    const chat = chatOver(store, clock);
    const first = await found({ text: 'Clay Credits 900/1,000' }, requester);
    const form = 'id' in first ? first.id : '';
    expect(await found({ text: 'Clay Credits 901/1,000' }, requester, form)).toMatchObject({
      text: 'Found 1 for Clay: Clay Credits 901 / 1,000.',
    });
    expect(printed(messageOf(await chat.answer('', requester)))).toMatch(/^No figures yet/);
  });

  test.each([
    ['nothing', '  \n'],
    ['no figures', 'Good morning\nAll the best'],
    ['what only looks like JSON', '{"readings": ['],
  ])('leaves the form open for %s, and says what it takes', async (_what, text) => {
    const answer = await chatOver(store, clock).submit({ form: 'import', values: { text } }, await newRequester('refused'));
    expect(answer).toMatchObject({
      kind: 'invalid',
      problems: { text: expect.stringMatching(/^(There is nothing in it|No figures found|It looks like JSON but is not)/) },
    });
  });

  test('asks for the vendor if no figures are found and none is chosen', async () => {
    const requester = await newRequester('unnamed');
    const text = 'Good morning\nAll the best';
    const submit = (vendor: string) => chatOver(store, clock).submit({ form: 'import', values: { text, vendor } }, requester);
    expect(await submit(FROM_PAGE)).toMatchObject({ problems: { vendor: expect.any(String), text: expect.any(String) } });
    expect(await submit('clay')).toEqual({ kind: 'invalid', problems: { text: expect.any(String) } });
  });

  test('without a text at all is no figures', async () => {
    expect(await chatOver(store, clock).submit({ form: 'import', values: {} }, await newRequester('absent'))).toMatchObject({
      kind: 'invalid',
    });
  });

  test('keeps accounts apart', async () => {
    await paste(PAGE, await newRequester('mine'));
    expect(printed(messageOf(await chatOver(store, clock).answer('', await newRequester('theirs'))))).toMatch(/^No figures yet/);
  });
});

test.each(['', 'nothing', 'toString', '__proto__ x', 'imports'])(
  'a form that is not there (%j) is answered with what to do',
  async (form) => {
    const chat = chatOver(store, clock);
    const requester = requesterIn('form');
    expect(await paste(PAGE, requester, form)).toBe('This form is out of date. Ask again.');
    expect(printed(messageOf(await chat.clickButton({ action: 'fill-in', value: form }, requester)))).toBe(
      'This form is out of date. Ask again.',
    );
  },
);
