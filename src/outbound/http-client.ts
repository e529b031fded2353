import { fetch, type Dispatcher, type RequestInit, type Response } from 'undici';
import type { LookupFunction } from 'node:net';
import { z } from 'zod';
import { basicAuthorization, dispatcherFor, ownDispatcher } from './dispatcher.ts';

/** A call that got no answer, or not all of it. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** False only when surely not one byte of the request went out. */
  readonly written: boolean;
  /** A short code such as ECONNREFUSED: never an address, which may be a secret. */
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
  /** From the first try to connect to the last byte of the answer. */
  readonly withinMs: number;
  /** Asked right before the first byte is written; when it says no, nothing is. */
  readonly mayWrite?: (() => boolean) | undefined;
};

export type OutboundResponse = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
};

/**
 * Asks once and reads the whole answer; a redirect is an answer like any other. What it throws is a RequestFailed that tells whether
 * the request had been written: without this, a firewall that swallows packets would look like a Slack that may have posted.
 *
 * undici says so itself: `onRequestStart` comes in the turn in which the request is written, on a connection that stands. It does
 * not write what is aborted then.
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
      // A timer and not a signal of `AbortSignal.timeout`, which lives on until its time is up: thousands would.
      timer = setTimeout(() => {
        isLate = true;
        running?.abort(new TimeIsUp());
        // While it connects there is nothing to abort yet: then it ends before it is written.
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

/** Name and password of a URL are no part of what undici asks for: they go into the header that they mean. */
function targetOf(url: string): { readonly target: URL; readonly authorization: Readonly<Record<string, string>> } {
  const target = new URL(url);
  const { username, password } = target;
  return { target, authorization: username === '' && password === '' ? {} : { authorization: basicAuthorization(username, password) } };
}

/** Of headers that came more than once, the first. */
function singleHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]): [string, string][] => {
      const first = typeof value === 'string' ? value : value?.[0];
      return first === undefined ? [] : [[name, first]];
    }),
  );
}

/**
 * Asks an address that may be hostile, by `fetch`: it inflates, refuses ports that are none of the web's, and gives the body piece by
 * piece, so that `read` can stop. The connection is this request's alone.
 *
 * @param lookup finds the addresses of the name; a proxy finds them by itself
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

/** undici's own codes, by the names that operators know from the system. It aborts by itself only where a proxy refuses a tunnel. */
const KNOWN_AS: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_SOCKET', 'ECONNRESET'],
  ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_ABORTED', 'the proxy refused'],
]);

/** A short code for the log: `ECONNREFUSED`, `TimeoutError`. Messages are left out, they may hold the address. */
export function whyOf(error: unknown): string {
  if (error instanceof RequestFailed) return error.why;
  const caused = causedSchema.safeParse(error);
  // What `fetch` and a signal throw carries a number.
  const coded = caused.success ? caused.data.cause : codedSchema.safeParse(error).data;
  if (coded) return KNOWN_AS.get(coded.code) ?? coded.code;
  return error instanceof Error ? error.name : 'no reason given';
}
