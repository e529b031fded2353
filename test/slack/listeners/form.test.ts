import { describe, expect, it, vi } from 'vitest';
import type { Form } from '../../../src/core/text/form.ts';
import { UNAVAILABLE } from '../../../src/messages/replies/errors.ts';
import { toRequester, type Requester, type Chat, type Invalid, type Reply } from '../../../src/ports/inbound/chat.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { plainLine } from '../../../src/slack/views/plain-text.ts';
import { blockActions, newTrigger, viewSubmission } from '../../support/slack/interactions.ts';
import { TRANSPORTS } from '../../support/slack/hand-over.ts';
import { sentence, startAdapter, type AdapterSetup } from '../../support/slack/adapter.ts';
import { slackUser } from '../../support/people.ts';

type Submitted = Parameters<Chat['submit']>[0];

const FORM: Form = {
  id: 'import abmatic',
  title: 'Paste usage page',
  submit: 'Take the figures',
  fields: [
    { name: 'text', kind: 'paragraph', label: 'The usage page' },
    {
      name: 'day',
      kind: 'choice',
      label: 'It resets',
      choices: [
        { label: 'on the 1st', value: '1' },
        { label: 'on the 15th', value: '15' },
      ],
      optional: true,
    },
  ],
};
const SORRY = plainLine(UNAVAILABLE.title);

describe.each(TRANSPORTS)('a form over %s', (transport) => {
  async function start(
    setup: AdapterSetup & { readonly reply?: (submitted: Submitted, requester: Requester) => Promise<Reply | Invalid> } = {},
  ) {
    const submitted: { submission: Submitted; requester: Requester }[] = [];
    const opens = async (): Promise<Reply> => ({ kind: 'form', form: FORM, message: sentence('Copy it into a file instead.') });
    const started = await startAdapter(transport, {
      ...setup,
      chat: {
        answer: opens,
        clickButton: opens,
        submit: async (submission, requester) => {
          submitted.push({ submission, requester });
          return (setup.reply ?? (async () => toRequester(sentence('6 figures taken.'))))(submission, requester);
        },
      },
    });
    /** Opens the form with a command, and returns it as Slack shows it. */
    async function open(fields: { user?: string; responseUrl?: string } = {}) {
      await started.command({ text: 'import', ...fields });
      return (await started.slack.views.next(() => true)).view;
    }
    return { ...started, submitted, open };
  }

  it('that a command asks for opens as a modal by its trigger, and nothing is said beside it', async () => {
    const { slack, command, adapter } = await start();
    const { said } = await command({ text: 'import' });
    const { view } = await slack.views.next(() => true);
    await adapter.stop();
    expect(said).toBeUndefined();
    expect(view).toMatchObject({ type: 'modal', title: { text: 'Paste usage page' }, submit: { text: 'Take the figures' } });
    expect(slack.told.all).toEqual([]);
  });

  it('opens behind a button as well', async () => {
    const { slack, interact } = await start();
    await interact(blockActions({ actionId: 'fill-in', value: 'import', responseUrl: slack.responseUrl() }));
    expect((await slack.views.next(() => true)).view).toMatchObject({ title: { text: 'Paste usage page' } });
  });

  it.each([
    ['too late', { kind: 'error', error: 'expired_trigger_id' }],
    ['while Slack fails', { kind: 'status', status: 500 }],
  ] as const)('that cannot be opened, because it is %s, says how else', async (_what, behaviour) => {
    const { slack, command } = await start();
    slack.script('views.open', [behaviour]);
    await command({ text: 'import' });
    expect((await slack.told.next(() => true)).body).toMatchObject({ response_type: 'ephemeral', text: 'Copy it into a file instead.' });
  });

  it('comes back with what was filled in, by the names of its fields, closes, and tells the result to whoever sent it, where they came from', async () => {
    const { slack, open, interact, submitted } = await start({ accountOf: (team) => `account of ${team}` });
    const responseUrl = slack.responseUrl();
    const view = await open({ user: 'U0ANNA', responseUrl });
    const { said } = await interact(viewSubmission(view, { text: '1,614/1,000,000 credits used', day: '15' }, { user: 'U0ANNA' }));
    expect(said).toBeUndefined();
    const told = await slack.told.next(() => true);
    expect(told.url).toBe(responseUrl);
    expect(told.body).toMatchObject({ response_type: 'ephemeral', text: '6 figures taken.' });
    expect(submitted).toEqual([
      {
        submission: { form: 'import abmatic', values: { text: '1,614/1,000,000 credits used', day: '15' } },
        requester: expect.objectContaining({
          account: 'account of T0FAKE',
          person: slackUser('U0ANNA'),
          invokedAs: '/usage',
          place: { kind: 'slack', address: 'C0FAKE' },
        }),
      },
    ]);
  });

  it('gives an empty text for what was left empty', async () => {
    const { slack, open, interact, submitted } = await start();
    await interact(viewSubmission(await open(), { text: 'x' }));
    await slack.told.next(() => true);
    expect(submitted[0]?.submission.values).toEqual({ text: 'x', day: '' });
  });

  it('that cannot be taken stays open and says why under the field, or under the first when it names none', async () => {
    const { open, interact, slack, adapter } = await start({
      reply: async (_form, { person: { id: user } }) => ({
        kind: 'invalid',
        problems: user === 'U0ANNA' ? { day: 'There is no 31st of June.' } : { elsewhere: 'No figures in it.' },
      }),
    });
    const view = await open();
    expect((await interact(viewSubmission(view, { text: 'x' }, { user: 'U0ANNA' }))).said).toEqual({
      response_action: 'errors',
      errors: { day: 'There is no 31st of June.' },
    });
    expect((await interact(viewSubmission(view, { text: 'x' }))).said).toEqual({
      response_action: 'errors',
      errors: { text: 'No figures in it.' },
    });
    await adapter.stop();
    expect(slack.told.all).toEqual([]);
  });

  it('gives way to the next form when one follows', async () => {
    const next: Form = {
      id: 'reset-day abmatic',
      title: 'Reset day',
      submit: 'Set it',
      fields: [{ name: 'day', kind: 'line', label: 'Day of the month' }],
    };
    const { open, interact } = await start({
      reply: async () => ({ kind: 'form', form: next, message: sentence('Set it in creditwatch.yml.') }),
    });
    expect((await interact(viewSubmission(await open(), { text: 'x' }))).said).toMatchObject({
      response_action: 'update',
      view: { title: { text: 'Reset day' } },
    });
  });

  it('stays open with all that was typed when the database is away, and is taken when it is sent again', async () => {
    let away = true;
    const { open, interact, slack } = await start({
      reply: () => (away ? Promise.reject(new StoreUnavailable(null)) : Promise.resolve(toRequester(sentence('6 figures taken.')))),
    });
    const view = await open();
    expect((await interact(viewSubmission(view, { text: 'x' }))).said).toEqual({ response_action: 'errors', errors: { text: SORRY } });
    away = false;
    expect((await interact(viewSubmission(view, { text: 'x' }))).said).toBeUndefined();
    expect((await slack.told.next(() => true)).text).toBe('6 figures taken.');
  });

  it.each([
    ['the result', toRequester(sentence('6 figures taken.')), '6 figures taken.'],
    ['what was wrong with it', { kind: 'invalid', problems: { text: 'No figures in it.' } }, 'That was not saved.\nNo figures in it.'],
  ] as const)('closes after 2.5 s, before Slack gives up, and tells %s when it is there', async (_what, reply, text) => {
    let done: () => void = () => undefined;
    const { open, interact, slack, clock, submitted } = await start({
      reply: () => new Promise((resolve) => (done = () => resolve(reply))),
    });
    const sent = interact(viewSubmission(await open(), { text: 'x' }));
    await vi.waitFor(() => expect(submitted).toHaveLength(1));
    await clock.passSleepOf(2500);
    expect((await sent).said).toBeUndefined();
    await slack.told.next((one) => one.text === SORRY);
    done();
    expect((await slack.told.next(() => true)).text).toBe(text);
  });

  it('that Slack hands over twice is taken once', async () => {
    const { open, interact, submitted, adapter } = await start();
    const submission = viewSubmission(await open(), { text: 'x' }, { triggerId: newTrigger() });
    for (let time = 0; time < 2; time += 1) expect((await interact(submission)).said).toBeUndefined();
    await adapter.stop();
    expect(submitted).toHaveLength(1);
  });

  it('tells its result by the web API when its response URL has ended, to the same person in the same channel', async () => {
    const { open, interact, slack } = await start();
    const responseUrl = slack.responseUrl().replace('the-secret-part', 'long-ago');
    await interact(viewSubmission(await open({ responseUrl }), { text: 'x' }, { user: 'U0ANNA' }));
    expect(await slack.whispers.next(() => true)).toMatchObject({ channel: 'C0FAKE', user: 'U0ANNA', text: '6 figures taken.' });
  });

  it('sent by somebody of another workspace, or by a guest, is refused to them alone', async () => {
    const { open, interact, slack, submitted } = await start({ slack: { people: { U0GUEST: { is_restricted: true } } } });
    const view = await open();
    await interact(viewSubmission(view, { text: 'x' }, { userTeam: 'T0PARTNER', team: 'T0PARTNER', installedTeam: 'T0FAKE' }));
    expect((await slack.told.next(() => true)).text).toMatch(/^Only members/);
    await interact(viewSubmission(view, { text: 'x' }, { user: 'U0GUEST' }));
    expect((await slack.told.next(() => true)).text).toMatch(/^Guests cannot do that/);
    expect(submitted).toEqual([]);
  });

  it('of one account is not taken from anybody of another, whichever workspace Slack names', async () => {
    const { open, interact, slack, submitted } = await start({
      accountOf: (team) => (team === 'T0SOUTH' ? 'south' : 'north'),
      isNamed: () => true,
    });
    const ofNorth = await open();
    for (const [doer, text] of [
      [{ team: 'T0SOUTH', installedTeam: 'T0FAKE' }, /^Only members/],
      [{ team: 'T0FAKE', userTeam: 'T0SOUTH' }, /^Only members/],
      [{ team: 'T0SOUTH' }, /^This form is out of date/],
      [{ team: 'T0SOUTH', installedTeam: 'T0SOUTH', userTeam: 'T0FAKE' }, /^Only members/],
    ] as const) {
      await interact(viewSubmission(ofNorth, { text: 'x' }, doer));
      expect((await slack.told.next(() => true)).text).toMatch(text);
    }
    expect(submitted).toEqual([]);
    await interact(viewSubmission(ofNorth, { text: 'x' }));
    expect((await slack.told.next(() => true)).text).toBe('6 figures taken.');
    expect(submitted.map(({ requester }) => requester.account)).toEqual(['north']);
  });

  it('of a workspace that no account names is refused', async () => {
    const { open, interact, slack, submitted } = await start({ accountOf: (team) => (team === 'T0FAKE' ? 'default' : null) });
    await interact(viewSubmission(await open(), { text: 'x' }, { team: 'T0OTHER' }));
    expect((await slack.told.next(() => true)).text).toMatch(/^Creditwatch does not know this workspace \(T0OTHER\)/);
    expect(submitted).toEqual([]);
  });

  it('whose notes are not ours is acknowledged and one line in the log', async () => {
    const { open, interact, log, submitted, adapter } = await start();
    const view = { ...(await open()), private_metadata: 'of another app' };
    expect((await interact(viewSubmission(view, { text: 'x' }))).said).toBeUndefined();
    await adapter.stop();
    expect(submitted).toEqual([]);
    expect(log.lines).toContainEqual({
      level: 'warn',
      fields: { kind: 'form', issues: ['view.private_metadata'] },
      message: 'Slack request rejected: fields missing',
    });
  });
});
