import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { err, ok, type Result } from '../core/result.ts';
import { endAnswer } from './end-response.ts';
import { isDecompressionError } from './decompression-error.ts';
import { answerJson } from './json-response.ts';

/** A body that has come, whole and inflated. It counts against the budget until it is released: once it is verified, or refused. */
type TakenBody = { readonly bytes: Buffer; readonly release: () => void };

/**
 * Why a body was not taken, with the status to answer. `full`: there is no room for it among those that are still coming. `cut-off`: the
 * client is gone, or Node has answered that it was too slow.
 */
export type BodyRefusal =
  | { readonly why: 'too-large'; readonly status: 413 }
  | { readonly why: 'unknown-encoding'; readonly status: 415 }
  | { readonly why: 'damaged'; readonly status: 400 }
  | { readonly why: 'full'; readonly status: 503 }
  | { readonly why: 'cut-off'; readonly status: 400 };

export type Bodies = {
  /** Reads a body of at most `limit` bytes after inflating. Never throws; its answer is the caller's. */
  read(request: IncomingMessage, limit: number): Promise<Result<TakenBody, BodyRefusal>>;
  /** Bytes that are held now, for tests and figures. */
  held(): number;
};

/** What all bodies may take together that come from nobody knows whom. */
export const MOST_UNVERIFIED_BYTES = 32 * 1024 * 1024;
/** In seconds: those that hold the room are cut off by then. */
const RETRY_AFTER_FULL_S = '5';

/** Small pieces are gathered in blocks of this size, so that a body that drips in takes no more than it counts for. */
const BLOCK_BYTES = 4 * 1024;
/** What zlib holds for one body that is inflated: the window of its format and its tables. */
const INFLATING_BYTES = 64 * 1024;
/** Up to here a body takes the place of a larger one, or of the oldest: what honest senders send comes at once. What is larger waits for room. */
const SMALL_BYTES = 64 * 1024;

const TOO_LARGE = { why: 'too-large', status: 413 } as const;
const FULL = { why: 'full', status: 503 } as const;

const INFLATE: ReadonlyMap<string, (() => Readable & NodeJS.WritableStream) | null> = new Map([
  ['identity', null],
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

type Holding = { bytes: number; readonly stop: (why: BodyRefusal) => void };
/** Goes on with a body that is not read until there is room; false: there is still none. */
type Waiting = () => boolean;

/**
 * Reads bodies that share one number of bytes. When it is used up, whoever sends much is not read on until there is room, and the largest
 * of those that are still coming has to go for whoever sends little: a flood of half bodies keeps no signed request out, and what it
 * sends stays in the buffers of the network.
 */
export function createBodies(mostBytes: number): Bodies {
  let held = 0;
  /** In the order in which they began. */
  const coming = new Set<Holding>();
  /** In the order in which they began to wait. */
  const waiting = new Set<Waiting>();

  /** Makes room for `bytes` more; false when it is the asking one that has to go. */
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

  /** Who makes room for somebody small: the largest, and where all are small, the oldest. */
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
    const inflate = INFLATE.get((request.headers['content-encoding'] || 'identity').toLowerCase());
    if (inflate === undefined) return Promise.resolve(err({ why: 'unknown-encoding', status: 415 }));
    if (Number(request.headers['content-length']) > limit) return Promise.resolve(err(TOO_LARGE));
    return new Promise((resolve) => {
      const blocks = createBlocks();
      const inflating = inflate?.() ?? null;
      const body: Readable = inflating ?? request;
      const mine: Holding = { bytes: 0, stop: (why) => end(err(why)) };
      let waits: Waiting | null = null;
      coming.add(mine);
      /** Of what is claimed, what is used already. */
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
        // All of it has come, and is still being inflated.
        if (inflating !== null && request.readableEnded) return;
        end(err({ why: 'cut-off', status: 400 }));
      };

      request.once('close', onClose).once('error', onClose);
      const said = Number(request.headers['content-length']);
      // What says that it is large is not begun before there is room for all of it.
      whenFree(inflating !== null ? INFLATING_BYTES : said > SMALL_BYTES ? said : 0, () => {
        if (inflating !== null) used = INFLATING_BYTES;
        body.on('data', onData).once('end', onEnd).once('error', onBroken);
        if (inflating !== null) request.pipe(inflating);
      });

      /** Goes on once there are so many bytes more; a small body goes on at once, or not at all. */
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
        // What follows of it is let go by whoever answers.
        if (!result.ok) leave(mine);
        resolve(result);
      }
    });
  }

  return { read, held: () => held };
}

/**
 * Answers for a body that was not taken. A client that is gone, or was too slow, hears nothing of it.
 *
 * @param said the answer, in JSON; without it the status alone
 */
export function refuseBody(response: ServerResponse, { why, status }: BodyRefusal, said?: object): void {
  if (response.headersSent || response.destroyed) return;
  const headers = why === 'full' ? { 'retry-after': RETRY_AFTER_FULL_S } : {};
  if (said === undefined) endAnswer(response, status, headers);
  else answerJson(response, status, said, headers);
}

/** Pieces of a body. Large ones are kept as they come, small ones are copied together. */
function createBlocks() {
  const full: Buffer[] = [];
  let tail: Buffer | null = null;
  let filled = 0;
  let size = 0;
  return {
    size: () => size,
    /** How many bytes more adding it will hold. */
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
