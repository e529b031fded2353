import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** Of RFC 1035, section 4.1.1. */
const CODES = { servfail: 2, nxdomain: 3, refused: 5 } as const;

/** A name server on loopback: the TXT record of a name, or why it has none. Returns its address and the names that it was asked for. */
export async function startDns(answerFor: (name: string) => keyof typeof CODES | { readonly txt: string }) {
  const asked: string[] = [];
  const socket = createSocket('udp4', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join('.');
    if (!asked.includes(name)) asked.push(name);
    const found = answerFor(name);
    const isFound = typeof found === 'object';
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 + (isFound ? 0 : CODES[found]), 2);
    head.writeUInt16BE(isFound ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const parts = isFound
      ? (found.txt.match(/.{1,255}/g) ?? []).map((part) => Buffer.from(`${String.fromCharCode(part.length)}${part}`, 'latin1'))
      : [];
    const data = Buffer.concat(parts);
    // The name of the question, TXT, IN, 60 seconds, and the length.
    const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255]);
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...(isFound ? [record, data] : [])]), port, address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void socket.close());
  return { server: `127.0.0.1:${String(socket.address().port)}`, asked };
}
