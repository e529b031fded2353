import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const addressSchema = z.object({ port: z.number() });

export type TroubledLink = {
  /** The same URL through the link. */
  readonly url: string;
  /** From now on every answer takes this much longer. */
  slow(ms: number): void;
  /** Cuts what is open and refuses what is new. */
  cut(): void;
  /** What is open stays open, and nothing goes through it any more, as where a router has forgotten it; what is new is well. */
  hush(): void;
  /** Cuts in place of handing on the first question with this text in it; done when that has happened. */
  cutAt(text: string): Promise<void>;
  /** Well again. */
  mend(): void;
};

/** A network between a service and a server on loopback that can be slow or away, as networks are. */
export async function troubledLink(serverUrl: string, defaultPort: number): Promise<TroubledLink> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  const hushed = new Set<Socket>();
  let delayMs = 0;
  let away = false;
  let fatal: { readonly text: string; readonly happened: () => void } | null = null;
  const server = createServer((near) => {
    if (away) return void near.destroy();
    const far = connect(Number(target.port || defaultPort), target.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk) => {
      if (hushed.has(near)) return;
      if (fatal === null || !chunk.includes(fatal.text)) return void far.write(chunk);
      cut();
      fatal.happened();
      fatal = null;
    });
    far.on('data', (chunk) => {
      if (hushed.has(far)) return;
      if (delayMs === 0) near.write(chunk);
      else setTimeout(() => near.destroyed || near.write(chunk), delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    away = true;
    for (const socket of open) socket.destroy();
  };
  onTestFinished(async () => {
    cut();
    server.close();
    await once(server, 'close');
  });
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(addressSchema.parse(server.address()).port);
  return {
    url: url.href,
    slow: (ms) => {
      delayMs = ms;
    },
    cut,
    hush: () => {
      for (const socket of open) hushed.add(socket);
    },
    cutAt: (text) =>
      new Promise((happened) => {
        fatal = { text, happened };
      }),
    mend: () => {
      away = false;
      delayMs = 0;
    },
  };
}
