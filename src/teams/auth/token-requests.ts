import { AuthError, type INetworkModule, type NetworkRequestOptions } from '@azure/msal-node';
import { z } from 'zod';
import { whyOf, type request } from '../../outbound/http-client.ts';

/** Shorter than a delivery's lease together with the call that the token is for. */
const WITHIN_MS = 4000;

type Answered<T> = { headers: Record<string, string>; body: T; status: number };

/** How Microsoft says no (RFC 6749, 5.2). */
const saidSchema = z.looseObject({ error: z.string().min(1) });

/**
 * How the library speaks to the network: one attempt with a timeout, nothing followed elsewhere. What is neither a token nor a
 * refusal in Microsoft's words is thrown with a code that says what it was, before the library makes a waiting time of its own
 * out of it.
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

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
