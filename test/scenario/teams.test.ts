import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { ANNA, CHANNEL, inChannel, installed, mentioning, pressed, slash, TOM } from '../support/teams/activities.ts';
import { shownOn } from '../support/teams/card-rules.ts';
import { connectedTeams } from '../support/teams/connected.ts';

const ROUTE = `routes:\n  - { teams: "${CHANNEL}", meters: all, mention: { critical: [${ANNA.aadObjectId}] } }\n`;

async function startConnected(file = ROUTE) {
  const teams = await connectedTeams();
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file, env: teams.env });
  return { teams, app, database, send: (activity: object) => teams.send(app, activity) };
}

/** Text and card of what a press was answered with. */
async function answerTo(response: Response): Promise<string> {
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('value' in answer)) throw new Error('no answer to an invoke');
  return typeof answer.value === 'object' && answer.value !== null ? shownOn(answer.value) : String(answer.value);
}

test('from the installation to the recovery: welcome, answers, one living alert in a thread of its own, presses by two people', async () => {
  const { teams, app, send } = await startConnected();
  const { serviceUrl } = teams;
  await send(installed(serviceUrl, inChannel()));
  expect((await teams.arrival(CHANNEL)).text).toMatch(/^I'm Creditwatch\./);
  await app.push({ readings: [readingNow('leads', 100)] });
  await send(mentioning(serviceUrl, 'usage leads', inChannel(CHANNEL, '17')));
  const answer = await teams.arrival(CHANNEL);
  expect([answer.conversation, answer.onlyFor]).toEqual([`${CHANNEL};messageid=17`, null]);
  expect(answer.text).toContain('100 / 1,000 used');
  await send(slash(serviceUrl, 'usage'));
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: ANNA.id });

  await app.push({ readings: [readingNow('leads', 850)] });
  const warning = await teams.arrival(CHANNEL, 10_000);
  expect(warning.conversation).toBe(`${CHANNEL};messageid=${warning.id}`);
  expect(warning.summary).toContain('Leads reached 80%');
  expect(warning.text).toContain('850 / 1,000 used');

  const firstSeen = { ...warning, card: structuredClone(warning.card) };
  expect(await answerTo(await send(pressed(serviceUrl, warning, "I'm on it")))).toContain('Anna Adams is on it');
  await expect.poll(() => warning.text, { timeout: 10_000 }).toContain('Anna Adams is on it');
  expect(await answerTo(await send(pressed(serviceUrl, firstSeen, "I'm on it", { from: TOM })))).toMatch(/^@Anna Adams is already on it/);

  await app.push({ readings: [readingNow('leads', 1001)] });
  const critical = await teams.arrival(CHANNEL, 10_000);
  expect(critical.conversation).not.toBe(warning.conversation);
  expect(critical.text).toContain('Leads is used up (100%)');
  expect(critical.text).toContain('Anna Adams is on it');
  expect(critical.card['msteams']).toMatchObject({ entities: [{ mentioned: { id: ANNA.aadObjectId, name: 'Anna Adams' } }] });
  await expect.poll(() => warning.text, { timeout: 10_000 }).toContain('see the newer message');

  expect(await answerTo(await send(pressed(serviceUrl, critical, 'Snooze', { from: TOM })))).toContain('Snoozed by Tom Tester');
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id });
  await expect.poll(() => critical.text, { timeout: 10_000 }).toContain('Snoozed by Tom Tester');

  const before = { ...critical, card: structuredClone(critical.card) };
  await app.push({ readings: [readingNow('leads', 1001, 2500)] });
  await expect.poll(() => critical.text, { timeout: 15_000 }).toMatch(/^✅ Leads is fine again: 40%/);
  const reply = await teams.arrival(CHANNEL, 15_000);
  expect([reply.conversation, reply.text.split('\n')[0]]).toEqual([critical.conversation, 'Topped up by 1,500. cc Anna Adams']);
  expect(await answerTo(await send(pressed(serviceUrl, before, 'End snooze', { from: TOM })))).toMatch(
    /^This alert is closed: Leads was fine again on \d+ \w{3}\.$/,
  );
  expect(teams.messages(CHANNEL).filter(({ onlyFor }) => onlyFor === null)).toHaveLength(5);
}, 60_000);

test('429 and 412 are delivered once later, a 502 at most once more and marked, and the ledger shows each attempt', async () => {
  const { teams, app, database, send } = await startConnected();
  await send(mentioning(teams.serviceUrl, 'usage'));
  await teams.arrival();
  teams.script('begin', [
    { kind: 'rate-limited', retryAfterS: 2 },
    { kind: 'refused', status: 412, code: 'PreconditionFailed' },
    { kind: 'ok' },
  ]);
  await app.push({ readings: [readingNow('leads', 850)] });
  await teams.posts.next(({ text }) => text.includes('Leads is already at 85%'), 15_000);
  teams.script('begin', [{ kind: 'status', status: 502 }]);
  await app.push({ readings: [readingNow('tokens', 850)] });
  await teams.posts.next(({ text }) => text.includes('This may be a repeat: Teams did not confirm the first one.'), 15_000);
  await expect.poll(() => runSql(database.url, "SELECT 1 FROM delivery WHERE status = 'pending'"), { timeout: 10_000 }).toEqual([]);
  const ledger = await runSql(
    database.url,
    'SELECT attempt.kind, attempt.outcome, attempt.reason FROM attempt JOIN delivery ON delivery.id = delivery_id ORDER BY delivery.seq, number',
  );
  expect(ledger).toEqual([
    { kind: 'post', outcome: 'retry', reason: expect.stringContaining('HTTP 429') },
    { kind: 'post', outcome: 'retry', reason: expect.stringContaining('HTTP 412') },
    { kind: 'post', outcome: 'sent', reason: null },
    { kind: 'post', outcome: 'unknown', reason: 'Teams answered HTTP 502' },
    { kind: 'lookup', outcome: 'unavailable', reason: 'Teams does not let bots look up what they posted' },
    { kind: 'repost', outcome: 'sent', reason: null },
  ]);
});

test('a channel that the bot may not write in is off after one try, and others go on', async () => {
  const other = '19:other@thread.tacv2';
  const { teams, app, database, send } = await startConnected(`${ROUTE}  - { teams: "${other}", meters: all }\n`);
  for (const channel of [CHANNEL, other]) await send(mentioning(teams.serviceUrl, 'usage', inChannel(channel, '1')));
  await teams.posts.next(() => teams.posts.all.length === 2);
  teams.always(
    'begin',
    { kind: 'refused', status: 403, code: 'ForbiddenOperationException', message: 'subCode MessageWritesBlocked' },
    CHANNEL,
  );
  await app.push({ readings: [readingNow('leads', 850)] });
  await teams.posts.next(({ conversation, text }) => conversation.startsWith(other) && text.includes('85%'), 10_000);
  await expect
    .poll(() => runSql(database.url, `SELECT disabled_reason FROM destination WHERE address = '${CHANNEL}'`), { timeout: 10_000 })
    .toEqual([{ disabled_reason: expect.stringMatching(/^Creditwatch may not write in that conversation/) }]);
  await app.push({ readings: [readingNow('leads', 1000)] });
  await teams.posts.next(({ conversation, text }) => conversation.startsWith(other) && text.includes('used up'), 15_000);
  expect(teams.calls.all.filter(({ method, conversation }) => method === 'begin' && conversation === CHANNEL)).toHaveLength(1);
});

test('with nothing set there is no endpoint', async () => {
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: (await createDatabase()).url });
  expect((await fetch(`${app.url}/api/messages`, { method: 'POST', body: '{}' })).status).toBe(404);
});
