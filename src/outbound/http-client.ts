import { Agent as HttpAgent, request as overHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as overHttps } from 'node:https';
import { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { proxyAgentFor } from './proxy.ts';

/** Shorter than servers keep a connection that is idle: a request must not go out on one that they are just closing. */
const IDLE_MS = 4_000;

const httpAgent = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
const httpsAgent = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

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
 * Node's own client under `fetch` tells it when a connection stands. It also costs a third of a fetch, and all of Slack's
 * deliveries pass here.
 */
export function request(
  url: string,
  { method, headers, body, withinMs, mayWrite = () => true }: OutboundRequest,
): Promise<OutboundResponse> {
  let isWritten = false;
  return new Promise<OutboundResponse>((resolve, reject) => {
    const isSecure = url.startsWith('https:');
    const options = { method, headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) } };
    const proxied = proxyAgentFor(new URL(url));
    const call = isSecure
      ? overHttps(url, { ...options, agent: proxied ?? httpsAgent })
      : overHttp(url, { ...options, agent: proxied ?? httpAgent });
    /** In the turn in which there is a connection to write to, and not before: a process may be stopped while it connects. */
    const write = (): void => {
      if (!mayWrite()) return void call.destroy(new TooLate());
      isWritten = true;
      call.end(body);
    };
    call.once('socket', (socket) => {
      // Through a proxy the connection stands already, and TLS is only beginning on it.
      const isGreeting = socket instanceof TLSSocket && Reflect.get(socket, 'secureConnecting') === true;
      if (socket.connecting || isGreeting) socket.once(isSecure ? 'secureConnect' : 'connect', write);
      else write();
    });
    // A timer and not a signal of `AbortSignal.timeout`, which lives on until its time is up: thousands would.
    const timer = setTimeout(() => call.destroy(new TimeIsUp()), withinMs);
    call.once('response', (response) => read(response, resolve, reject));
    call.on('error', reject);
    call.once('close', () => clearTimeout(timer));
  }).catch((error: unknown) => {
    throw new RequestFailed(isWritten, whyOf(error));
  });
}

function read(response: IncomingMessage, resolve: (answer: OutboundResponse) => void, reject: (error: unknown) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.once('error', reject);
  response.once('end', () => {
    const headers = Object.entries(response.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    resolve({
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? '',
      headers: new Map(headers),
      text: Buffer.concat(chunks).toString('utf8'),
    });
  });
}

const codedSchema = z.object({ code: z.string() });
const causedSchema = z.object({ cause: codedSchema });

/** A short code for the log: `ECONNREFUSED`, `TimeoutError`. Messages are left out, they may hold the address. */
export function whyOf(error: unknown): string {
  if (error instanceof RequestFailed) return error.why;
  const caused = causedSchema.safeParse(error);
  if (caused.success) return caused.data.cause.code;
  // What `fetch` and a signal throw carries a number.
  const coded = codedSchema.safeParse(error);
  if (coded.success) return coded.data.code;
  return error instanceof Error ? error.name : 'no reason given';
}
