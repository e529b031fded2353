import { SocketModeReceiver, type App, type ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { socketDispatcher } from '../../outbound/dispatcher.ts';
import { classifyFailure } from '../api/errors.ts';
import { boltLogger } from '../api/bolt-logger.ts';
import { acknowledge } from '../listeners/context.ts';
import { logUnhandled, UnknownPayload } from './acknowledging-app.ts';
import type { Transport } from './transport.ts';
import { webClientOptions } from '../api/web-client.ts';

/** From the call for an address to Slack's hello. */
const CONNECT_MS = 10_000;
/** How long a start waits for the first connection before it goes on without. */
const FIRST_ATTEMPT_MS = 3000;
/** A connection that ends sooner than this counts as a failure, or a Slack that hangs up after its hello would be called without a pause. */
const STABLE_AFTER_MS = 10_000;
const WAITS_S = [1, 2, 5, 15, 30];
const LATER_WAIT_S = 60;

export type SocketOptions = { readonly appToken: string; readonly apiUrl: string | null; readonly clock: Clock; readonly log: Log };

/** Every envelope is acknowledged, whatever is in it: Slack sends again what is not. */
async function takeEnvelope(app: App | undefined, { envelope, event }: z.infer<typeof socketEventSchema>, log: Log): Promise<void> {
  try {
    await app?.processEvent(event);
  } catch (error) {
    if (!(error instanceof UnknownPayload)) log.error({ error }, 'an envelope from Slack failed');
    logUnhandled(envelope, log);
    await acknowledge(() => event.ack(), log);
  }
}

/** What the library makes of an envelope (docs.slack.dev/apis/events-api/using-socket-mode). */
const socketEventSchema = z
  .object({
    type: z.string(),
    body: z.record(z.string(), z.unknown()).catch({}),
    ack: z.custom<ReceiverEvent['ack']>((value) => typeof value === 'function'),
    retry_num: z.number().optional().catch(undefined),
    retry_reason: z.string().optional().catch(undefined),
  })
  .transform(({ type: envelope, body, ack, retry_num: retryNum, retry_reason: retryReason }) => ({
    envelope,
    event: { body, ack, ...(retryNum !== undefined && { retryNum }), ...(retryReason !== undefined && { retryReason }) },
  }));

type Connection = { readonly ended: Promise<void>; hangUp(): Promise<void> };

/**
 * All of Slack over a WebSocket that we open (docs.slack.dev/apis/events-api/using-socket-mode). Connecting again is done
 * here, with a fresh client each time: the library's own way ends the process when Slack is away at that moment
 * (slackapi/node-slack-sdk issue 2656).
 */
export function createSocketReceiver(options: SocketOptions): Transport {
  const { log, clock } = options;
  const stopping = new AbortController();
  let app: App | undefined;
  let connection: Connection | undefined;
  let running: Promise<void> | undefined;

  async function keepConnected(onFirstAttempt: () => void): Promise<void> {
    let failures = 0;
    let lastReason: string | undefined;
    while (!stopping.signal.aborted) {
      const attempt = await connect(options, app, stopping.signal);
      onFirstAttempt();
      const reason = typeof attempt === 'object' ? await live(attempt) : attempt;
      if (reason === null) {
        failures = 0;
        lastReason = undefined;
      } else if (!stopping.signal.aborted) {
        // A Slack that is away for an hour is one line, not a hundred.
        log[reason === lastReason ? 'debug' : 'warn']({ reason }, 'no connection to Slack, trying again');
        lastReason = reason;
        await clock.sleep((WAITS_S[failures] ?? LATER_WAIT_S) * 1000, stopping.signal);
        failures += 1;
      }
    }
  }

  /** Lasts as long as the connection; null when that was long enough. */
  async function live(attempt: Connection): Promise<string | null> {
    const since = clock.now().getTime();
    log.info({}, 'connected to Slack');
    connection = attempt;
    await attempt.ended;
    return clock.now().getTime() - since >= STABLE_AFTER_MS ? null : 'the connection ended at once';
  }

  return {
    init: (bolt) => {
      app = bolt;
    },
    mount: () => undefined,
    requests: () => null,
    start: async () => {
      const enough = new AbortController();
      running = keepConnected(() => enough.abort());
      await clock.sleep(FIRST_ATTEMPT_MS, enough.signal);
    },
    stop: async () => {
      stopping.abort();
      await connection?.hangUp();
      await running;
    },
  };
}

/** One attempt: a connection on which Slack has said hello, or why there is none. */
async function connect(
  { appToken, apiUrl, clock, log }: SocketOptions,
  app: App | undefined,
  stopping: AbortSignal,
): Promise<Connection | string> {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
    dispatcher: socketDispatcher(),
    installerOptions: { clientOptions: webClientOptions(apiUrl, log) },
  });
  const { client } = receiver;
  // Not `receiver.init`: Bolt acknowledges nothing that it does not know.
  client.on('slack_event', (sent: unknown) => {
    const event = socketEventSchema.safeParse(sent);
    if (event.success) void takeEnvelope(app, event.data, log);
  });
  const connection: Connection = {
    ended: new Promise((resolve) => client.once('disconnected', () => resolve())),
    hangUp: () => client.disconnect(),
  };

  const done = new AbortController();
  const timeout = clock.sleep(CONNECT_MS, AbortSignal.any([done.signal, stopping])).then(() => 'no hello came in time');
  const hello = client.start().then(
    () => connection,
    (error: unknown) => (error === undefined ? 'the connection was closed' : classifyFailure(error).reason),
  );
  const first = await Promise.race([hello, timeout]);
  done.abort();
  if (typeof first === 'object' && !stopping.aborted) return first;
  // What is half open, or is opened only now, would live on beside the next one.
  client.once('connecting', () => queueMicrotask(() => void connection.hangUp()));
  void connection.hangUp();
  return typeof first === 'object' ? 'stopping' : first;
}
