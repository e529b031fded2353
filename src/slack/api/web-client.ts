import { AsyncLocalStorage } from 'node:async_hooks';
import { webApi } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';
import type { BotToken } from './bot-token.ts';
import { boltLogger } from './bolt-logger.ts';
import { request, type OutboundResponse } from '../../outbound/http-client.ts';

/** Slack usually answers within a second. After this time the message may have been posted, and is looked up. */
const TIMEOUT_MS = 5000;

/**
 * Returns the options of every Web API client. By default, the library retries for half an hour, waits for an answer without limit, and
 * blocks all channels when Slack limits one. Here only the queue retries.
 *
 * @param apiUrl the base URL if it is not Slack's, with or without a slash at the end
 */
export function webClientOptions(apiUrl: string | null, log: Log): webApi.WebClientOptions {
  return {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // Calls that wait inside the client would not count towards its timeout.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    allowAbsoluteUrls: false,
    logger: boltLogger(log),
    fetch: fetchForSlack,
  };
}

/**
 * Creates a client that uses the current bot token for each call. If there is no token, Slack is not called and the client fails with the
 * answer that Slack would give.
 *
 * @param mayWrite tells for the call that is being made whether it may still be written
 */
export function createWebClient(
  token: Pick<BotToken, 'current'>,
  apiUrl: string | null,
  log: Log,
  mayWrite: () => (() => boolean) | undefined = () => undefined,
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
    return ask(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${bearer}` } }, mayWrite());
  };
  return new webApi.WebClient(undefined, { ...webClientOptions(apiUrl, log), fetch: speak });
}

/** A client, and a way to make a call with it that is written only as long as a condition holds. */
export type Calls = {
  readonly client: webApi.WebClient;
  /** Makes one call. `mayWrite` is asked immediately before it is written. */
  readonly callWhile: <T>(mayWrite: () => boolean, call: () => Promise<T>) => Promise<T>;
};

/**
 * Creates the client that posts. It is one for all messages, because creating a client costs more than a call. The library cannot pass
 * a condition with a call, so it travels in the call's asynchronous context; the library starts every call at once (`webClientOptions`),
 * and so in the context of its caller.
 */
export function createCalls(token: Pick<BotToken, 'current'>, apiUrl: string | null, log: Log): Calls {
  const condition = new AsyncLocalStorage<() => boolean>();
  return {
    client: createWebClient(token, apiUrl, log, () => condition.getStore()),
    callWhile: (mayWrite, call) => condition.run(mayWrite, call),
  };
}

type Fetch = NonNullable<webApi.WebClientOptions['fetch']>;

const fetchForSlack: Fetch = (url, init = {}) => ask(url, init);

/** The part of `fetch` that the client uses. A redirect is not followed: its result could not be distinguished from a lost message. */
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
  // Without a number of seconds, the client throws an error that looks like a bug.
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
