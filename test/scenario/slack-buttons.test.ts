import { describe, expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { buttonLabels, formAfter, pressButton, sendForm, typeCommand, TRANSPORTS } from '../support/slack/hand-over.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';
const PAGE = 'Apollo Contacts\n1,614/1,000,000 credits used\nCampaigns\n494,936/1,000,000,000 visitors used\n';

describe.each(TRANSPORTS)('over %s', (transport) => {
  async function start(file = ROUTE) {
    const slack = await connectedSlack({ transport });
    const database = await createDatabase();
    const options = { dataDir: dataFolder(), databaseUrl: database.url, file, env: slack.env };
    return { slack, options, app: await startApp(options) };
  }

  test('"I\'m on it" pressed by two people at once: the message says who has it, and the other is told so', async () => {
    const { slack, app } = await start();
    await app.push({ readings: [readingNow('leads', 850)] });
    const alert = await slack.arrival('C0ALERTS');
    const people = ['U0ANNA', 'U0TOM'];
    const presses = await Promise.all(people.map((user) => pressButton(slack, app, alert, "I'm on it", { user })));
    expect(presses.map(({ said }) => said)).toEqual([undefined, undefined]);
    const { text, body } = await slack.told.next(() => true);
    const winner = /^<@(U0\w+)> is already on it \(/.exec(text)?.[1] ?? '';
    expect(people).toContain(winner);
    expect(body).toMatchObject({ response_type: 'ephemeral', replace_original: false });
    await expect.poll(() => alert.text, { timeout: 10_000 }).toContain(`<@${winner}> is on it`);
    expect(buttonLabels(alert.blocks)).not.toContain("I'm on it");
    expect(slack.told.all).toHaveLength(1);
    expect(slack.messages()).toHaveLength(1);
  }, 60_000);

  test('a snooze is shown in the message, outlives a restart, and You will still hear if it gets worse as a new message', async () => {
    const { slack, app, options } = await start();
    await app.push({ readings: [readingNow('leads', 850)] });
    const alert = await slack.arrival('C0ALERTS');
    const press = await pressButton(slack, app, alert, 'Snooze', { user: 'U0ANNA' });
    const answer = await press.answer();
    expect(answer.text).toMatch(/^Snoozed until \d+ \w+ 09:00 UTC\. You will still hear if it gets worse\./);
    // On a Sunday that is tomorrow, which was chosen.
    expect(buttonLabels(answer.body['blocks']).includes('Until Monday morning')).toBe(new Date().getUTCDay() !== 0);
    const other = await pressButton(slack, app, { blocks: answer.body['blocks'], channel: 'C0ALERTS' }, 'Until the reset', {
      user: 'U0ANNA',
    });
    expect((await other.answer()).text).toMatch(/^Snoozed until the reset/);
    await expect.poll(() => alert.text, { timeout: 10_000 }).toContain('Snoozed by <@U0ANNA> until the reset');
    await app.stop();

    const again = await startApp(options);
    await again.push({ readings: [readingNow('leads', 860)] });
    await again.push({ readings: [readingNow('leads', 1000)] });
    expect((await slack.arrival('C0ALERTS', 10_000)).text).toContain('Leads is used up');
    expect(slack.messages()).toHaveLength(2);
  }, 60_000);

  test('who may not change what a channel gets asks the admins at one press: each is told alone, once, and the asker that they were', async () => {
    const { slack, app } = await start(`admins: [U0OLGA]\n${ROUTE}`);
    const refused = await (await typeCommand(slack, app, 'subscribe all', { channel: 'C0SALES', user: 'U0ANNA' })).answer();
    expect(refused).toMatchObject({
      body: { response_type: 'ephemeral' },
      text: expect.stringContaining('Rules are changed by <@U0OLGA>.'),
    });
    const press = () => pressButton(slack, app, { blocks: refused.body['blocks'], channel: 'C0SALES' }, 'Ask them', { user: 'U0ANNA' });
    expect(await (await press()).answer()).toMatchObject({
      body: { response_type: 'ephemeral', replace_original: false },
      text: 'Asked <@U0OLGA>.',
    });
    const asked = await slack.posts.next(({ address, text }) => address === 'U0OLGA' && text.includes('asks for'), 10_000);
    expect(shownText(asked.blocks)).toContain('asks for /usage subscribe all in #C0SALES\nIf you agree, type the command there.');
    expect((await (await press()).answer()).text).toMatch(/^<@U0OLGA> was already asked \(/);
    expect(slack.messages().filter(({ text }) => text.includes('asks for'))).toHaveLength(1);
    expect(slack.messages('C0SALES')).toEqual([]);
  }, 60_000);

  test('a usage page is pasted into a form, and the form says what it cannot take', async () => {
    const { slack, app } = await start();
    const typed = await typeCommand(slack, app, 'import', { user: 'U0ANNA' });
    expect(typed.said).toBeUndefined();
    const form = await slack.views.next(() => true);
    expect((await sendForm(slack, app, form, { text: 'nothing of use' })).said).toMatchObject({
      response_action: 'errors',
      errors: { text: expect.stringMatching(/./) },
    });
    const shown = await sendForm(slack, app, form, { vendor: '/from-page', name: '', text: PAGE });
    const next = formAfter(form, shown);
    expect(JSON.stringify(next.view)).toContain('Found 2 for Abmatic AI: Apollo Contacts 1,614 / 1,000,000 credits');
    const sent = await sendForm(slack, app, next, { vendor: '/from-page', name: '', text: PAGE });
    expect(sent.said).toBeUndefined();
    const { body } = await sent.answer();
    expect(shownText(body['blocks'])).toMatch(/^✅ Saved 2 figures for Abmatic/);
    const overview = await (await pressButton(slack, app, { blocks: body['blocks'] }, 'All figures')).answer();
    expect(shownText(overview.body['blocks'])).toContain('Apollo Contacts  1,614 / 1,000,000 credits used');
    expect(slack.messages()).toEqual([]);
  }, 60_000);

  test('a command that a stop meets in the middle is answered', async () => {
    const { slack, app } = await start();
    await app.push({ readings: [readingNow('leads', 10)] });
    // Slack takes its time with the answer, so that the stop has something to wait for.
    slack.script('response', [{ kind: 'ok', delayMs: 500 }]);
    const command = await typeCommand(slack, app, '');
    await app.stop();
    expect(shownText((await command.answer()).body['blocks'])).toContain('Leads');
  }, 60_000);
});
