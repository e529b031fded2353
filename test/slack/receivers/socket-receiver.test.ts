import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fixedToken } from '../../../src/slack/api/bot-token.ts';
import { createSlackAdapter } from '../../../src/slack/adapter.ts';
import { answering } from '../../support/chat.ts';
import { startFakeSlack, type FakeSlack } from '../../support/slack/fake-slack.ts';
import { ManualClock } from '../../support/slack/manual-clock.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';
import { APP_TOKEN, BOT_TOKEN, sentence } from '../../support/slack/adapter.ts';
import { slashCommand } from '../../support/signed-slack-request.ts';

async function prepare() {
  const slack = await startFakeSlack();
  onTestFinished(slack.close);
  const clock = new ManualClock();
  const log = recordedLog();
  const adapter = createSlackAdapter({
    token: fixedToken(BOT_TOKEN),
    transport: { kind: 'socket', appToken: APP_TOKEN },
    apiUrl: slack.apiUrl,
    clock,
    log,
    chat: answering(async () => sentence('All is well.')),
    accountOf: () => 'default',
  });
  onTestFinished(async () => {
    const stopped = adapter.stop();
    clock.advance(60_000);
    await stopped;
  });
  return { slack, clock, log, adapter };
}

async function expectAnAnswer(slack: FakeSlack): Promise<void> {
  const responseUrl = slack.responseUrl();
  slack.socket.sendCommand(slashCommand({ responseUrl }));
  expect((await slack.told.next(({ url }) => url === responseUrl)).text).toBe('All is well.');
}

/** Slack hears a little later than we do that a connection has ended. */
async function untilOpen(slack: FakeSlack, count: number): Promise<void> {
  await vi.waitFor(() => expect(slack.socket.openCount).toBe(count), { timeout: 5000, interval: 5 });
}

describe('Socket Mode', () => {
  it('opens one connection with the app token, and asks nothing of the bot token', async () => {
    const { slack, adapter } = await prepare();
    await adapter.start();
    expect(slack.calls.all.map(({ method }) => method)).toEqual(['apps.connections.open']);
    await untilOpen(slack, 1);
    await expectAnAnswer(slack);
  });

  it.each([
    ['the network breaks', (slack: FakeSlack) => slack.socket.close()],
    ['Slack asks for a new one', (slack: FakeSlack) => slack.socket.askToReconnect()],
  ])('has a new connection at once, and only one, when %s after 10 s', async (_what, end) => {
    const { slack, adapter, clock } = await prepare();
    await adapter.start();
    await slack.socket.connections.next(() => true);
    clock.advance(10_000);
    end(slack);
    await slack.socket.connections.next(() => true);
    await expectAnAnswer(slack);
    await untilOpen(slack, 1);
  });

  it('waits 1 s, then 2 s, when Slack hangs up right after its hello, so that it does not call in a circle', async () => {
    const { slack, adapter, clock } = await prepare();
    await adapter.start();
    for (const wait of [1000, 2000]) {
      await slack.socket.connections.next(() => true);
      slack.socket.close();
      await clock.passSleepOf(wait);
    }
    await slack.socket.connections.next(() => true);
    await expectAnAnswer(slack);
  });

  it('starts without Slack, tries again after 1, 2, 5, 15, 30, 60 and 60 s, says so once per reason, and answers when Slack is back', async () => {
    const { slack, adapter, clock, log } = await prepare();
    slack.always('apps.connections.open', { kind: 'status', status: 503 });
    await adapter.start();
    for (const wait of [1, 2, 5, 15, 30, 60]) await clock.passSleepOf(wait * 1000);
    await clock.untilSomebodySleeps(60_000);
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toContainEqual({
      reason: expect.stringContaining('HTTP 503'),
    });
    expect(log.lines.filter(({ level, message }) => level === 'warn' && message === 'Slack connection failed, retrying')).toHaveLength(1);
    slack.always('apps.connections.open', null);
    clock.advance(60_000);
    await slack.socket.connections.next(() => true);
    await expectAnAnswer(slack);
  });

  it.each([
    ['refuses the app token', { kind: 'error', error: 'invalid_auth' }, '(invalid_auth)'],
    ['asks to slow down', { kind: 'rate-limited', retryAfterS: 30 }, 'HTTP 429'],
    ['cuts the call', { kind: 'drop', accepted: false }, '(ECONNRESET)'],
    ['answers with a page', { kind: 'status', status: 200 }, 'JSON'],
  ] as const)('says why, and goes on trying, when Slack %s', async (_what, behaviour, reason) => {
    const { slack, adapter, clock, log } = await prepare();
    slack.script('apps.connections.open', [behaviour]);
    await adapter.start();
    await clock.passSleepOf(1000);
    await slack.socket.connections.next(() => true);
    expect(log.lines.filter(({ message }) => message === 'Slack connection failed, retrying')).toEqual([
      { level: 'warn', message: 'Slack connection failed, retrying', fields: { reason: expect.stringContaining(reason) } },
    ]);
  });

  it('tries again when the socket itself is refused', async () => {
    const { slack, adapter, clock } = await prepare();
    slack.script('link', [{ kind: 'drop', accepted: false }]);
    await adapter.start();
    await clock.passSleepOf(1000);
    await slack.socket.connections.next(() => true);
    await expectAnAnswer(slack);
  });

  it.each([
    ['before Slack has named an address', 'apps.connections.open', { kind: 'ok', delayMs: 300 }, 0],
    ['while the socket is open', 'link', { kind: 'hang' }, 1],
  ] as const)('gives up %s when no hello has come in 10 s, leaves nothing open and tries again', async (_what, step, behaviour, open) => {
    const { slack, adapter, clock, log } = await prepare();
    slack.script(step, [behaviour]);
    const started = adapter.start();
    await untilOpen(slack, open);
    await clock.passSleepOf(10_000);
    await started;
    await clock.passSleepOf(1000);
    await slack.socket.connections.next(() => true);
    await expectAnAnswer(slack);
    expect(log.lines.map(({ fields }) => fields)).toContainEqual({ reason: 'no hello came in time' });
    await untilOpen(slack, 1);
  });

  it('lets the service start after 3 s when Slack does not answer at all', async () => {
    const { slack, adapter, clock } = await prepare();
    slack.script('link', [{ kind: 'hang' }]);
    const started = adapter.start();
    await clock.passSleepOf(3000);
    await expect(started).resolves.toBeUndefined();
  });

  it('goes on after what is no envelope', async () => {
    const { slack, adapter } = await prepare();
    await adapter.start();
    slack.socket.send({ type: 'hello' });
    slack.socket.send({ type: 'slash_commands', payload: {} });
    slack.socket.send({ type: 'something_new', payload: { a: 1 } });
    await expectAnAnswer(slack);
  });

  it('closes its connection when it stops, and opens no other', async () => {
    const { slack, adapter } = await prepare();
    await adapter.start();
    await slack.socket.connections.next(() => true);
    await adapter.stop();
    await untilOpen(slack, 0);
    expect(slack.calls.all).toHaveLength(1);
  });

  it('stops while it waits for its next attempt', async () => {
    const { slack, adapter, clock } = await prepare();
    slack.always('apps.connections.open', { kind: 'status', status: 503 });
    await adapter.start();
    await clock.untilSomebodySleeps(1000);
    await adapter.stop();
    expect(clock.sleeping).toEqual([]);
    expect(slack.calls.all).toHaveLength(1);
  });
});
