import { TextDecoder } from 'node:util';
import { lineDecoder } from './line-decoder.ts';

const BYTE_ORDER_MARKS = [
  { encoding: 'utf-16le', first: 0xff, second: 0xfe },
  { encoding: 'utf-16be', first: 0xfe, second: 0xff },
] as const;
/** Enough to see whether every other byte is zero. */
const HEAD = 4;

type Decoder = { decode(bytes: Uint8Array): string; end(): string };

/**
 * Decodes a file line by line: UTF-8, UTF-16 with or without a byte order mark (as Windows PowerShell and Excel write it), or
 * Windows-1252 and Mac Roman of older programs. Bytes that cannot be decoded unambiguously become U+FFFD, so that the line can be
 * rejected.
 */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | null = null;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    head = decoder === null ? Buffer.concat([head, chunk]) : chunk;
    if (decoder === null && head.length < HEAD) continue;
    decoder ??= decoderFor(head);
    yield decoder.decode(head);
  }
  const last = decoder ?? decoderFor(head);
  yield (decoder === null ? last.decode(head) : '') + last.end();
}

function decoderFor(head: Uint8Array): Decoder {
  const [first, second] = head;
  const marked = BYTE_ORDER_MARKS.find((mark) => mark.first === first && mark.second === second);
  const encoding = marked?.encoding ?? zerosSay(head);
  return encoding === null ? lineDecoder() : wideDecoder(encoding);
}

/** If a text starts with two Latin letters, UTF-16 has a zero byte next to each. */
function zerosSay([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  return a === 0 && b !== 0 && c === 0 && d !== 0 ? 'utf-16be' : null;
}

function wideDecoder(encoding: 'utf-16le' | 'utf-16be'): Decoder {
  const decoder = new TextDecoder(encoding);
  return { decode: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}
