import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

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

/** What a meter must read, in its own unit. `reset` and `start` are the ends of its period; null: none. */
const readSchema = z.strictObject({
  used: z.number().optional(),
  /** Null: unlimited. */
  total: z.number().nullable().optional(),
  remaining: z.number().optional(),
  unit: z.string().optional(),
  start: z.string().optional(),
  reset: z.string().nullable().optional(),
  observed: z.string().optional(),
});
const figuresSchema = z.record(z.string(), readSchema);
export type Figures = z.infer<typeof figuresSchema>;

/** Answers of earlier requests, by name; `token` for the request for a token. */
const earlierSchema = z.record(z.string(), z.json()).default({});

/**
 * An anonymized answer as the vendor gives it, with the figures that it means, and answers that are easily misread. `pages`: the answers
 * of a main request that is made for several pages or items. `asked`: the main request as the vendor gets it.
 */
const sampleSchema = z
  .strictObject({
    /** When it was polled. */
    at: z.string().default('2026-07-30T12:00:00Z'),
    answer: z.json().optional(),
    pages: z.array(z.json()).min(1).optional(),
    requests: earlierSchema,
    asked: z.string().optional(),
    status: z.number().default(200),
    headers: z.record(z.string(), z.string()).default({}),
    figures: figuresSchema,
    traps: z
      .array(
        z.strictObject({
          is: z.string(),
          answer: z.json().optional(),
          requests: earlierSchema,
          headers: z.record(z.string(), z.string()).optional(),
          figures: z.union([z.literal('none').transform(() => ({})), figuresSchema]),
        }),
      )
      .default([]),
  })
  .transform(({ answer, pages, ...sample }) => ({ ...sample, pages: pages ?? [answer ?? null] }));

/** A body as the vendor writes it: text as it stands, a list of lines, or JSON. */
export function bodyOf(answer: unknown, format: 'json' | 'text' | 'lines'): string {
  if (format === 'text') return String(answer);
  if (format === 'lines' && Array.isArray(answer)) return answer.map((line) => JSON.stringify(line)).join('\n');
  return JSON.stringify(answer);
}

export function vendorSample(preset: string): z.infer<typeof sampleSchema> {
  const text = readFileSync(new URL(`../fixtures/vendors/${preset}.yml`, import.meta.url), 'utf8');
  return sampleSchema.parse(parse(text));
}

export function sampleOf(preset: string): string {
  return JSON.stringify(vendorSample(preset).pages[0]);
}
