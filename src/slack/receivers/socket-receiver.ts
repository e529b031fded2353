import { SocketModeReceiver, type App, type ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { socketDispatcher } from '../../outbound/dispatcher.ts';
import { classifyFailure } from '../api/errors.ts';
import { boltLogger } from '../api/bolt-logger.ts';
import { acknowledge } from '../listeners/listener-parts.ts';
import { logUnhandled, UnknownPayload } from './acknowledging-app.ts';
import type { Transport } from './transport.ts';
import { webClientOptions } from '../api/web-client.ts';

/** From the request for a URL to Slack's hello. */
const CONNECT_MS = 10_000;
/** How long `start` waits for the first connection before it continues without one. */
const FIRST_ATTEMPT_MS = 3000;
/** A connection that ends sooner counts as a failure. Otherwise, a Slack that closes after its hello would be called without a pause. */
const STABLE_AFTER_MS = 10_000;
const WAITS_S = [1, 2, 5, 15, 30];
const LATER_WAIT_S = 60;

export type SocketOptions = { readonly appToken: string; readonly apiUrl: string | null; readonly clock: Clock; readonly log: Log };

/** Handles one envelope. Each one is acknowledged, because Slack repeats it otherwise. */
async function takeEnvelope(app: App | undefined, { envelope, event }: z.infer<typeof socketEventSchema>, log: Log): Promise<void> {
  try {
    await app?.processEvent(event);
  } catch (error) {
    if (!(error instanceof UnknownPayload)) log.error({ error }, 'Slack envelope failed');
    logUnhandled(envelope, log);
    await acknowledge(() => event.ack(), log);
  }
}

/** An envelope as the library passes it on (docs.slack.dev/apis/events-api/using-socket-mode). */
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
 * Creates the receiver for Socket Mode, over a WebSocket that we open (docs.slack.dev/apis/events-api/using-socket-mode). It reconnects
 * with a new client each time. The library's own reconnect ends the process if Slack cannot be reached (slackapi/node-slack-sdk issue
 * 2656).
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
        // The same failure is logged as a warning only once.
        log[reason === lastReason ? 'debug' : 'warn']({ reason }, 'Slack connection failed, retrying');
        lastReason = reason;
        await clock.sleep((WAITS_S[failures] ?? LATER_WAIT_S) * 1000, stopping.signal);
        failures += 1;
      }
    }
  }

  /** Resolves when the connection ends: null if it lasted long enough, else the reason. */
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

/** Makes one attempt. Resolves to a connection on which Slack has said hello, or to the reason of the failure. */
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
  // Not `receiver.init`, because Bolt does not acknowledge unknown envelopes.
  client.on('slack_event', (sent: unknown) => {
    const event = socketEventSchema.safeParse(sent);
    if (event.success) void takeEnvelope(app, event.data, log);
  });
  const connection: Connection = {
    ended: new Promise((resolve) => client.once('disconnected', () => resolve())),
    hangUp: () => client.disconnect(),
  };

  const done = new AbortController();
  const timeout = clock.sleep(CONNECT_MS, done.signal, stopping).then(() => 'no hello came in time');
  const hello = client.start().then(
    () => connection,
    (error: unknown) => (error === undefined ? 'the connection was closed' : classifyFailure(error).reason),
  );
  const first = await Promise.race([hello, timeout]);
  done.abort();
  if (typeof first === 'object' && !stopping.aborted) return first;
  // A connection that is half open, or opens only now, would stay open next to the new one.
  client.once('connecting', () => queueMicrotask(() => void connection.hangUp()));
  void connection.hangUp();
  return typeof first === 'object' ? 'stopping' : first;
}
