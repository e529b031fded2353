import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { err, ok, type Result } from '../core/result.ts';
import { endAnswer } from './end-response.ts';
import { isDecompressionError } from './decompression-error.ts';
import { answerJson } from './json-response.ts';

/** A complete, inflated body. It counts against the budget until it is released, after it was verified or rejected. */
type TakenBody = { readonly bytes: Buffer; readonly release: () => void };

/**
 * Why a body was not read, with the status to answer. `full`: the budget for arriving bodies is used up. `cut-off`: the client
 * closed the connection, or Node has answered that it was too slow.
 */
export type BodyRefusal =
  | { readonly why: 'too-large'; readonly status: 413 }
  | { readonly why: 'unknown-encoding'; readonly status: 415 }
  | { readonly why: 'damaged'; readonly status: 400 }
  | { readonly why: 'full'; readonly status: 503 }
  | { readonly why: 'cut-off'; readonly status: 400 };

export type Bodies = {
  /** Reads a body of at most `limit` bytes after inflating. Never throws. The caller answers. */
  read(request: IncomingMessage, limit: number): Promise<Result<TakenBody, BodyRefusal>>;
  /** The bytes that are held now, for tests and metrics. */
  held(): number;
};

/** The most bytes that all bodies of unverified senders may hold together. */
export const MOST_UNVERIFIED_BYTES = 32 * 1024 * 1024;
/** In seconds. By then the bodies that hold the budget have been cut off. */
const RETRY_AFTER_FULL_S = '5';

/** Small chunks are copied into blocks of this size, so that a body in many small chunks needs no more memory than is counted. */
const BLOCK_BYTES = 4 * 1024;
/** The memory of zlib for one body: the window of its format and its tables. */
const INFLATING_BYTES = 64 * 1024;
/**
 * A body up to this size takes the budget of a larger body, or of the oldest one, because honest senders send small bodies at once.
 * A larger body waits.
 */
const SMALL_BYTES = 64 * 1024;

const TOO_LARGE = { why: 'too-large', status: 413 } as const;
const FULL = { why: 'full', status: 503 } as const;

/** What inflates a body, by the name of its encoding; null where nothing is to be done. */
export type Decoders = ReadonlyMap<string, (() => Readable & NodeJS.WritableStream) | null>;

const DECODERS: Decoders = new Map([
  ['identity', null],
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

type Holding = { bytes: number; readonly stop: (why: BodyRefusal) => void };
/** Resumes a waiting body if the budget allows it; returns false if not. */
type Waiting = () => boolean;

/**
 * Creates a reader of bodies that share a budget of bytes. If it is used up, large bodies are paused, and small ones take the place
 * of the largest body that is still arriving. So a flood of unfinished bodies blocks no signed request, and its data stays in the
 * network buffers.
 *
 * @param decoders replaced by tests that control when a body is inflated
 */
export function createBodies(mostBytes: number, decoders: Decoders = DECODERS): Bodies {
  let held = 0;
  /** In the order in which they began. */
  const coming = new Set<Holding>();
  /** In the order in which they began to wait. */
  const waiting = new Set<Waiting>();

  /** Reserves `bytes` more; returns false if the requesting body itself has to give way. */
  function claim(mine: Holding, bytes: number): boolean {
    while (held + bytes > mostBytes) {
      const other = mine.bytes + bytes > SMALL_BYTES ? null : victim(mine);
      if (other === null) return false;
      other.stop(FULL);
    }
    held += bytes;
    mine.bytes += bytes;
    return true;
  }

  /** The body that gives way to a small one: the largest, or the oldest if all are small. */
  function victim(mine: Holding): Holding | null {
    let largest: Holding | null = null;
    let oldest: Holding | null = null;
    for (const one of coming) {
      if (one === mine || one.bytes === 0) continue;
      oldest ??= one;
      if (largest === null || one.bytes > largest.bytes) largest = one;
    }
    return largest !== null && largest.bytes > SMALL_BYTES ? largest : oldest;
  }

  function leave(mine: Holding): void {
    held -= mine.bytes;
    mine.bytes = 0;
    for (const goesOn of waiting) {
      if (!goesOn()) return;
      waiting.delete(goesOn);
    }
  }

  function read(request: IncomingMessage, limit: number): Promise<Result<TakenBody, BodyRefusal>> {
    const inflate = decoders.get((request.headers['content-encoding'] || 'identity').toLowerCase());
    if (inflate === undefined) return Promise.resolve(err({ why: 'unknown-encoding', status: 415 }));
    if (Number(request.headers['content-length']) > limit) return Promise.resolve(err(TOO_LARGE));
    return new Promise((resolve) => {
      const blocks = createBlocks();
      const inflating = inflate?.() ?? null;
      const body: Readable = inflating ?? request;
      const mine: Holding = { bytes: 0, stop: (why) => end(err(why)) };
      let waits: Waiting | null = null;
      coming.add(mine);
      /** The part of the reserved bytes that is used already. */
      let used = 0;
      const onData = (chunk: Buffer) => {
        if (blocks.size() + chunk.length > limit) return end(err(TOO_LARGE));
        used += blocks.reserve(chunk);
        const missing = used - mine.bytes;
        if (missing <= 0) return blocks.add(chunk);
        whenFree(missing, () => blocks.add(chunk));
      };
      const onEnd = () => {
        const bytes = blocks.joined();
        end(ok({ bytes, release: () => leave(mine) }));
      };
      const onBroken = (error: Error) =>
        end(err(isDecompressionError(error) ? { why: 'damaged', status: 400 } : { why: 'cut-off', status: 400 }));
      const onClose = () => {
        // The body has arrived completely and is still being inflated.
        if (inflating !== null && request.readableEnded) return;
        end(err({ why: 'cut-off', status: 400 }));
      };

      request.once('close', onClose).once('error', onClose);
      const said = Number(request.headers['content-length']);
      // A body that announces a large size starts only when all of it fits.
      whenFree(inflating !== null ? INFLATING_BYTES : said > SMALL_BYTES ? said : 0, () => {
        if (inflating !== null) used = INFLATING_BYTES;
        body.on('data', onData).once('end', onEnd).once('error', onBroken);
        if (inflating !== null) request.pipe(inflating);
      });

      /** Continues when `bytes` more fit into the budget. A small body continues at once, or fails. */
      function whenFree(bytes: number, goOn: () => void): void {
        if (bytes === 0 || claim(mine, bytes)) return goOn();
        if (mine.bytes + bytes <= SMALL_BYTES) return end(err(FULL));
        body.pause();
        waits = () => {
          if (!claim(mine, bytes)) return false;
          waits = null;
          goOn();
          body.resume();
          return true;
        };
        waiting.add(waits);
      }

      function end(result: Result<TakenBody, BodyRefusal>): void {
        if (!coming.delete(mine)) return;
        if (waits !== null) waiting.delete(waits);
        body.off('data', onData).off('end', onEnd);
        request.off('close', onClose);
        if (inflating !== null) {
          request.unpipe(inflating);
          inflating.destroy();
        }
        // The code that answers discards the rest of the body.
        if (!result.ok) leave(mine);
        resolve(result);
      }
    });
  }

  return { read, held: () => held };
}

/**
 * Answers for a body that was not read. Sends nothing to a client that is gone or was too slow.
 *
 * @param said the JSON answer; without it only the status is sent
 */
export function refuseBody(response: ServerResponse, { why, status }: BodyRefusal, said?: object): void {
  if (response.headersSent || response.destroyed) return;
  const headers = why === 'full' ? { 'retry-after': RETRY_AFTER_FULL_S } : {};
  if (said === undefined) endAnswer(response, status, headers);
  else answerJson(response, status, said, headers);
}

/** Collects the chunks of a body. Keeps large chunks and copies small ones together. */
function createBlocks() {
  const full: Buffer[] = [];
  let tail: Buffer | null = null;
  let filled = 0;
  let size = 0;
  return {
    size: () => size,
    /** Returns how many more bytes adding the chunk will hold. */
    reserve: (chunk: Buffer) =>
      chunk.length >= BLOCK_BYTES ? chunk.length : tail !== null && filled + chunk.length <= tail.length ? 0 : BLOCK_BYTES,
    add(chunk: Buffer): void {
      size += chunk.length;
      if (chunk.length < BLOCK_BYTES) {
        if (tail === null || filled + chunk.length > tail.length) {
          closeTail();
          tail = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        }
        filled += chunk.copy(tail, filled);
        return;
      }
      closeTail();
      full.push(chunk);
    },
    joined(): Buffer {
      closeTail();
      const [only] = full;
      return full.length === 1 && only ? only : Buffer.concat(full, size);
    },
  };

  function closeTail(): void {
    if (tail !== null) full.push(tail.subarray(0, filled));
    tail = null;
    filled = 0;
  }
}
