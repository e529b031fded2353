import { expect, test } from 'vitest';
import { typedCommands } from '../../src/commands/registry.ts';
import { buttonActions } from '../../src/core/text/message.ts';
import type { Chat, Invalid, Reply } from '../../src/ports/inbound/chat.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { requesterIn, chatOver } from '../support/chat.ts';
import { createDatabase } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const FILE = `
accounts:
  north: { slackTeams: [T0NORTH], routes: [{ slack: C0NORTH, meters: all }] }
  south: { slackTeams: [T0SOUTH], routes: [{ slack: C0SOUTH, meters: all }] }
`;

/** North has a meter over its level; what is typed of it is its key, so its label and figures could only come from the database. */
async function startBoth(): Promise<{ pipeline: Pipeline; chat: Chat; alertId: string }> {
  const pipeline = await startPipeline(FILE, '2026-11-23T09:00:00Z');
  await pipeline.push([{ meter: 'secret_north', label: 'Northern Lights', used: 987_654, total: 1_000_000 }], {
    source: 'northern',
    account: 'north',
  });
  await pipeline.push([{ meter: 'leads', label: 'Southern Leads', used: 10, total: 100 }], { source: 'southern', account: 'south' });
  const told = await pipeline.store.lastNotified('north');
  if (told?.kind !== 'alert') throw new Error('no alert was told');
  return { pipeline, chat: chatOver(pipeline.store, { now: () => pipeline.now(), sleep: () => Promise.resolve() }), alertId: told.alertId };
}

/** Nothing that only the database knows of north. */
function expectNothingOfNorth(reply: Reply | Invalid): void {
  expect(JSON.stringify(reply, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
    /Northern|987,?654|C0NORTH/,
  );
}

const south = requesterIn('south', {
  person: slackUser('U0SOUTH'),
  place: { kind: 'slack', address: 'C0SOUTH2' },
  isPlatformAdmin: async () => true,
});

test('no command shows one account anything of another', async () => {
  const { chat } = await startBoth();
  expect(typedCommands.length).toBeGreaterThan(5);
  for (const word of typedCommands)
    for (const rest of ['', 'secret_north', 'northern/secret_north', 'secret_north 50k', 'all'])
      expectNothingOfNorth(await chat.answer(`${word} ${rest}`, south));
});

test('no button with an id of another account does anything to it or shows anything of it', async () => {
  const { chat, pipeline, alertId } = await startBoth();
  const before = pipeline.messages.map(({ text }) => text);
  for (const action of buttonActions) {
    for (const value of [alertId, `${alertId} monday`, `${alertId} allocation`, 'secret_north', 'import northern'])
      expectNothingOfNorth(await chat.clickButton({ action, value }, south));
  }
  await pipeline.settle();
  expect(pipeline.messages.filter(({ address }) => address === 'C0NORTH').map(({ text }) => text)).toEqual(before.slice(0, 1));
});

test('whoever pastes into a source of the same name fills the own one', async () => {
  const { chat, pipeline } = await startBoth();
  const values = { text: 'Secret North\n1/10 credits used' };
  const found = await chat.submit({ form: 'import northern', values }, south);
  await chat.submit({ form: found.kind === 'form' ? found.form.id : '', values }, south);
  expect((await pipeline.store.meters('north')).map(({ meter, reading }) => [meter.key, reading.used])).toEqual([
    ['secret_north', 987_654n],
  ]);
  expect((await pipeline.store.meters('south')).map(({ meter }) => `${meter.source}/${meter.key}`).sort()).toEqual([
    'northern/secret_north',
    'southern/leads',
  ]);
});

test('over HTTP a key reads and fills its own account alone, and a workspace that no account names is told so', async () => {
  const database = await createDatabase();
  const keys = { NORTH: 'the-key-of-the-north', SOUTH: 'the-key-of-the-south' };
  const file = 'accounts:\n  north: { ingestKeys: ["${NORTH}"] }\n  south: { ingestKeys: ["${SOUTH}"] }\n';
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file, env: { ...keys, INGEST_KEY: '' } });
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  const overviewOf = async (key: string): Promise<unknown> => (await fetch(`${app.url}/v1/usage`, { headers: as(key) })).json();
  await app.push({ source: 'same', readings: [{ meter: 'leads', used: 1, total: 10 }] }, as(keys.NORTH));
  expect(await overviewOf(keys.SOUTH)).toMatchObject({ meters: [] });
  await app.push({ source: 'same', readings: [{ meter: 'leads', used: 2, total: 10 }] }, as(keys.SOUTH));
  expect(await overviewOf(keys.NORTH)).toMatchObject({ meters: [{ source: 'same', meter: 'leads', used: 1 }] });
  expect(await overviewOf(keys.SOUTH)).toMatchObject({ meters: [{ source: 'same', meter: 'leads', used: 2 }] });
});
