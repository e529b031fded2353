import { AuthError, type INetworkModule, type NetworkRequestOptions } from '@azure/msal-node';
import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import { whyOf, type request } from '../../outbound/http-client.ts';

/** A message waits for its token, and holds its place among the messages that are sent at once. */
const WITHIN_MS = 4000;

type Answered<T> = { headers: Record<string, string>; body: T; status: number };

/** The form of Microsoft's rejections (RFC 6749, 5.2). */
const saidSchema = z.looseObject({ error: z.string().min(1) });

/**
 * Returns the HTTP client for the library: one attempt with a timeout, without redirects. An answer that is neither a token nor a rejection
 * by Microsoft is thrown with a code for its kind, because the library would wait and retry.
 */
export function tokenRequests(send: typeof request): INetworkModule {
  async function ask<T>(method: 'GET' | 'POST', url: string, { headers, body }: NetworkRequestOptions = {}): Promise<Answered<T>> {
    const question = { method, withinMs: WITHIN_MS, ...(headers && { headers }), ...(body !== undefined && { body }) };
    const answer = await send(url, question).catch((error: unknown) => Promise.reject(failed(whyOf(error))));
    const said = parsedJson(answer.text);
    const isGiven = answer.status >= 200 && answer.status < 300;
    const isRefused = answer.status >= 400 && answer.status < 429 && saidSchema.safeParse(said).success;
    if (!isGiven && !isRefused) throw failed(`HTTP ${String(answer.status)}`);
    const parsed = z.custom<T>((value) => typeof value === 'object' && value !== null).safeParse(said);
    if (!parsed.success) throw failed('no JSON');
    return { headers: Object.fromEntries(answer.headers), body: parsed.data, status: answer.status };
  }
  return {
    sendGetRequestAsync: (url, options) => ask('GET', url, options),
    sendPostRequestAsync: (url, options) => ask('POST', url, options),
  };
}

function failed(code: string): AuthError {
  return new AuthError(code, '');
}
