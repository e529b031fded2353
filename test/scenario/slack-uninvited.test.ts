import { describe, expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { pressButton, sendForm, TRANSPORTS, typeCommand } from '../support/slack/hand-over.ts';

const NOT_IN_CHANNEL = { kind: 'error', error: 'not_in_channel' } as const;
const ROUTES = 'SELECT id FROM route';

describe.each(TRANSPORTS)('alerts asked for over %s in a channel', (transport) => {
  async function start() {
    const slack = await connectedSlack({ transport });
    const database = await createDatabase();
    const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file: '', env: slack.env });
    await app.push({ readings: [readingNow('leads', 100)] });
    const subscribe = () => typeCommand(slack, app, 'subscribe all', { channel: 'C0SECRET', user: 'U0ANNA' });
    return { slack, database, app, subscribe };
  }

  test('that the bot is in: the word of it is posted by the bot itself, once, and nothing else is said', async () => {
    const { slack, subscribe, database } = await start();
    await subscribe();
    expect((await slack.arrival('C0SECRET', 15_000)).text).toContain('<@U0ANNA> turned on credit alerts here: all credits.');
    expect(slack.told.all).toEqual([]);
    expect(slack.messages()).toHaveLength(1);
    expect(await runSql(database.url, ROUTES)).toEqual([{ id: 'chat:slack:C0SECRET' }]);
  }, 60_000);

  test.each(['not_in_channel', 'channel_not_found'])(
    'that the bot is not in (%s): a modal says what to type, and sending it tries again',
    async (error) => {
      const { slack, app, subscribe, database } = await start();
      slack.always('chat.postMessage', { kind: 'error', error }, 'C0SECRET');
      await subscribe();
      const modal = await slack.views.next(() => true, 15_000);
      expect(shownText(modal.view['blocks'])).toBe("I'm not in this channel. Type there: /invite @Creditwatch");
      expect(await runSql(database.url, ROUTES)).toEqual([]);

      const again = await sendForm(slack, app, modal, {}, { user: 'U0ANNA' });
      expect(again.said).toMatchObject({ response_action: 'update', view: { title: { text: 'Still no alerts here' } } });

      slack.always('chat.postMessage', null, 'C0SECRET');
      expect((await sendForm(slack, app, modal, {}, { user: 'U0ANNA' })).said).toBeUndefined();
      expect((await slack.arrival('C0SECRET', 15_000)).text).toContain('<@U0ANNA> turned on credit alerts here');
      await app.push({ readings: [readingNow('leads', 850)] });
      expect((await slack.arrival('C0SECRET', 15_000)).text).toContain('Leads reached 80%');
      expect(slack.messages()).toHaveLength(2);
    },
    60_000,
  );

  test('that takes nothing for another reason: it is saved, the asker alone reads why, and nobody that it is on', async () => {
    const { slack, subscribe, database } = await start();
    for (const error of ['missing_scope', 'restricted_action', 'a_code_of_next_year']) {
      slack.always('chat.postMessage', { kind: 'error', error }, 'C0SECRET');
      const told = await (await subscribe()).answer(15_000);
      expect(told.body['response_type']).toBe('ephemeral');
      expect(told.text).toContain('Saved, but Slack rejects my messages now: ');
      expect(told.text).toContain(`(${error})`);
    }
    expect(await runSql(database.url, ROUTES)).toEqual([{ id: 'chat:slack:C0SECRET' }]);
    expect(slack.messages('C0SECRET')).toEqual([]);
  }, 60_000);

  test('that the bot is not in any more: what was subscribed there before stays, and what is open there is told to nobody else', async () => {
    const { slack, app, database, subscribe } = await start();
    await typeCommand(slack, app, 'subscribe sales', { channel: 'C0SECRET', user: 'U0TOM' });
    await slack.arrival('C0SECRET', 15_000);
    const settings = 'SELECT settings, created_by FROM route';
    const before = await runSql(database.url, settings);
    slack.always('chat.postMessage', NOT_IN_CHANNEL, 'C0SECRET');
    await subscribe();
    await slack.views.next(() => true, 15_000);
    await expect.poll(() => runSql(database.url, settings), { timeout: 15_000 }).toEqual(before);
    expect(await runSql(database.url, "SELECT disabled_reason FROM destination WHERE address = 'C0SECRET'")).toEqual([
      { disabled_reason: null },
    ]);
    expect(slack.messages()).toHaveLength(1);
  }, 60_000);

  test('that the bot is not in, where no modal can be shown: the asker alone is told, with a button to try again', async () => {
    const { slack, app, subscribe } = await start();
    slack.always('chat.postMessage', NOT_IN_CHANNEL, 'C0SECRET');
    slack.always('views.open', { kind: 'error', error: 'expired_trigger_id' });
    const told = await (await subscribe()).answer(15_000);
    expect(told.body['response_type']).toBe('ephemeral');
    expect(shownText(told.body['blocks'])).toContain("I'm not in #C0SECRET. Type there: /invite @Creditwatch");
    slack.always('chat.postMessage', null, 'C0SECRET');
    await pressButton(slack, app, { blocks: told.body['blocks'], channel: 'C0SECRET' }, 'Try again', { user: 'U0ANNA' });
    expect((await slack.arrival('C0SECRET', 15_000)).text).toContain('<@U0ANNA> turned on credit alerts here');
  }, 60_000);
});
