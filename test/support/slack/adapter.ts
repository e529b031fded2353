import { onTestFinished } from 'vitest';
import type { Message } from '../../../src/core/text/message.ts';
import { richText } from '../../../src/core/text/rich-text.ts';
import { createHttpServer } from '../../../src/http/server.ts';
import type { Requester, Chat } from '../../../src/ports/inbound/chat.ts';
import { fixedToken } from '../../../src/slack/api/bot-token.ts';
import { createSlackAdapter, type SlackAdapter, type SlackAdapterOptions } from '../../../src/slack/adapter.ts';
import { answering } from '../chat.ts';
import { signedSlackRequest, slashCommand } from '../signed-slack-request.ts';
import { startFakeSlack, type FakeSlack, type FakeSlackOptions } from './fake-slack.ts';
import type { Transport } from './hand-over.ts';
import { ManualClock } from './manual-clock.ts';
import { recordedLog, type RecordedLog } from './recorded-log.ts';

export const BOT_TOKEN = 'xoxb-the-bot-token-of-the-tests';
export const APP_TOKEN = 'xapp-the-app-token-of-the-tests';
export const SIGNING_SECRET = 'the-signing-secret-of-the-tests';

type Acknowledged = { readonly responseUrl: string; readonly said: unknown };

export type StartedAdapter = {
  readonly adapter: SlackAdapter;
  readonly slack: FakeSlack;
  readonly clock: ManualClock;
  readonly log: RecordedLog;
  /** Sends a slash command the way this transport does, and waits until it is acknowledged. */
  readonly command: (fields?: {
    readonly text?: string;
    readonly command?: string;
    readonly team?: string;
    readonly user?: string;
    readonly responseUrl?: string;
    readonly triggerId?: string;
  }) => Promise<Acknowledged>;
  /** Hands a press or a filled-in form over the way this transport does, and waits until it is acknowledged. */
  readonly interact: (payload: Readonly<Record<string, unknown>>) => Promise<Omit<Acknowledged, 'responseUrl'>>;
  /** `POST /slack/events` of the room, over HTTP. */
  readonly eventsUrl: string;
};

export type AdapterSetup = {
  /** What a typed command is answered with. */
  readonly answer?: (text: string, requester: Requester) => Promise<Message>;
  /** Answers instead, buttons and forms as well; what is missing is done without a word. */
  readonly chat?: Partial<Chat>;
  readonly slack?: FakeSlackOptions;
  readonly accountOf?: (teamId: string) => string | null;
  readonly isNamed?: (teamId: string) => boolean;
  /** What Slack said of the token before. */
  readonly identity?: SlackAdapterOptions['identity'];
  readonly command?: string;
  /** False: Slack has not been asked yet which workspace the token is of. */
  readonly knowsHome?: false;
};

/** A message that says one sentence. */
export function sentence(text: string): Message {
  return { summary: richText`${text}`, title: richText`${text}`, lines: [] };
}

/** A room on one of its transports beside a fake Slack, with a clock that stands still. Both are stopped with the test. */
export async function startAdapter(transport: Transport, setup: AdapterSetup = {}): Promise<StartedAdapter> {
  const slack = await startFakeSlack(setup.slack);
  onTestFinished(slack.close);
  const clock = new ManualClock();
  const log = recordedLog();
  const adapter = createSlackAdapter({
    token: fixedToken(BOT_TOKEN),
    transport: transport === 'http' ? { kind: 'http', signingSecret: SIGNING_SECRET } : { kind: 'socket', appToken: APP_TOKEN },
    apiUrl: slack.apiUrl,
    clock,
    log,
    chat: { ...answering(setup.answer ?? (async () => sentence('All is well.'))), ...setup.chat },
    accountOf: setup.accountOf ?? (() => 'default'),
    ...(setup.isNamed && { isNamed: setup.isNamed }),
    ...(setup.identity && { identity: setup.identity }),
    ...(setup.command && { command: setup.command }),
  });
  const http = createHttpServer({ log, mounts: [(app) => adapter.mount(app)] });
  const listening = await http.listen({ host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.kind);
  onTestFinished(async () => {
    const stopped = adapter.stop();
    // What a test has left unanswered is not waited for.
    clock.advance(60_000);
    await Promise.all([stopped, http.close()]);
  });
  await adapter.start();
  if (setup.knowsHome !== false) await adapter.home();
  let deliveries = 0;
  const eventsUrl = `${listening.value.url}/slack/events`;
  return {
    adapter,
    slack,
    clock,
    log,
    eventsUrl,
    async command({ responseUrl = slack.responseUrl(), ...fields } = {}) {
      const sent = slashCommand({ responseUrl, ...fields });
      return { responseUrl, said: await (transport === 'http' ? overHttp(sent) : overSocket(slack.socket.sendCommand(sent))) };
    },
    interact: async (payload) => ({
      said: await (transport === 'http'
        ? overHttp({ payload: JSON.stringify(payload) })
        : overSocket(slack.socket.sendInteraction(payload))),
    }),
  };

  async function overHttp(sent: Readonly<Record<string, string>>): Promise<unknown> {
    // Slack signs every delivery anew, also of what it has sent before.
    const response = await fetch(
      eventsUrl,
      signedSlackRequest(SIGNING_SECRET, { ...sent, delivery: String((deliveries += 1)) }, { at: clock.now() }),
    );
    if (response.status !== 200) throw new Error(`what was sent was answered with HTTP ${String(response.status)}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  async function overSocket(id: string): Promise<unknown> {
    const { payload } = await slack.socket.acks.next(({ envelopeId }) => envelopeId === id);
    // Bolt acknowledges without a word by an empty payload.
    return JSON.stringify(payload) === '{}' ? undefined : payload;
  }
}
