import type { ServerResponse } from 'node:http';
import type { Behaviour } from './behaviour.ts';

export type Answer = { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> };

/** Meets one request as it was ordered. `act` does what was asked for and gives the answer that it deserves. */
export function meet(response: ServerResponse, behaviour: Behaviour, act: () => Answer): void {
  switch (behaviour.kind) {
    case 'ok': {
      if (behaviour.delayMs === undefined) return write(response, act());
      const timer = setTimeout(() => write(response, act()), behaviour.delayMs);
      response.once('close', () => clearTimeout(timer));
      return;
    }
    case 'error':
      return write(response, {
        json: {
          ok: false,
          error: behaviour.error,
          ...(behaviour.needed && { needed: behaviour.needed }),
          ...(behaviour.messages && { response_metadata: { messages: behaviour.messages } }),
        },
      });
    case 'rate-limited':
      return write(response, {
        status: 429,
        json: { ok: false, error: 'ratelimited' },
        headers: behaviour.retryAfterS === null ? {} : { 'retry-after': String(behaviour.retryAfterS) },
      });
    case 'status':
      return void response
        .writeHead(behaviour.status, { 'content-type': 'text/html' })
        .end(behaviour.body ?? '<html>not what you hoped for</html>');
    case 'hang':
      if (behaviour.accepted === true) act();
      return;
    case 'drop':
      if (behaviour.accepted) act();
      return void response.destroy();
    case 'drop-answer': {
      const text = JSON.stringify(act().json);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length + 1 });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
    }
  }
}

function write(response: ServerResponse, { status = 200, json, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(json));
}
