import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const addressSchema = z.object({ port: z.number() });

/** A port on loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = addressSchema.parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** A port on loopback where connections are taken and nothing is ever said. */
export async function silentPort(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
    onClose.push(() => socket.destroy());
  });
  const onClose: (() => void)[] = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const close of onClose) close();
  });
  return addressSchema.parse(server.address()).port;
}
