import { describe, expect, it, onTestFinished } from 'vitest';
import { respondWith } from '../../src/slack/respond.ts';
import { slackView } from '../../src/slack/views/message.ts';
import { closedPort } from '../support/slack/ports.ts';
import { startFakeSlack, type FakeSlack } from '../support/slack/fake-slack.ts';
import { sentence } from '../support/slack/room.ts';

const VIEW = slackView(sentence('All 6 fine.'), { possibleRepeat: false });

async function start(): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  onTestFinished(slack.close);
  return slack;
}

describe('an answer to a response URL', () => {
  it('is for the asker alone, replaces nothing, and has text beside its blocks', async () => {
    const slack = await start();
    expect(await respondWith(slack.responseUrl(), VIEW, 'asker')).toEqual({ ok: true, value: undefined });
    expect(slack.told.all.map(({ body }) => body)).toEqual([{ response_type: 'ephemeral', ...VIEW }]);
  });

  it.each([
    ['fails', { kind: 'status', status: 500 }],
    ['cuts the connection', { kind: 'drop', accepted: false }],
  ] as const)('is tried a second time, and no third, when Slack %s', async (_what, behaviour) => {
    const slack = await start();
    slack.script('response', [behaviour]);
    expect((await respondWith(slack.responseUrl(), VIEW, 'asker')).ok).toBe(true);
    slack.script('response', [behaviour, behaviour]);
    expect((await respondWith(slack.responseUrl(), VIEW, 'asker')).ok).toBe(false);
    expect(slack.told.all).toHaveLength(1);
  });

  it('is not tried again when Slack says that the URL is used up', async () => {
    const slack = await start();
    const url = slack.responseUrl();
    for (let use = 1; use <= 5; use += 1) expect((await respondWith(url, VIEW, 'asker')).ok).toBe(true);
    expect(await respondWith(url, VIEW, 'asker')).toEqual({ ok: false, error: 'HTTP 404' });
  });

  it('that cannot be handed over says why, without the address', async () => {
    expect(await respondWith(`http://127.0.0.1:${String(await closedPort())}/the-secret-part`, VIEW, 'asker')).toEqual({ ok: false, error: 'ECONNREFUSED' });
  });
});
