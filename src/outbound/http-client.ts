import { fetch, type Dispatcher, type RequestInit, type Response } from 'undici';
import type { LookupFunction } from 'node:net';
import { z } from 'zod';
import { basicAuthorization, dispatcherFor, ownDispatcher } from './dispatcher.ts';

/** Thrown if a request got no answer, or not all of it. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** False only if no byte of the request was sent. */
  readonly written: boolean;
  /** A short code such as ECONNREFUSED. Never an address, which may be a secret. */
  readonly why: string;

  constructor(written: boolean, why: string) {
    super(`No answer came (${why})`);
    this.written = written;
    this.why = why;
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate';
}

class TimeIsUp extends Error {
  override readonly name = 'TimeoutError';
}

export type OutboundRequest = {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the first attempt to connect to the last byte of the answer, in milliseconds. */
  readonly withinMs: number;
  /** Called right before the first byte is written. If it returns false, nothing is written. */
  readonly mayWrite?: (() => boolean) | undefined;
};

export type OutboundResponse = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
};

/**
 * Sends a request once and reads the whole answer. A redirect counts as an answer.
 *
 * The error says whether the request had been written. Without that, a firewall that drops packets would look like a Slack that may
 * have posted. undici calls `onRequestStart` right when the request is written to an open connection, and does not write a request
 * that is aborted then.
 *
 * @throws RequestFailed
 */
export async function request(
  url: string,
  { method, headers, body, withinMs, mayWrite = () => true }: OutboundRequest,
): Promise<OutboundResponse> {
  let isWritten = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<OutboundResponse>((resolve, reject) => {
      let running: Dispatcher.DispatchController | undefined;
      let isLate = false;
      // A timer and not `AbortSignal.timeout`, which lives until its time is up: there would be thousands.
      timer = setTimeout(() => {
        isLate = true;
        running?.abort(new TimeIsUp());
        // There is nothing to abort while connecting; the request then ends before it is written.
        reject(new TimeIsUp());
      }, withinMs);
      const { target, authorization } = targetOf(url);
      const answer: { status: number; statusText: string; headers: ReadonlyMap<string, string> } = {
        status: 0,
        statusText: '',
        headers: new Map(),
      };
      const chunks: Buffer[] = [];
      dispatcherFor(target).dispatch(
        {
          origin: target.origin,
          path: `${target.pathname}${target.search}`,
          method,
          headers: { ...authorization, ...headers },
          body: body ?? null,
        },
        {
          onRequestStart(controller) {
            running = controller;
            if (isLate) controller.abort(new TimeIsUp());
            else if (!mayWrite()) controller.abort(new TooLate());
            else isWritten = true;
          },
          onResponseStart(_controller, status, said, statusText = '') {
            Object.assign(answer, { status, statusText, headers: singleHeaders(said) });
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            resolve({ ...answer, text: Buffer.concat(chunks).toString('utf8') });
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });
  } catch (error) {
    throw new RequestFailed(isWritten, whyOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/** undici does not send the user name and password of a URL, so they are moved to the `Authorization` header. */
function targetOf(url: string): { readonly target: URL; readonly authorization: Readonly<Record<string, string>> } {
  const target = new URL(url);
  const { username, password } = target;
  return { target, authorization: username === '' && password === '' ? {} : { authorization: basicAuthorization(username, password) } };
}

/** Keeps the first value of headers that occur more than once. */
function singleHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]): [string, string][] => {
      const first = typeof value === 'string' ? value : value?.[0];
      return first === undefined ? [] : [[name, first]];
    }),
  );
}

/**
 * Requests an address that may be hostile, with `fetch`: it inflates, refuses ports that are not for the web, and yields the body
 * in chunks, so that `read` can stop. The request has its own connection.
 *
 * @param lookup resolves the host name; a proxy resolves it itself
 */
export async function fetchAlone<T>(
  url: URL,
  init: RequestInit,
  { lookup, read }: { readonly lookup: LookupFunction; readonly read: (response: Response) => Promise<T> },
): Promise<T> {
  const dispatcher = ownDispatcher(url, { connect: { lookup }, pipelining: 0 });
  try {
    return await read(await fetch(url, { ...init, dispatcher }));
  } finally {
    void dispatcher.destroy();
  }
}

const codedSchema = z.object({ code: z.string() });
const causedSchema = z.object({ cause: codedSchema });

/** undici's own codes, mapped to the system's codes that operators know. undici itself aborts only if a proxy refuses a tunnel. */
const KNOWN_AS: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_SOCKET', 'ECONNRESET'],
  ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_ABORTED', 'the proxy refused'],
]);

/** Returns a short code for the log: `ECONNREFUSED`, `TimeoutError`. Leaves out messages, which may contain the address. */
export function whyOf(error: unknown): string {
  if (error instanceof RequestFailed) return error.why;
  const caused = causedSchema.safeParse(error);
  // Errors of `fetch` and signals have a numeric code.
  const coded = caused.success ? caused.data.cause : codedSchema.safeParse(error).data;
  if (coded) return KNOWN_AS.get(coded.code) ?? coded.code;
  return error instanceof Error ? error.name : 'no reason given';
}
