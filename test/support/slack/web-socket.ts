import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/**
 * The server's end of a WebSocket (RFC 6455), as far as Socket Mode needs it: text, ping and close, each in one frame.
 * Written here because no WebSocket server is among the dependencies.
 */
export class WebSocketPeer {
  readonly #stream: Duplex;
  readonly #onText: (text: string) => void;
  #buffered = Buffer.alloc(0);

  constructor(request: IncomingMessage, stream: Duplex, handlers: { onText: (text: string) => void; onEnd: () => void }) {
    this.#stream = stream;
    this.#onText = handlers.onText;
    const accept = createHash('sha1')
      .update(`${String(request.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => stream.destroy());
    stream.on('close', handlers.onEnd);
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  /** Ends it the polite way. */
  close(): void {
    this.#write(CLOSE, Buffer.from([0x03, 0xe8]));
  }

  /** Ends it the way a broken network does. */
  destroy(): void {
    this.#stream.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    const length = lengthOf(payload);
    if (!this.#stream.destroyed) this.#stream.write(Buffer.concat([Buffer.from([0x80 | opcode]), length, payload]));
  }

  #read(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    for (let frame = this.#frame(); frame !== null; frame = this.#frame()) {
      if (frame.opcode === TEXT) this.#onText(frame.payload.toString('utf8'));
      else if (frame.opcode === PING) this.#write(PONG, frame.payload);
      else if (frame.opcode === CLOSE) {
        this.close();
        this.#stream.end();
      }
    }
  }

  /** Takes one whole frame off the buffer. What a client sends is always masked. */
  #frame(): { opcode: number; payload: Buffer } | null {
    const bytes = this.#buffered;
    if (bytes.length < 2) return null;
    const short = bytes.readUInt8(1) & 0x7f;
    const lengthEnd = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < lengthEnd + 4) return null;
    const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
    const end = lengthEnd + 4 + length;
    if (bytes.length < end) return null;
    const mask = bytes.subarray(lengthEnd, lengthEnd + 4);
    const payload = Buffer.from(bytes.subarray(lengthEnd + 4, end).map((byte, index) => byte ^ mask.readUInt8(index % 4)));
    this.#buffered = bytes.subarray(end);
    return { opcode: bytes.readUInt8(0) & 0x0f, payload };
  }
}

function lengthOf(payload: Buffer): Buffer {
  if (payload.length < 126) return Buffer.from([payload.length]);
  const long = payload.length > 0xffff;
  const length = Buffer.alloc(long ? 9 : 3, long ? 127 : 126);
  if (long) length.writeBigUInt64BE(BigInt(payload.length), 1);
  else length.writeUInt16BE(payload.length, 1);
  return length;
}
