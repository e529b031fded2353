import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { z } from 'zod';

/** Listens on a free port of this machine. `close` ends all connections too. */
export async function listen(handle: RequestListener, port = 0): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer(handle).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Serves in a forked process: prints the address, which `addressOf` reads, and ends on SIGTERM. */
export async function serveUntilStopped(handle: RequestListener, port = 0): Promise<void> {
  const { url, close } = await listen(handle, port);
  console.log(url);
  await once(process, 'SIGTERM');
  close();
  process.disconnect();
}
