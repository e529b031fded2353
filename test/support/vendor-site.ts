import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { selfSigned } from './certificate.ts';

/** The names of the site and of its sign-in page. The browser of the tests finds both on loopback. */
export const VENDOR_HOST = 'app.vendor.example';
export const SIGN_IN_HOST = 'login.vendor.example';

type Seen = { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] };

export type VendorSite = {
  /** `https://app.vendor.example:<port>` */
  readonly origin: string;
  readonly port: number;
  /** All requests that came, except for icons. */
  readonly seen: readonly Seen[];
  /** What a path answers from now on. */
  serve(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void;
};

/** A vendor's web site over https, with a certificate of its own. */
export async function startVendorSite(): Promise<VendorSite> {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const seen: Seen[] = [];
  const server = createServer(selfSigned({ kind: 'curve', name: VENDOR_HOST, hosts: '*.vendor.example' }), (request, response) => {
    const path = new URL(request.url ?? '', 'https://any.example').pathname;
    if (path === '/favicon.ico') return void response.writeHead(404).end();
    seen.push({
      method: request.method ?? '',
      url: `https://${String(request.headers.host)}${String(request.url)}`,
      headers: request.headers,
    });
    const answer = answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { origin: `https://${VENDOR_HOST}:${String(port)}`, port, seen, serve: (path, answer) => void answers.set(path, answer) };
}

/** Answers with a page. */
export function html(body: string, headers: Readonly<Record<string, string>> = {}) {
  return (_request: IncomingMessage, response: ServerResponse): void =>
    void response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
      .end(`<!doctype html><title>Usage</title>${body}`);
}
