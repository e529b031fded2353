import { describe, expect, it, vi } from 'vitest';
import { UNAVAILABLE } from '../../../src/messages/replies/errors.ts';
import { toRequester, type Requester, type Chat, type Reply } from '../../../src/ports/inbound/chat.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { plainLine } from '../../../src/slack/views/plain-text.ts';
import { blockActions, newTrigger } from '../../support/slack/interactions.ts';
import { TRANSPORTS } from '../../support/slack/hand-over.ts';
import { sentence, startAdapter, type AdapterSetup } from '../../support/slack/adapter.ts';
import { slackUser } from '../../support/people.ts';

type Press = Parameters<Chat['clickButton']>[0];

describe.each(TRANSPORTS)('a press on a button over %s', (transport) => {
  /** A room that keeps what is pressed in it. */
  async function start(setup: AdapterSetup & { readonly reply?: (pressed: Press, requester: Requester) => Promise<Reply> } = {}) {
    const pressed: { press: Press; requester: Requester }[] = [];
    const started = await startAdapter(transport, {
      ...setup,
      chat: {
        clickButton: async (press, requester) => {
          pressed.push({ press, requester });
          return (setup.reply ?? (async () => toRequester(sentence('Done.'))))(press, requester);
        },
      },
    });
    const { slack, interact } = started;
    const responseUrl = slack.responseUrl();
    const press = (fields: Partial<Parameters<typeof blockActions>[0]> = {}) =>
      interact(blockActions({ actionId: 'acknowledge', value: 'alert-1', responseUrl, ...fields }));
    return { ...started, pressed, press, responseUrl };
  }

  it('is acknowledged without a word, done once, and answered to whoever pressed alone, beside the message', async () => {
    const { press, pressed, slack, responseUrl } = await start({ accountOf: (team) => `account of ${team}` });
    const { said } = await press({ user: 'U0ANNA', team: 'T0FAKE' });
    const told = await slack.told.next(() => true);
    expect(said).toBeUndefined();
    expect(told.url).toBe(responseUrl);
    expect(told.body).toMatchObject({ response_type: 'ephemeral', replace_original: false, text: 'Done.' });
    expect(pressed).toEqual([
      {
        press: { action: 'acknowledge', value: 'alert-1' },
        requester: expect.objectContaining({
          account: 'account of T0FAKE',
          person: slackUser('U0ANNA'),
          invokedAs: '/usage',
          place: { kind: 'slack', address: 'C0FAKE' },
          direct: false,
        }),
      },
    ]);
  });

  it('says nothing where there is nothing to say', async () => {
    const { press, pressed, slack, adapter } = await start({ reply: async () => ({ kind: 'done' }) });
    await press();
    await adapter.stop();
    expect(pressed).toHaveLength(1);
    expect(slack.told.all).toEqual([]);
  });

  it('answers everybody in the channel when that is what the button is for', async () => {
    const { press, slack } = await start({ reply: async () => ({ kind: 'message', message: sentence('All 6 fine.'), to: 'everybody' }) });
    await press({ actionId: 'share' });
    expect((await slack.told.next(() => true)).body).toMatchObject({
      response_type: 'in_channel',
      replace_original: false,
      text: 'All 6 fine.',
    });
  });

  it('on the second button of a kind, or on one without a value, is the same kind of press', async () => {
    const { press, pressed, slack, interact, responseUrl } = await start();
    await press({ actionId: 'show.2', value: 'campaigns' });
    await slack.told.next(() => true);
    await interact(blockActions({ actionId: 'show', responseUrl }));
    await slack.told.next(() => true);
    expect(pressed.map((one) => one.press)).toEqual([
      { action: 'show', value: 'campaigns' },
      { action: 'show', value: '' },
    ]);
  });

  it('in a direct message has the person for its place', async () => {
    const { press, pressed, slack } = await start();
    await press({ channel: 'D0ANNA', user: 'U0ANNA' });
    await slack.told.next(() => true);
    expect(pressed[0]?.requester).toMatchObject({ place: { kind: 'slack', address: 'U0ANNA' }, direct: true });
  });

  it('has the command named in its answer as people type it here', async () => {
    const { command, press, pressed, slack } = await start();
    await command({ command: '/credits' });
    await slack.told.next(() => true);
    await press();
    await slack.told.next(() => true);
    expect(pressed[0]?.requester.invokedAs).toBe('/credits');
  });

  it('that Slack hands over four times has one effect and one answer', async () => {
    const { press, pressed, slack, adapter } = await start();
    const triggerId = newTrigger();
    for (let time = 0; time < 4; time += 1) expect((await press({ triggerId })).said).toBeUndefined();
    await adapter.stop();
    expect(pressed).toHaveLength(1);
    expect(slack.told.all).toHaveLength(1);
  });

  it('is acknowledged before the database answers, which takes 5 s; the presser hears in 2.5 s that it takes longer, and then what came of it', async () => {
    const { press, pressed, slack, clock } = await start({
      reply: async () => {
        await clock.sleep(5000);
        return toRequester(sentence('Done.'));
      },
    });
    await press();
    await vi.waitFor(() => expect(pressed).toHaveLength(1));
    await clock.passSleepOf(2500);
    expect((await slack.told.next(() => true)).text).toBe(plainLine(UNAVAILABLE.title));
    await clock.untilSomebodySleeps(22_500);
    clock.advance(2500);
    expect((await slack.told.next(() => true)).text).toBe('Done.');
  });

  it('says at once that figures are unavailable when the database is away, and is done when it is back', async () => {
    let away = true;
    const { press, slack, clock } = await start({
      reply: () => (away ? Promise.reject(new StoreUnavailable(null)) : Promise.resolve(toRequester(sentence('Done.')))),
    });
    await press();
    await slack.told.next(({ text }) => text === plainLine(UNAVAILABLE.title));
    away = false;
    await clock.passSleepOf(500);
    expect((await slack.told.next(() => true)).text).toBe('Done.');
  });

  it('of a workspace that no account names is refused to the presser alone, and nothing is done', async () => {
    const { press, pressed, slack } = await start({ accountOf: (team) => (team === 'T0ACME' ? 'acme' : null) });
    await press({ team: 'T0OTHER' });
    expect((await slack.told.next(() => true)).body).toMatchObject({
      response_type: 'ephemeral',
      text: 'Creditwatch does not know this workspace (T0OTHER). Ask the person who runs Creditwatch to add it to an account.',
    });
    expect(pressed).toEqual([]);
  });

  it.each([
    ['Slack names the workspace of the app', { userTeam: 'T0PARTNER' }],
    ['Slack names the workspace of the stranger', { userTeam: 'T0PARTNER', team: 'T0PARTNER' }],
  ])('by somebody of another workspace, in a channel that both share, is refused to them alone when %s', async (_what, stranger) => {
    const { press, pressed, slack } = await start();
    for (const actionId of ['acknowledge', 'show', 'share']) {
      await press({ actionId, ...stranger });
      expect((await slack.told.next(() => true)).body).toMatchObject({
        response_type: 'ephemeral',
        text: 'Only members of the workspace that Creditwatch serves can do that. Ask one of them.',
      });
    }
    expect(pressed).toEqual([]);
  });

  it('is judged by what it says of itself while Slack does not say which workspace the bot token belongs to', async () => {
    const { press, pressed, slack } = await start();
    slack.always('auth.test', { kind: 'status', status: 503 });
    await press({ userTeam: 'T0PARTNER' });
    await slack.told.next(({ text }) => text.startsWith('Only members'));
    await press();
    await slack.told.next(({ text }) => text === 'Done.');
    expect(pressed).toHaveLength(1);
  });

  it('by a guest is refused when it would change something, and taken when it only shows something', async () => {
    const { press, pressed, slack } = await start({
      slack: { people: { U0GUEST: { is_restricted: true }, U1GUEST: { is_ultra_restricted: true } } },
    });
    for (const user of ['U0GUEST', 'U1GUEST']) {
      await press({ user });
      expect((await slack.told.next(() => true)).text).toBe('Guests cannot do that. Ask a member of the workspace.');
      await press({ user, actionId: 'show' });
      expect((await slack.told.next(() => true)).text).toBe('Done.');
    }
    expect(pressed.map((one) => one.press.action)).toEqual(['show', 'show']);
  });

  it('by somebody of whom Slack does not say now who they are only shows things, until it does', async () => {
    const { press, pressed, slack } = await start();
    for (const behaviour of [
      { kind: 'status', status: 503 },
      { kind: 'error', error: 'user_not_found' },
    ] as const) {
      slack.always('users.info', behaviour);
      for (const actionId of ['acknowledge', 'share', 'fill-in']) {
        await press({ actionId, responseUrl: slack.responseUrl() });
        expect((await slack.told.next(() => true)).text).toBe('I cannot check who you are right now. Try again in a minute.');
      }
      await press({ actionId: 'show', responseUrl: slack.responseUrl() });
      expect((await slack.told.next(() => true)).text).toBe('Done.');
    }
    expect(await pressed[0]?.requester.mayChange()).toBe('unknown');
    expect(pressed.map((one) => one.press.action)).toEqual(['show', 'show']);
    slack.always('users.info', null);
    await press({ responseUrl: slack.responseUrl() });
    expect((await slack.told.next(() => true)).text).toBe('Done.');
  });

  it('by anybody is taken where Slack was not allowed to say who is a guest, even while it does not answer', async () => {
    const { press, slack } = await start({ slack: { scopes: ['commands', 'chat:write'] } });
    slack.always('users.info', { kind: 'status', status: 503 });
    await press();
    expect((await slack.told.next(() => true)).text).toBe('Done.');
  });

  it('by anybody is taken where Slack was not allowed to say who is a guest', async () => {
    const { press, slack } = await start({ slack: { scopes: ['commands', 'chat:write'], people: { U0GUEST: { is_restricted: true } } } });
    await press({ user: 'U0GUEST' });
    expect((await slack.told.next(() => true)).text).toBe('Done.');
  });

  it('on a button that this version does not know says so', async () => {
    const { press, pressed, slack } = await start();
    await press({ actionId: 'order-pizza' });
    expect((await slack.told.next(() => true)).text).toBe('This button is out of date. Ask again.');
    expect(pressed).toEqual([]);
  });

  it('that lacks what it needs is acknowledged and one line in the log', async () => {
    const { interact, pressed, log, responseUrl, adapter } = await start();
    const { channel: _none, ...payload } = blockActions({ actionId: 'show', responseUrl });
    expect((await interact(payload)).said).toBeUndefined();
    await adapter.stop();
    expect(pressed).toEqual([]);
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ fields, message }) => ({ fields, message }))).toContainEqual({
      fields: { kind: 'click', issues: ['channel'] },
      message: 'Slack request rejected: fields missing',
    });
  });

  it.each([
    ['an administrator', { is_admin: true }, true],
    ['an owner', { is_owner: true }, true],
    ['a member', {}, false],
  ])('tells whether it was %s who pressed, where Slack may say so, asking once', async (_who, person, expected) => {
    const { press, pressed, slack } = await start({ slack: { people: { U0ANNA: person } } });
    await press({ user: 'U0ANNA', actionId: 'show' });
    await slack.told.next(() => true);
    const requester = pressed[0]?.requester;
    expect([await requester?.isPlatformAdmin(), await requester?.isPlatformAdmin()]).toEqual([expected, expected]);
    expect(slack.calls.all.filter(({ method }) => method === 'users.info')).toHaveLength(1);
  });

  it('takes nobody for an administrator where Slack may not say so, and asks again after ten minutes, for the app may have been installed anew', async () => {
    const { press, pressed, slack, clock } = await start({
      slack: { scopes: ['commands', 'chat:write'], people: { U0ANNA: { is_admin: true } } },
    });
    await press({ user: 'U0ANNA', actionId: 'show' });
    await slack.told.next(() => true);
    const requester = pressed[0]?.requester;
    const asked = () => slack.calls.all.filter(({ method }) => method === 'users.info').length;
    expect([await requester?.isPlatformAdmin(), await requester?.isPlatformAdmin(), asked()]).toEqual([false, false, 1]);
    clock.advance(10 * 60_000);
    expect([await requester?.isPlatformAdmin(), asked()]).toEqual([false, 2]);
  });
});
