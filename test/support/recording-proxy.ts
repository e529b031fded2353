import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export type Recorded = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type RecordingProxy = {
  readonly url: string;
  readonly seen: readonly Recorded[];
  /** Refuses connections until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
};

/** Passes requests on to a service, and keeps what came over the wire. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const seen: Recorded[] = [];
  const server = createServer((incoming, response) => {
    void buffer(incoming).then((body) => {
      const { method = '', url = '', headers } = incoming;
      seen.push({ method, url, headers, body: body.toString() });
      const onward = send(new URL(url, target), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  let port = 0;
  const open = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = z.object({ port: z.number() }).parse(server.address()));
  };
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await open();
  onTestFinished(close);
  return { url: `http://127.0.0.1:${String(port)}`, seen, open, close };
}
