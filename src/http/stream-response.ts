import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A client that takes nothing for this long is disconnected. */
const SLOWEST_READER_MS = 30_000;

/**
 * Sends an answer in parts, as fast as the client takes them, and waits until it is sent. If the client leaves, that ends it.
 *
 * @throws the error of the parts; the connection is closed then, so that the client does not take a part for the whole
 */
export async function streamAnswer(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  parts: AsyncIterable<string>,
): Promise<void> {
  response.writeHead(200, headers);
  response.setTimeout(SLOWEST_READER_MS, () => response.destroy());
  try {
    await pipeline(Readable.from(parts), response);
  } catch (error) {
    if (!hasLeft(error)) throw error;
  }
}

function hasLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET');
}
