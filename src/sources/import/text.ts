import { TextDecoder } from 'node:util';

const BYTE_ORDER_MARKS = [
  { encoding: 'utf-16le', first: 0xff, second: 0xfe },
  { encoding: 'utf-16be', first: 0xfe, second: 0xff },
] as const;

/** The text of a file. It is UTF-8, or UTF-16 where the file begins by saying so: as Windows PowerShell writes what is redirected. */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    head = decoder === null ? Buffer.concat([head, chunk]) : chunk;
    if (decoder === null && head.length < 2) continue;
    decoder ??= decoderFor(head);
    yield decoder.decode(head, { stream: true });
  }
  yield decoder === null ? new TextDecoder().decode(head) : decoder.decode();
}

function decoderFor([first, second]: Uint8Array): TextDecoder {
  return new TextDecoder(BYTE_ORDER_MARKS.find((mark) => mark.first === first && mark.second === second)?.encoding ?? 'utf-8');
}
