import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { closedPort } from '../../support/ports.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The library reconnects by itself, after a connection has ended and while Slack is away. A process that lives on says so. */
const RECONNECT = `
  import { SocketModeReceiver } from '@slack/bolt';
  const [, apiUrl] = process.argv;
  const { client } = new SocketModeReceiver({
    appToken: 'xapp-1-A-1-secret',
    clientPingTimeout: 1,
    installerOptions: { clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 } } },
  });
  client.once('reconnecting', () => setTimeout(() => { console.log('lives on'); process.exit(0); }, 2000));
  client.emit('close');
`;

test('the Socket Mode library ends the process when Slack is away as it reconnects (node-slack-sdk issue 2656): once this fails, our own reconnecting in socket-receiver.ts is no longer needed', async () => {
  const apiUrl = `http://127.0.0.1:${String(await closedPort())}/api/`;
  const ended = await new Promise<{ readonly code: number | string | null; readonly out: string; readonly said: string }>((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', RECONNECT, apiUrl], { cwd: ROOT }, (error, out, said) =>
      resolve({ code: error?.code ?? null, out, said }),
    );
  });
  expect(ended).toMatchObject({ code: 1, out: expect.not.stringContaining('lives on'), said: expect.stringContaining('ECONNREFUSED') });
}, 60_000);
