import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export type TestProxy = {
  /** With a name and a password. */
  readonly url: string;
  /** What passed: `CONNECT host:port`, or `GET http://host:port/path`. */
  readonly passed: readonly string[];
};

const addressSchema = z.object({ port: z.number() });

/** A forward proxy on loopback that tunnels and passes on, and wants the password. */
export async function startProxy(): Promise<TestProxy> {
  const passed: string[] = [];
  const authorization = `Basic ${Buffer.from('operator:proxy-word').toString('base64')}`;
  const server = createServer((incoming, response) => {
    if (incoming.headers['proxy-authorization'] !== authorization) return void response.writeHead(407).end();
    passed.push(`${String(incoming.method)} ${String(incoming.url)}`);
    const { 'proxy-authorization': _word, ...headers } = incoming.headers;
    const onward = request(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  const tunnels = new Set<{ destroy(): void }>();
  server.on('connect', (incoming, client, head) => {
    tunnels.add(client);
    client.on('error', () => {});
    if (incoming.headers['proxy-authorization'] !== authorization)
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    passed.push(`CONNECT ${String(incoming.url)}`);
    const { hostname, port } = new URL(`http://${String(incoming.url)}`);
    const onward = connect(Number(port || 80), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    tunnels.add(onward);
    onward.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const tunnel of tunnels) tunnel.destroy();
    server.closeAllConnections();
  });
  return { url: `http://operator:proxy-word@127.0.0.1:${String(addressSchema.parse(server.address()).port)}`, passed };
}
