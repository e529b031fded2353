import { webApi } from '@slack/bolt';
import type { Log } from '../ports/log.ts';
import { libraryLog } from './library-log.ts';
import { observedFetch } from '../outbound/observed-fetch.ts';

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
    timeout: TIMEOUT_MS,
    // What waits inside the client would wait outside its timeout.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    allowAbsoluteUrls: false,
    logger: libraryLog(log),
    fetch: fetchForSlack,
  };
}

/** A client that speaks for the bot. */
export function createWebClient(botToken: string, apiUrl: string | null, log: Log): webApi.WebClient {
  return new webApi.WebClient(botToken, webClientOptions(apiUrl, log));
}

const fetchForSlack: typeof fetch = async (input, init) => {
  // A redirect is an answer like any other that is not Slack's: followed or thrown, it could not be told from a lost message.
  const response = await observedFetch(input, { ...init, redirect: 'manual' });
  if (response.status !== 429 || /^\d+/.test(response.headers.get('retry-after') ?? '')) return response;
  // Without a time in seconds the client throws what cannot be told from a bug.
  await response.body?.cancel();
  return new Response(null, { status: 429, headers: { 'retry-after': '1' } });
};
