import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { OTHER_VENDOR } from '../../../src/messages/forms/import.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { chatOver } from '../../support/chat.ts';
import { createDatabase, openTestStore } from '../../support/database.ts';
import { CHAT, pressed, typed } from '../../support/teams/activities.ts';
import { cardProblems, shownOn } from '../../support/teams/card-rules.ts';
import { startTeamsAdapter } from '../../support/teams/adapter.ts';

const PAGE = readFileSync(new URL('../../fixtures/abmatic-usage-page.txt', import.meta.url), 'utf8');
const cardSchema = z.record(z.string(), z.unknown());
const answerSchema = z.object({ statusCode: z.literal(200), value: cardSchema });

/** The form of `usage import` in a person's chat with the bot, over a real store. */
async function openForm() {
  const database = await createDatabase();
  const store = openTestStore(database.url, Buffer.alloc(32, 7));
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  await store.declare(
    { id: 'default', timeZone: 'UTC', admins: [], viewers: null, sources: [], rules: [], routes: [], fallback: [] },
    systemClock.now(),
  );
  const { teams, send } = await startTeamsAdapter({ chat: chatOver(store, systemClock) });
  await send(typed(teams.serviceUrl, 'usage import'));
  const form = await teams.arrival(CHAT);
  const submit = async (card: Readonly<Record<string, unknown>>, label: string, inputs: Readonly<Record<string, string>>) => {
    const response = await send(pressed(teams.serviceUrl, { ...form, card }, label, { inputs }));
    const { value } = answerSchema.parse(await response.json());
    expect(cardProblems(value)).toEqual([]);
    return value;
  };
  const stored = async () => (await store.meters('default')).map(({ meter }) => meter.key);
  return { card: form.card, submit, stored };
}

const labelOf = (card: Readonly<Record<string, unknown>>) =>
  z
    .object({ actions: z.array(z.object({ title: z.string() })) })
    .parse(card)
    .actions.at(-1)?.title ?? '';

test('a page that is pasted in Teams is shown as it was understood before anything of it is stored', async () => {
  const { card, submit, stored } = await openForm();
  const shown = await submit(card, labelOf(card), { text: PAGE });
  expect(shownOn(shown)).toMatch(/Found 6 .*Abmatic AI[^]*Apollo Contacts/);
  expect(await stored()).toEqual([]);
  expect(shownOn(await submit(shown, labelOf(shown), { text: PAGE }))).toContain('Saved 6 figures for Abmatic AI');
  expect(await stored()).toHaveLength(6);
});

test('what was changed after it was shown is shown again, and only the last of it is stored', async () => {
  const { card, submit, stored } = await openForm();
  const shown = await submit(card, labelOf(card), { text: PAGE });
  const changed = await submit(shown, labelOf(shown), { text: 'Seats\n5/10 seats used\n', vendor: OTHER_VENDOR, name: 'Clay' });
  expect(shownOn(changed)).toMatch(/Found 1 .*Clay[^]*Seats/i);
  expect(await stored()).toEqual([]);
  await submit(changed, labelOf(changed), { text: 'Seats\n5/10 seats used\n', vendor: OTHER_VENDOR, name: 'Clay' });
  expect(await stored()).toEqual(['seats']);
});

test('a page without figures, and one of a vendor that nobody knows, are asked about in the form, with what was pasted still in it', async () => {
  const { card, submit, stored } = await openForm();
  const empty = await submit(card, labelOf(card), { text: 'nothing of use' });
  expect(shownOn(empty)).toContain('⚠️');
  expect(JSON.stringify(empty)).toContain('nothing of use');
  const unknown = await submit(empty, labelOf(empty), { text: 'Seats\n5/10 seats used\n' });
  expect(shownOn(unknown)).toContain('⚠️');
  expect(JSON.stringify(unknown)).toContain('5/10 seats used');
  expect(await stored()).toEqual([]);
});
