import { describe, expect, it, onTestFinished } from 'vitest';
import { createChartSupport } from '../../../src/slack/api/chart-support.ts';
import { createRespond } from '../../../src/slack/api/respond.ts';
import { slackView } from '../../../src/slack/views/message.ts';
import { closedPort } from '../../support/ports.ts';
import { startFakeSlack, type FakeSlack } from '../../support/slack/fake-slack.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';
import { sentence } from '../../support/slack/adapter.ts';

const FINE = sentence('All 6 fine.');
const respondWith = createRespond(createChartSupport(recordedLog()));

async function start(): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  onTestFinished(slack.close);
  return slack;
}

describe('an answer to a response URL', () => {
  it('is for the asker alone, replaces nothing, and has text beside its blocks', async () => {
    const slack = await start();
    expect(await respondWith(slack.responseUrl(), FINE, 'requester')).toEqual({ ok: true, value: undefined });
    expect(slack.told.all.map(({ body }) => body)).toEqual([{ response_type: 'ephemeral', replace_original: false, ...slackView(FINE) }]);
  });

  it.each([
    ['fails', { kind: 'status', status: 500 }],
    ['cuts the connection', { kind: 'drop', accepted: false }],
    ['is answered for by a sign-in page', { kind: 'status', status: 200, body: '<!doctype html><p>Sign in' }],
    ['is answered for by a redirect', { kind: 'status', status: 302 }],
  ] as const)('is tried a second time, and no third, when Slack %s', async (_what, behaviour) => {
    const slack = await start();
    slack.script('response', [behaviour]);
    expect((await respondWith(slack.responseUrl(), FINE, 'requester')).ok).toBe(true);
    slack.script('response', [behaviour, behaviour]);
    expect((await respondWith(slack.responseUrl(), FINE, 'requester')).ok).toBe(false);
    expect(slack.told.all).toHaveLength(1);
  });

  it('is not tried again when Slack says that the URL is used up', async () => {
    const slack = await start();
    const url = slack.responseUrl();
    for (let use = 1; use <= 5; use += 1) expect((await respondWith(url, FINE, 'requester')).ok).toBe(true);
    expect(await respondWith(url, FINE, 'requester')).toEqual({ ok: false, error: 'used_url' });
  });

  const chart = { title: 'Apollo Contacts', shape: 'line' as const, categories: ['1 Nov'], series: [{ name: 'Used', values: [1] }] };

  it.each([
    ['with a status', { kind: 'status', status: 400, body: 'invalid_blocks' }],
    ['in JSON', { kind: 'error', error: 'invalid_blocks' }],
  ] as const)('goes out again with a table when Slack refuses a chart %s, and the next goes as a table at once', async (_what, refusal) => {
    const slack = await start();
    const respond = createRespond(createChartSupport(recordedLog()));
    slack.script('response', [refusal]);
    const message = { ...FINE, chart };
    expect((await respond(slack.responseUrl(), message, 'requester')).ok).toBe(true);
    expect((await respond(slack.responseUrl(), message, 'requester')).ok).toBe(true);
    expect(slack.told.all.map(({ body }) => body['blocks'])).toEqual([
      slackView(message, { figuresAs: 'table' }).blocks,
      slackView(message, { figuresAs: 'table' }).blocks,
    ]);
  });

  it('that Slack cannot read without a chart in it is refused once, for the same again would be too', async () => {
    const slack = await start();
    slack.script('response', [{ kind: 'error', error: 'invalid_blocks' }]);
    expect(await respondWith(slack.responseUrl(), FINE, 'requester')).toEqual({ ok: false, error: 'invalid_blocks' });
    expect(slack.told.all).toEqual([]);
  });

  it('that cannot be handed over says why, without the address', async () => {
    expect(await respondWith(`http://127.0.0.1:${String(await closedPort())}/the-secret-part`, FINE, 'requester')).toEqual({
      ok: false,
      error: 'ECONNREFUSED',
    });
  });
});
