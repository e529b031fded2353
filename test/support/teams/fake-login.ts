import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { request } from '../../../src/outbound/http-client.ts';
import { Script, type Behaviour } from '../slack/behaviour.ts';
import { meet } from '../slack/meet.ts';

type Asked = {
  readonly method: string;
  /** Where it would have gone: `https://login.microsoftonline.com/…`. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** How a request for a token is met: as the fake Slack does it, or with words of Microsoft's. */
export type LoginBehaviour = Behaviour | { readonly kind: 'says'; readonly status: number; readonly json: object };

type FakeLogin = {
  readonly asked: readonly Asked[];
  readonly url: string;
  /** Sends as all else is sent, but whatever the address, this fake is asked. */
  readonly send: typeof request;
  /** How the next requests are met, one each. */
  next(...behaviours: readonly LoginBehaviour[]): void;
  /** How long the tokens from now on serve. */
  serveFor(seconds: number): void;
};

const TOKEN_FOR_S = 3600;

/** Whoever gives Microsoft's tokens: login.microsoftonline.com, or a machine in Azure. Numbers them: `token-1`. Ends with the test. */
export async function startFakeLogin(): Promise<FakeLogin> {
  const asked: Asked[] = [];
  const script = new Script();
  const said = new Map<Behaviour, Extract<LoginBehaviour, { kind: 'says' }>>();
  let seconds = TOKEN_FOR_S;
  let given = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const origin = request.headers['x-meant-for']?.toString() ?? '';
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
    asked.push({
      method: request.method ?? '',
      url: `${origin}${url.pathname}`,
      query: Object.fromEntries(url.searchParams),
      form: Object.fromEntries(new URLSearchParams(body)),
      headers,
    });
    const behaviour = script.next('token', null);
    const words = said.get(behaviour);
    if (words) return void response.writeHead(words.status, { 'content-type': 'application/json' }).end(JSON.stringify(words.json));
    meet(response, behaviour, () => ({
      json: {
        token_type: 'Bearer',
        expires_in: seconds,
        expires_on: String(Math.floor(Date.now() / 1000) + seconds),
        access_token: `token-${String((given += 1))}`,
      },
    }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const base = `http://127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}`;
  return {
    asked,
    url: base,
    send: (url, question) => {
      const { origin, pathname, search } = new URL(url);
      return request(`${base}${pathname}${search}`, { ...question, headers: { ...question.headers, 'x-meant-for': origin } });
    },
    next: (...behaviours) =>
      script.once(
        'token',
        null,
        behaviours.map((one) => {
          if (one.kind !== 'says') return one;
          const order: Behaviour = { kind: 'ok' };
          said.set(order, one);
          return order;
        }),
      ),
    serveFor: (more) => void (seconds = more),
  };
}
