import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';

type Seen = { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: string };

export type Vendor = {
  readonly url: string;
  /** `127.0.0.1:port`, as allowHosts wants it. */
  readonly host: string;
  readonly seen: readonly Seen[];
  /** What is answered at a path from now on; without one, 404. */
  on(path: string, answer: RequestListener): void;
};

/** A usage endpoint of a vendor on loopback, that can misbehave. */
export async function startVendor(): Promise<Vendor> {
  const answers = new Map<string, RequestListener>();
  const seen: Seen[] = [];
  const server = createServer((request, response) => void handle(request, response));
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    seen.push({ method: request.method ?? '', path, headers: request.headers, body: Buffer.concat(chunks).toString() });
    const answer = answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return { url: `http://${host}`, host, seen, on: (path, answer) => void answers.set(path, answer) };
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An anonymised answer as the vendor gives it. */
export function sampleOf(preset: string): string {
  return readFileSync(new URL(`../fixtures/vendors/${preset}.json`, import.meta.url), 'utf8');
}
