import { describe, expect, it, onTestFinished } from 'vitest';
import type { Messenger, SendRequest } from '../../src/ports/outbound/messenger.ts';
import { createChartSupport } from '../../src/slack/api/chart-support.ts';
import { createSlackMessenger } from '../../src/slack/messenger.ts';
import { fixedToken } from '../../src/slack/api/bot-token.ts';
import { createCalls } from '../../src/slack/api/web-client.ts';
import { afterFiveSeconds } from '../support/five-seconds.ts';
import { closedPort } from '../support/ports.ts';
import { startFakeSlack, type FakeSlack } from '../support/slack/fake-slack.ts';
import { recordedLog, type RecordedLog } from '../support/slack/recorded-log.ts';
import { BOT_TOKEN, sentence } from '../support/slack/adapter.ts';
import { possibleDuplicateText } from '../../src/messages/notices/possible-duplicate.ts';
import { SLACK_REASONS } from '../../src/messages/platforms/slack-errors.ts';
import { plainRichText } from '../../src/messages/text/plain.ts';

const SINCE = new Date();

async function prepare(options?: { scopes: readonly string[] }): Promise<{ slack: FakeSlack; messenger: Messenger; log: RecordedLog }> {
  const slack = await startFakeSlack(options);
  onTestFinished(slack.close);
  const log = recordedLog();
  return {
    slack,
    log,
    messenger: createSlackMessenger({
      ...createCalls(fixedToken(BOT_TOKEN), slack.apiUrl, log),
      charts: createChartSupport(log),
      log,
    }),
  };
}

function messengerTo(apiUrl: string): Messenger {
  const log = recordedLog();
  return createSlackMessenger({ ...createCalls(fixedToken(BOT_TOKEN), apiUrl, log), charts: createChartSupport(log), log });
}

function alert(fields: Partial<SendRequest> = {}): SendRequest {
  return {
    address: 'C1',
    place: { kind: 'new' },
    message: sentence('Apollo Contacts reached 80%'),
    severity: 'warning',
    deliveryId: 'delivery-1',
    possibleDuplicate: false,
    ...fields,
  };
}

/** `delivery-1` first, then the others, some at a time. */
async function sendMany(messenger: Messenger, count: number): Promise<void> {
  await messenger.send(alert());
  for (let sent = 1; sent < count; sent += 50) {
    const batch = Array.from({ length: Math.min(50, count - sent) }, (_, index) =>
      messenger.send(alert({ deliveryId: `delivery-${String(sent + index + 1)}` })),
    );
    for (const { outcome } of await Promise.all(batch)) expect(outcome).toBe('sent');
  }
}

describe('sending to Slack', () => {
  it('posts once, with blocks, with text beside them, with the delivery in the metadata, and unfolds no links', async () => {
    const { slack, messenger } = await prepare();
    const outcome = await messenger.send(alert());
    const [message] = slack.messages('C1');
    expect(outcome).toEqual({ outcome: 'sent', messageRef: `C1:${String(message?.ts)}` });
    expect(slack.calls.all).toHaveLength(1);
    expect(message?.args).toEqual({
      channel: 'C1',
      text: 'Apollo Contacts reached 80%',
      blocks: [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'Apollo Contacts reached 80%' }] }],
        },
      ],
      unfurl_links: 'false',
      unfurl_media: 'false',
      metadata: { event_type: 'creditwatch_delivery', event_payload: { delivery_id: 'delivery-1' } },
    });
  });

  it('to a person is referred to by the channel of the direct message', async () => {
    const { slack, messenger } = await prepare();
    const outcome = await messenger.send(alert({ address: 'U0ANNA' }));
    expect(outcome).toEqual({ outcome: 'sent', messageRef: `D0ANNA:${String(slack.messages('U0ANNA')[0]?.ts)}` });
  });

  it('is sent when Slack says ok and nothing else', async () => {
    const { slack, messenger } = await prepare();
    slack.script('chat.postMessage', [{ kind: 'status', status: 200, body: '{"ok":true}' }]);
    expect(await messenger.send(alert())).toEqual({ outcome: 'sent', messageRef: 'C1:' });
  });

  it.each([
    [
      '429 with Retry-After 7',
      { kind: 'rate-limited', retryAfterS: 7 },
      { outcome: 'retry', reason: expect.stringContaining('HTTP 429'), afterMs: 7000 },
    ],
    [
      '429 without a time',
      { kind: 'rate-limited', retryAfterS: null },
      { outcome: 'retry', reason: expect.stringContaining('HTTP 429'), afterMs: 1000 },
    ],
    ['500', { kind: 'status', status: 500 }, { outcome: 'retry', reason: expect.stringContaining('HTTP 500') }],
    ['503', { kind: 'status', status: 503 }, { outcome: 'retry', reason: expect.stringContaining('HTTP 503') }],
    ['a redirect', { kind: 'status', status: 302 }, { outcome: 'retry', reason: expect.stringContaining('HTTP 302') }],
    ['404', { kind: 'status', status: 404 }, { outcome: 'retry', reason: expect.stringContaining('HTTP 404') }],
    ['a page', { kind: 'status', status: 200 }, { outcome: 'unknown', reason: expect.stringContaining('JSON') }],
    [
      'a page that a captive portal shows',
      { kind: 'status', status: 200, body: '<!DOCTYPE html><title>Sign in to the network</title>' },
      { outcome: 'unknown', reason: expect.stringContaining('JSON') },
    ],
    ['a redirect to a sign-in page', { kind: 'status', status: 307 }, { outcome: 'retry', reason: expect.stringContaining('HTTP 307') }],
    ['a proxy that wants credentials', { kind: 'status', status: 407 }, { outcome: 'retry', reason: expect.stringContaining('HTTP 407') }],
    [
      'half of an answer',
      { kind: 'status', status: 200, body: '{"ok":true,"chan' },
      { outcome: 'unknown', reason: expect.stringContaining('JSON') },
    ],
    [
      'JSON without ok',
      { kind: 'status', status: 200, body: '{"status":"fine"}' },
      { outcome: 'unknown', reason: expect.stringContaining('could not be read') },
    ],
    ['a list', { kind: 'status', status: 200, body: '[]' }, { outcome: 'unknown', reason: expect.stringContaining('could not be read') }],
    ['an empty answer', { kind: 'status', status: 200, body: '' }, { outcome: 'unknown', reason: expect.stringContaining('JSON') }],
    ['a JSON null', { kind: 'status', status: 200, body: 'null' }, { outcome: 'unknown', reason: expect.stringContaining('(TypeError)') }],
    [
      'internal_error',
      { kind: 'error', error: 'internal_error' },
      { outcome: 'retry', reason: expect.stringContaining('(internal_error)') },
    ],
    ['fatal_error', { kind: 'error', error: 'fatal_error' }, { outcome: 'unknown', reason: expect.stringContaining('(fatal_error)') }],
    ['a cut connection', { kind: 'drop', accepted: false }, { outcome: 'unknown', reason: expect.stringContaining('(ECONNRESET)') }],
    [
      'a cut connection after it has posted',
      { kind: 'drop', accepted: true },
      { outcome: 'unknown', reason: expect.stringContaining('(ECONNRESET)') },
    ],
    ['half an answer', { kind: 'drop-answer' }, { outcome: 'unknown', reason: expect.stringContaining('(ECONNRESET)') }],
  ] as const)('is called once when Slack answers with %s, and the outcome is told apart', async (_what, behaviour, outcome) => {
    const { slack, messenger } = await prepare();
    slack.script('chat.postMessage', [behaviour]);
    expect(await messenger.send(alert())).toEqual(outcome);
    expect(slack.calls.all).toHaveLength(1);
    expect((await messenger.send(alert())).outcome).toBe('sent');
  });

  it('is unknown after 5 s without an answer', async () => {
    const { slack, messenger } = await prepare();
    slack.script('chat.postMessage', [{ kind: 'hang', accepted: true }]);
    const sending = await afterFiveSeconds(
      () => messenger.send(alert()),
      () => slack.calls.all.length === 1,
    );
    expect(sending).toEqual({ outcome: 'unknown', reason: expect.stringContaining('(TimeoutError)') });
  });

  it('is repeated when the connection is refused: nothing was written', async () => {
    const port = await closedPort();
    expect(await messengerTo(`http://127.0.0.1:${String(port)}/api/`).send(alert())).toEqual({
      outcome: 'retry',
      reason: expect.stringContaining('(ECONNREFUSED)'),
    });
  });

  it('is repeated when no secure connection comes about: nothing was written', async () => {
    const { slack } = await prepare();
    const outcome = await messengerTo(slack.apiUrl.replace('http:', 'https:')).send(alert());
    expect(outcome).toMatchObject({ outcome: 'retry', reason: expect.stringMatching(/\((?:EPROTO|ERR_SSL_)/) });
  });

  it('to another channel goes on while one has to wait', async () => {
    const { slack, messenger } = await prepare();
    slack.always('chat.postMessage', { kind: 'rate-limited', retryAfterS: 7 }, 'C1');
    expect((await messenger.send(alert())).outcome).toBe('retry');
    expect((await messenger.send(alert({ address: 'C2' }))).outcome).toBe('sent');
  });

  it('logs what Slack says of a message that it does not take, for it is ours to mend, and not the message', async () => {
    const { slack, messenger, log } = await prepare();
    slack.script('chat.postMessage', [
      { kind: 'error', error: 'invalid_blocks', messages: ['[ERROR] must be an array [json-pointer:/blocks]'] },
      { kind: 'error', error: 'is_archived' },
    ]);
    await messenger.send(alert());
    await messenger.send(alert());
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'Slack message rejected as faulty',
        fields: {
          deliveryId: 'delivery-1',
          address: 'C1',
          reason: 'Slack could not read the blocks (invalid_blocks; [ERROR] must be an array [json-pointer:/blocks])',
        },
      },
    ]);
  });

  it('is sent again by the queue with a table when the workspace takes no charts, once; the next goes out with a table at once', async () => {
    const { slack, messenger, log } = await prepare();
    const chart = {
      title: 'Apollo Contacts',
      shape: 'line' as const,
      categories: ['1 Nov', '8 Nov'],
      series: [{ name: 'Used', values: [1, 2] }],
    };
    const message = { ...sentence('Credits digest'), chart };
    const types = () => slack.messages('C1').map(({ blocks }) => JSON.stringify(blocks).match(/"(?:data_visualization|table)"/g));
    slack.script('chat.postMessage', [{ kind: 'error', error: 'invalid_blocks' }]);
    expect(await messenger.send(alert({ message }))).toEqual({
      outcome: 'retry',
      reason: SLACK_REASONS.noCharts,
    });
    expect((await messenger.send(alert({ message }))).outcome).toBe('sent');
    expect((await messenger.send(alert({ message }))).outcome).toBe('sent');
    expect(types()).toEqual([['"table"'], ['"table"']]);
    expect(slack.calls.all).toHaveLength(3);
    expect(log.lines.map(({ level, message: line }) => ({ level, line }))).toEqual([
      { level: 'info', line: 'workspace does not support charts: sending tables' },
    ]);
  });

  it('with a table that Slack cannot read either is refused for good, and charts are tried again: they were not to blame', async () => {
    const { slack, messenger } = await prepare();
    const message = {
      ...sentence('Credits digest'),
      chart: { title: 'Apollo Contacts', shape: 'bar' as const, categories: ['1 Nov'], series: [{ name: 'Used', values: [1] }] },
    };
    slack.script('chat.postMessage', [
      { kind: 'error', error: 'invalid_blocks' },
      { kind: 'error', error: 'invalid_blocks' },
    ]);
    expect((await messenger.send(alert({ message }))).outcome).toBe('retry');
    expect(await messenger.send(alert({ message }))).toMatchObject({ outcome: 'rejected', scope: 'message' });
    expect((await messenger.send(alert({ message }))).outcome).toBe('sent');
    expect(JSON.stringify(slack.messages('C1')[0]?.blocks)).toContain('data_visualization');
  });

  it('says of a possible repeat that it may be one', async () => {
    const { slack, messenger } = await prepare();
    await messenger.send(alert({ possibleDuplicate: true }));
    expect(slack.messages('C1')[0]?.text).toBe(
      `Apollo Contacts reached 80%\n${plainRichText(possibleDuplicateText('Slack'), { timeZone: 'UTC', now: new Date() })}`,
    );
  });

  it('keeps a pace of one message a second in a channel', async () => {
    expect((await prepare()).messenger.paceMs).toBe(1000);
  });
});

describe('looking for a message in Slack', () => {
  const look = (fields: Partial<Parameters<Messenger['find']>[0]> = {}) => ({
    address: 'C1',
    place: { kind: 'new' as const },
    deliveryId: 'delivery-1',
    since: SINCE,
    doubtedAt: SINCE,
    ...fields,
  });

  it('finds one that was posted although no answer came, and no other', async () => {
    const { slack, messenger } = await prepare();
    slack.script('chat.postMessage', [{ kind: 'drop', accepted: true }]);
    await messenger.send(alert());
    expect(await messenger.find(look())).toEqual({ found: 'yes', messageRef: `C1:${String(slack.messages('C1')[0]?.ts)}` });
    expect(await messenger.find(look({ deliveryId: 'delivery-2' }))).toEqual({ found: 'no' });
    expect(await messenger.find(look({ address: 'C2' }))).toEqual({ found: 'no' });
  });

  it('looks a minute further back than the first attempt, for clocks differ, and not at all of history', async () => {
    const { slack, messenger } = await prepare();
    await messenger.find(look({ since: new Date('2026-11-23T08:00:00Z') }));
    expect(slack.calls.all[0]?.args).toEqual({ channel: 'C1', oldest: '1795420740', limit: '200', include_all_metadata: 'true' });
  });

  it('reads on to a message that 999 others came after', async () => {
    const { slack, messenger } = await prepare();
    await sendMany(messenger, 1000);
    expect((await messenger.find(look())).found).toBe('yes');
    expect(slack.calls.all.filter(({ method }) => method === 'conversations.history')).toHaveLength(5);
  });

  it('does not claim that there is none when more than 1,000 came since', async () => {
    const { messenger } = await prepare();
    await sendMany(messenger, 1001);
    expect(await messenger.find(look())).toEqual({ found: 'unavailable', reason: SLACK_REASONS.tooManyMessages });
  });

  it.each([
    ['the scope was not granted', { kind: 'error', error: 'missing_scope', needed: 'channels:history' }, 'unavailable'],
    ['Slack has a code of its own for it', { kind: 'error', error: 'a_code_of_the_future' }, 'unavailable'],
    ['the answer is not what it should be', { kind: 'status', status: 200, body: '{"ok":true,"messages":[{"ts":1}]}' }, 'unavailable'],
    ['the answer holds no messages', { kind: 'status', status: 200, body: '{"ok":true}' }, 'unavailable'],
    ['Slack asks to slow down', { kind: 'rate-limited', retryAfterS: 60 }, 'no-answer'],
    ['Slack fails', { kind: 'status', status: 500 }, 'no-answer'],
    ['Slack says that it fails', { kind: 'error', error: 'internal_error' }, 'no-answer'],
    ['the connection is cut', { kind: 'drop', accepted: false }, 'no-answer'],
    ['somebody else answers', { kind: 'status', status: 200, body: '<html>Sign in to the hotel</html>' }, 'no-answer'],
    ['somebody else answers in JSON', { kind: 'status', status: 200, body: '{"portal":"sign in"}' }, 'no-answer'],
  ] as const)('never says no when %s, and knows whether Slack itself answered', async (_what, behaviour, found) => {
    const { slack, messenger } = await prepare();
    await messenger.send(alert());
    slack.script('conversations.history', [behaviour]);
    expect(await messenger.find(look())).toMatchObject({ found, reason: expect.stringMatching(/^\S.*\S$/) });
  });

  it('is told to wait as long as Slack asks', async () => {
    const { slack, messenger } = await prepare();
    slack.script('conversations.history', [{ kind: 'rate-limited', retryAfterS: 60 }]);
    expect(await messenger.find(look())).toMatchObject({ found: 'no-answer', afterMs: 60_000 });
  });

  it("reads nobody's direct messages, and only makes sure that Slack answers", async () => {
    const { slack, messenger } = await prepare();
    slack.script('auth.test', [{ kind: 'drop', accepted: false }]);
    const direct = look({ address: 'U0ANNA' });
    expect(await messenger.find(direct)).toMatchObject({ found: 'no-answer' });
    expect(await messenger.find(direct)).toEqual({ found: 'unavailable', reason: SLACK_REASONS.directMessagesNotRead });
    expect(slack.calls.all.map(({ method }) => method)).toEqual(['auth.test', 'auth.test']);
  });

  it('is unavailable without the scope for the history', async () => {
    const { messenger, log } = await prepare({ scopes: ['commands', 'chat:write'] });
    await messenger.send(alert());
    expect(await messenger.find(look())).toMatchObject({ found: 'unavailable' });
    expect(log.lines.map(({ level, fields }) => ({ level, fields }))).toEqual([
      { level: 'debug', fields: { address: 'C1', reason: 'A permission is missing (missing_scope; needs channels:history)' } },
    ]);
  });

  it('looks for a reply in its thread alone', async () => {
    const { slack, messenger } = await prepare();
    await messenger.send(alert());
    const messageRef = `C1:${String(slack.messages('C1')[0]?.ts)}`;
    const place = { kind: 'reply' as const, messageRef };
    await messenger.send(alert({ place, deliveryId: 'delivery-2' }));
    expect(await messenger.find(look({ place, deliveryId: 'delivery-2' }))).toEqual({
      found: 'yes',
      messageRef: `C1:${String(slack.messages('C1')[1]?.ts)}`,
    });
    expect(await messenger.find(look({ place, deliveryId: 'delivery-3' }))).toEqual({ found: 'no' });
    expect(await messenger.find(look({ deliveryId: 'delivery-2' }))).toEqual({ found: 'no' });
  });

  it("passes over other people's messages with metadata of any shape", async () => {
    const { slack, messenger } = await prepare();
    const messages = [
      { ts: '3.0', metadata: null },
      { ts: '2.0', metadata: { event_type: 'task', event_payload: { id: 7 } } },
      { ts: '1.0', metadata: { event_type: 'creditwatch_delivery', event_payload: { delivery_id: 'delivery-1' } } },
    ];
    slack.script('conversations.history', [{ kind: 'status', status: 200, body: JSON.stringify({ ok: true, messages }) }]);
    expect(await messenger.find(look())).toEqual({ found: 'yes', messageRef: 'C1:1.0' });
  });
});
