import { webApi } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';
import type { BotToken } from './bot-token.ts';
import { boltLogger } from './bolt-logger.ts';
import { request, type OutboundResponse } from '../../outbound/http-client.ts';

/** Shorter than a delivery's lease of 10 s, so that an attempt has always ended before somebody else may repeat it. */
const TIMEOUT_MS = 5000;

/**
 * How every client of the Web API behaves here. The library would retry for half an hour by itself, wait for ever for an
 * answer and hold all channels when one is told to slow down; the queue is the one owner of retries.
 *
 * @param apiUrl another base than Slack's, with or without a slash at its end
 */
export function webClientOptions(apiUrl: string | null, log: Log): webApi.WebClientOptions {
  return {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // What waits inside the client would wait outside its timeout.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    allowAbsoluteUrls: false,
    logger: boltLogger(log),
    fetch: fetchForSlack,
  };
}

/**
 * A client that speaks for the bot, each time with the token of that moment. Without one Slack is not asked what it would answer.
 *
 * @param mayWrite asked right before a request is written; the library has no way to say it with a call
 */
export function createWebClient(
  token: Pick<BotToken, 'current'>,
  apiUrl: string | null,
  log: Log,
  mayWrite?: () => boolean,
): webApi.WebClient {
  const speak: Fetch = async (url, init = {}) => {
    const bearer = token.current();
    if (bearer === null)
      return answerOf(String(url), {
        status: 200,
        statusText: 'OK',
        headers: new Map(),
        text: JSON.stringify({ ok: false, error: 'not_authed' }),
      });
    return ask(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${bearer}` } }, mayWrite);
  };
  return new webApi.WebClient(undefined, { ...webClientOptions(apiUrl, log), fetch: speak });
}

/** For calls, and for a message that may only be written while something holds. */
export type WebClients = {
  readonly client: webApi.WebClient;
  readonly clientWhile: (mayWrite: () => boolean) => webApi.WebClient;
};

export function createWebClients(token: Pick<BotToken, 'current'>, apiUrl: string | null, log: Log): WebClients {
  return {
    client: createWebClient(token, apiUrl, log),
    clientWhile: (mayWrite) => createWebClient(token, apiUrl, log, mayWrite),
  };
}

type Fetch = NonNullable<webApi.WebClientOptions['fetch']>;

const fetchForSlack: Fetch = (url, init = {}) => ask(url, init);

/** As much of `fetch` as the client uses. A redirect, followed or thrown, could not be told from a lost message. */
async function ask(
  url: Parameters<Fetch>[0],
  { method = 'GET', headers, body }: NonNullable<Parameters<Fetch>[1]>,
  mayWrite?: () => boolean,
): ReturnType<Fetch> {
  if (typeof body === 'object') throw new TypeError('files are not sent');
  return answerOf(
    String(url),
    await request(String(url), {
      method,
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
      withinMs: TIMEOUT_MS,
      mayWrite,
    }),
  );
}

function answerOf(url: string, { status, statusText, headers: said, text }: OutboundResponse): Awaited<ReturnType<Fetch>> {
  const isRateLimited = status === 429;
  // Without a time in seconds the client throws what cannot be told from a bug.
  const seconds = isRateLimited && !/^\d+/.test(said.get('retry-after') ?? '') ? '1' : said.get('retry-after');
  const answered = new Map([...said, ...(seconds === undefined ? [] : [['retry-after', seconds] as const])]);
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url,
    headers: { get: (name) => answered.get(name.toLowerCase()) ?? null, entries: () => answered },
    text: async () => text,
    json: async () => JSON.parse(text),
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  };
}
