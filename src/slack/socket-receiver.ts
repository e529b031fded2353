import { SocketModeReceiver, type App, type Receiver } from '@slack/bolt';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { classifyFailure } from './errors.ts';
import { libraryLog } from './library-log.ts';
import { webClientOptions } from './web-client.ts';

/** From the call for an address to Slack's hello. */
const CONNECT_MS = 10_000;
/** How long a start waits for the first connection before it goes on without. */
const FIRST_CONNECTION_MS = 3000;
const WAITS_S = [1, 2, 5, 15, 30];
const LATER_WAIT_S = 60;

export type SocketOptions = { readonly appToken: string; readonly apiUrl: string | null; readonly clock: Clock; readonly log: Log };

/**
 * All of Slack over a WebSocket that we open (docs.slack.dev/apis/events-api/using-socket-mode). Connecting again is done
 * here: the library's own way ends the process when Slack is away at that moment (slackapi/node-slack-sdk issue 2656).
 */
export function createSocketReceiver(options: SocketOptions): Receiver {
  const { log, clock } = options;
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    logger: libraryLog(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: webClientOptions(options.apiUrl, log) },
  });
  const { client } = receiver;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function keepConnected(onFirst: () => void): Promise<void> {
    let failures = 0;
    let lastReason: string | undefined;
    while (!stopping.signal.aborted) {
      const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      const reason = await connect();
      onFirst();
      if (reason === null) {
        log.info({}, 'Connected to Slack');
        failures = 0;
        lastReason = undefined;
        await ended;
        continue;
      }
      if (stopping.signal.aborted) break;
      // Slack being away for an hour is one line, not a hundred.
      log[reason === lastReason ? 'debug' : 'warn']({ reason }, 'No connection to Slack, trying again');
      lastReason = reason;
      await clock.sleep((WAITS_S[failures] ?? LATER_WAIT_S) * 1000, stopping.signal);
      failures += 1;
    }
  }

  /** One attempt; null when Slack has said hello, else why not. */
  async function connect(): Promise<string | null> {
    const done = new AbortController();
    const timeout = clock.sleep(CONNECT_MS, AbortSignal.any([done.signal, stopping.signal])).then(() => 'no hello came in time');
    const hello = client.start().then(
      () => null,
      (error: unknown) => (error === undefined ? 'the connection was closed' : classifyFailure(error).reason),
    );
    const reason = await Promise.race([hello, timeout]);
    done.abort();
    // A socket that is half open would otherwise live on beside the next one.
    if (reason !== null) void hangUp();
    return reason;
  }

  async function hangUp(): Promise<void> {
    await client.disconnect();
  }

  return {
    init: (app: App) => receiver.init(app),
    start: async () => {
      const enough = new AbortController();
      running = keepConnected(() => enough.abort());
      await clock.sleep(FIRST_CONNECTION_MS, enough.signal);
    },
    stop: async () => {
      stopping.abort();
      await hangUp();
      await running;
    },
  };
}
