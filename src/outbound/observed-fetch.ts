import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';

/** A call that got no answer. */
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

/**
 * Node's fetch, but what it throws is a RequestFailed that tells whether the request had been written.
 *
 * It listens on the diagnostics channels of Node's HTTP client (github.com/nodejs/undici, docs/docs/api/DiagnosticsChannel.md):
 * a request is announced when it is created, and again when its headers go out; what fails in between has reached nobody.
 * Without this, a firewall that swallows packets would look like a Slack that may have posted. A request that was never
 * announced counts as written, so that a Node without these channels errs on the safe side.
 */
export const observedFetch: typeof fetch = async (input, init) => {
  watch();
  const progress: Progress = { created: false, written: false };
  try {
    return await current.run(progress, () => fetch(input, init));
  } catch (error) {
    throw new RequestFailed(progress.written || !progress.created, whyOf(error));
  }
};

type Progress = { created: boolean; written: boolean };

const current = new AsyncLocalStorage<Progress>();
const progressOf = new WeakMap<object, Progress>();
let watching = false;

function watch(): void {
  if (watching) return;
  watching = true;
  subscribe('undici:request:create', (event) => {
    const request = requestOf(event);
    const progress = current.getStore();
    if (request === null || progress === undefined) return;
    progress.created = true;
    progressOf.set(request, progress);
  });
  subscribe('undici:client:sendHeaders', (event) => {
    const request = requestOf(event);
    const progress = request === null ? undefined : progressOf.get(request);
    if (progress !== undefined) progress.written = true;
  });
}

function requestOf(event: unknown): object | null {
  if (typeof event !== 'object' || event === null || !('request' in event)) return null;
  return typeof event.request === 'object' ? event.request : null;
}

const causeSchema = z.object({ cause: z.object({ code: z.string() }) });

/** A short code for the log: `ECONNREFUSED`, `TimeoutError`. Messages are left out, they may hold the address. */
export function whyOf(error: unknown): string {
  if (error instanceof RequestFailed) return error.why;
  const coded = causeSchema.safeParse(error);
  if (coded.success) return coded.data.cause.code;
  return error instanceof Error ? error.name : 'no reason given';
}
