import type { ChildProcess } from 'node:child_process';
import { WebSocket } from 'undici';
import { z } from 'zod';

export type Heap = {
  /** Bytes of JavaScript objects after a full garbage collection. */
  used(): Promise<number>;
  close(): void;
};

const answerSchema = z.object({ id: z.number(), result: z.looseObject({ usedSize: z.number().optional() }) });

/** Connects to a Node process that was started with `--inspect=127.0.0.1:0` and with its standard error as a pipe. */
export async function heapOf(server: ChildProcess): Promise<Heap> {
  const socket = new WebSocket(await inspectorOf(server));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  let asked = 0;
  const ask = (method: string): Promise<number> => {
    const id = (asked += 1);
    return new Promise((resolve) => {
      const listen = ({ data }: { readonly data: unknown }): void => {
        const answer = answerSchema.safeParse(JSON.parse(String(data)));
        if (!answer.success || answer.data.id !== id) return;
        socket.removeEventListener('message', listen);
        resolve(answer.data.result.usedSize ?? 0);
      };
      socket.addEventListener('message', listen);
      socket.send(JSON.stringify({ id, method }));
    });
  };
  return {
    async used() {
      // The first collection runs finalizers, the second one frees their objects.
      for (const _ of [1, 2]) await ask('HeapProfiler.collectGarbage');
      return ask('Runtime.getHeapUsage');
    },
    close: () => socket.close(),
  };
}

function inspectorOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      const before = said;
      said += chunk.toString();
      const address = /ws:\/\/\S+/.exec(said)?.[0];
      if (address === undefined) return;
      resolve(address);
      if (/ws:\/\/\S+/.test(before)) process.stderr.write(chunk);
    });
    server.once('exit', () => reject(new Error(`the server ended:\n${said}`)));
  });
}
