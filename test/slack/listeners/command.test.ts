import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/text/message.ts';
import { UNAVAILABLE } from '../../../src/messages/replies/errors.ts';
import type { Requester } from '../../../src/ports/inbound/chat.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { plainLine } from '../../../src/slack/views/plain-text.ts';
import { TRANSPORTS } from '../../support/slack/hand-over.ts';
import { APP_TOKEN, BOT_TOKEN, sentence, SIGNING_SECRET, startAdapter } from '../../support/slack/adapter.ts';
import { slackUser } from '../../support/people.ts';

const SORRY = plainLine(UNAVAILABLE.title);

const WHO_UNKNOWN = 'I cannot check who you are right now. Try again in a minute.';

describe.each(TRANSPORTS)('a slash command over %s', (transport) => {
  it('is acknowledged without a word and answered to the asker alone', async () => {
    const asked: { text: string; requester: Requester }[] = [];
    const { command, slack } = await startAdapter(transport, {
      accountOf: (team) => `account of ${team}`,
      isNamed: (team) => team === 'T0ACME',
      answer: async (text, requester) => {
        asked.push({ text, requester });
        return sentence('All 6 fine.');
      },
    });
    const { responseUrl, said } = await command({ text: 'apollo', user: 'U0ANNA', team: 'T0ACME' });
    const told = await slack.told.next(() => true);
    expect(said).toBeUndefined();
    expect(told.url).toBe(responseUrl);
    expect(told.body).toMatchObject({ response_type: 'ephemeral', text: 'All 6 fine.' });
    expect(asked).toEqual([
      {
        text: 'apollo',
        requester: expect.objectContaining({
          account: 'account of T0ACME',
          person: slackUser('U0ANNA'),
          invokedAs: '/usage',
          place: { kind: 'slack', address: 'C0FAKE' },
          direct: false,
        }),
      },
    ]);
    expect(slack.posts.all).toEqual([]);
  });

  it('that Slack hands over four times is acknowledged each time and answered once', async () => {
    const asked: string[] = [];
    const { command, slack, adapter } = await startAdapter(transport, { answer: async (text) => sentence(String(asked.push(text))) });
    for (let time = 0; time < 4; time += 1) expect((await command({ text: 'apollo', triggerId: '1.same' })).said).toBeUndefined();
    await adapter.stop();
    expect(asked).toEqual(['apollo']);
    expect(slack.told.all).toHaveLength(1);
  });

  it('is acknowledged before its answer, which takes 5 s; the asker hears in 2.5 s that it takes longer, and then the answer', async () => {
    const { command, slack, clock } = await startAdapter(transport, {
      answer: async () => {
        await clock.sleep(5000);
        return sentence('All 6 fine.');
      },
    });
    await command();
    await clock.passSleepOf(2500);
    expect((await slack.told.next(() => true)).text).toBe(SORRY);
    await clock.untilSomebodySleeps(22_500);
    clock.advance(2500);
    expect((await slack.told.next(() => true)).text).toBe('All 6 fine.');
    expect(slack.told.all.map(({ body }) => body['response_type'])).toEqual(['ephemeral', 'ephemeral']);
  });

  it('says at once that figures are unavailable when the database is away, says it once, and answers when it is back', async () => {
    let away = true;
    const { command, slack, clock } = await startAdapter(transport, {
      answer: () => (away ? Promise.reject(new StoreUnavailable(null)) : Promise.resolve(sentence('All 6 fine.'))),
    });
    await command();
    await slack.told.next(({ text }) => text === SORRY);
    for (let time = 0; time < 3; time += 1) await clock.passSleepOf(500);
    await clock.untilSomebodySleeps(500);
    away = false;
    await clock.passSleepOf(500);
    expect((await slack.told.next(() => true)).text).toBe('All 6 fine.');
    expect(slack.told.all).toHaveLength(2);
  });

  it('of which the store was away does not hold up a stop', async () => {
    const { command, slack, clock, adapter } = await startAdapter(transport, {
      answer: () => Promise.reject(new StoreUnavailable(null)),
    });
    await command();
    await slack.told.next(({ text }) => text === SORRY);
    await clock.untilSomebodySleeps(500);
    await adapter.stop();
    expect(slack.told.all).toHaveLength(1);
  });

  it('does not say twice that figures are unavailable when the database fails only after 2.5 s', async () => {
    let fail: (error: Error) => void = () => undefined;
    const { command, slack, clock, adapter } = await startAdapter(transport, {
      answer: () => new Promise<Message>((_resolve, reject) => (fail = reject)),
    });
    await command();
    await clock.passSleepOf(2500);
    await slack.told.next(({ text }) => text === SORRY);
    fail(new StoreUnavailable(null));
    await adapter.stop();
    expect(slack.told.all).toHaveLength(1);
  });

  it('gives up after 25 s: an answer later than that surprises', async () => {
    let answer: (message: Message) => void = () => undefined;
    const { command, slack, clock, adapter } = await startAdapter(transport, {
      answer: () => new Promise<Message>((resolve) => (answer = resolve)),
    });
    await command();
    await clock.passSleepOf(2500);
    await slack.told.next(({ text }) => text === SORRY);
    await clock.passSleepOf(22_500);
    await adapter.stop();
    answer(sentence('All 6 fine.'));
    expect(slack.told.untaken()).toEqual([]);
  });

  it('that breaks says so and where to look; what broke is in the log', async () => {
    const { command, slack, log } = await startAdapter(transport, { answer: () => Promise.reject(new Error('a fault of ours')) });
    await command();
    expect((await slack.told.next(() => true)).text).toBe('That did not work. The log of Creditwatch says why. Alerts are kept.');
    expect(log.lines).toContainEqual({ level: 'error', message: 'command failed', fields: { error: new Error('a fault of ours') } });
  });

  it('of a workspace that no account names is refused to the asker alone, with what to do, and nothing is looked up', async () => {
    const asked: string[] = [];
    const { command, slack } = await startAdapter(transport, {
      accountOf: (team) => (team === 'T0ACME' ? 'acme' : null),
      answer: async (text) => {
        asked.push(text);
        return sentence('All 6 fine.');
      },
    });
    await command({ team: 'T0OTHER' });
    const told = await slack.told.next(() => true);
    expect(told.text).toBe(
      'Creditwatch does not know this workspace (T0OTHER). Ask the person who runs Creditwatch to add it to an account.',
    );
    expect(told.body['response_type']).toBe('ephemeral');
    expect(asked).toEqual([]);
  });

  it('from another workspace than the token is of is refused to the asker alone, unless creditwatch.yml names it', async () => {
    const asked: string[] = [];
    const { command, slack } = await startAdapter(transport, {
      isNamed: (team) => team === 'T0NAMED',
      answer: async (_text, { person: { id: user } }) => {
        asked.push(user);
        return sentence('All 6 fine.');
      },
    });
    await command({ team: 'T0STRANGE', user: 'U0STRANGER', command: '/theirs' });
    const told = await slack.told.next(() => true);
    expect(told.text).toBe('Only members of the workspace that Creditwatch serves can do that. Ask one of them.');
    expect(told.body['response_type']).toBe('ephemeral');
    for (const team of ['T0FAKE', 'T0NAMED']) {
      await command({ team, user: team });
      expect((await slack.told.next(() => true)).text).toBe('All 6 fine.');
    }
    expect(asked).toEqual(['T0FAKE', 'T0NAMED']);
    expect(slack.calls.all.filter(({ method }) => method === 'auth.test')).toHaveLength(1);
  });

  it('is refused while nobody knows which workspace the token is of, and Slack is not asked by each', async () => {
    const asked: string[] = [];
    const { command, slack } = await startAdapter(transport, {
      knowsHome: false,
      answer: async (text) => (asked.push(text), sentence('No.')),
    });
    slack.script('auth.test', [
      { kind: 'error', error: 'internal_error' },
      { kind: 'error', error: 'internal_error' },
    ]);
    for (let time = 0; time < 3; time += 1) {
      await command();
      expect((await slack.told.next(() => true)).text).toBe(WHO_UNKNOWN);
    }
    expect(asked).toEqual([]);
    expect(slack.calls.all.filter(({ method }) => method === 'auth.test')).toHaveLength(1);
  });

  it('is answered by what Slack said of the token before, while it does not answer, and refused to strangers', async () => {
    const remembered = { team: 'T0FAKE', enterprise: 'E0FAKE' };
    const { command, slack } = await startAdapter(transport, {
      knowsHome: false,
      identity: { read: async () => remembered, keep: async () => undefined },
    });
    slack.always('auth.test', { kind: 'status', status: 503 });
    for (const [team, text] of [
      ['T0FAKE', 'All is well.'],
      ['T0STRANGE', 'Only members of the workspace that Creditwatch serves can do that. Ask one of them.'],
    ] as const) {
      await command({ team });
      expect((await slack.told.next(() => true)).text).toBe(text);
    }
  });

  it('may have any name, which reaches the answer as it was typed', async () => {
    const { command, slack } = await startAdapter(transport, { answer: async (_text, { invokedAs }) => sentence(`try ${invokedAs} help`) });
    await command({ command: '/credits' });
    expect((await slack.told.next(() => true)).text).toBe('try /credits help');
  });

  it('gives the text as it was typed, not as Slack escapes it', async () => {
    const { command, slack } = await startAdapter(transport, {
      answer: async (text) => sentence(text === 'R&D <b> &lt; <@U1|x>' ? 'as it was typed' : text),
    });
    await command({ text: 'R&amp;D &lt;b&gt; &amp;lt; <@U1|x>' });
    expect((await slack.told.next(() => true)).text).toBe('as it was typed');
  });

  it('is answered again when Slack fails to take the answer once', async () => {
    const { command, slack } = await startAdapter(transport);
    slack.script('response', [{ kind: 'status', status: 503 }]);
    await command();
    expect((await slack.told.next(() => true)).text).toBe('All is well.');
  });

  it('whose answer Slack refuses is one line in the log, and the next command is answered', async () => {
    const { command, slack, log, adapter } = await startAdapter(transport);
    await command({ responseUrl: slack.responseUrl().replace('the-secret-part', 'never-issued') });
    await command();
    await slack.told.next(() => true);
    await adapter.stop();
    expect(log.lines.filter(({ message }) => message === 'Slack reply failed').map(({ level, fields }) => ({ level, fields }))).toEqual([
      { level: 'warn', fields: { reason: 'expired_url', team: 'T0FAKE' } },
    ]);
  });

  it('is answered while the service stops, and the stop waits for that', async () => {
    let answer: (message: Message) => void = () => undefined;
    const { command, slack, adapter, clock } = await startAdapter(transport, {
      answer: () => new Promise<Message>((resolve) => (answer = resolve)),
    });
    await command();
    let stopped = false;
    const stop = adapter.stop().then(() => (stopped = true));
    await clock.untilSomebodySleeps(8000);
    expect(stopped).toBe(false);
    answer(sentence('All 6 fine.'));
    expect((await slack.told.next(() => true)).text).toBe('All 6 fine.');
    await stop;
  });

  it('that never gets an answer holds a stop up for 8 s, not for ever', async () => {
    const { command, clock, adapter } = await startAdapter(transport, { answer: () => new Promise<Message>(() => undefined) });
    await command();
    const stop = adapter.stop();
    await clock.passSleepOf(8000);
    await expect(stop).resolves.toBeUndefined();
  });

  it('leaves no token, no signing secret and no response URL in the log, whatever goes wrong', async () => {
    const { command, slack, log, adapter, clock } = await startAdapter(transport, {
      answer: () => Promise.reject(new Error('a fault of ours')),
    });
    slack.script('response', [
      { kind: 'drop', accepted: false },
      { kind: 'status', status: 500 },
      { kind: 'drop-answer' },
      { kind: 'drop', accepted: true },
    ]);
    slack.script('chat.postMessage', [
      { kind: 'drop', accepted: true },
      { kind: 'error', error: 'invalid_auth' },
      { kind: 'status', status: 500 },
      { kind: 'error', error: 'invalid_blocks', messages: ['[ERROR] must be an array'] },
    ]);
    await command();
    await command();
    const message = sentence('Apollo Contacts reached 80%');
    for (let attempt = 0; attempt < 4; attempt += 1)
      await adapter.messenger.send({
        address: 'C1',
        message,
        severity: 'warning',
        deliveryId: 'd1',
        place: { kind: 'new' },
        possibleDuplicate: false,
      });
    slack.socket.close();
    const stop = adapter.stop();
    clock.advance(60_000);
    await stop;
    expect(log.lines.filter(({ message: line }) => line === 'Slack reply failed')).toHaveLength(2);
    for (const secret of [BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, '/response/', 'the-secret-part', 'ticket='])
      expect(log.text()).not.toContain(secret);
  });
});
