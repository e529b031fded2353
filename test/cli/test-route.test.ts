import { expect, test, vi } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { ROUTE, withSlack } from './with-slack.ts';

vi.setConfig({ testTimeout: 60_000 });

test('without a service it posts the test message itself, by any name of the route', async () => {
  const { slack, cli } = await withSlack();
  for (const name of ['slack:C0ALERTS', 'C0ALERTS']) {
    expect(await cli.run(['test', name])).toEqual({ code: 0, out: 'Sent to slack:C0ALERTS.\n', err: '' });
    expect((await slack.arrival('C0ALERTS')).text).toContain('🧪 Test message from Creditwatch\n');
  }
});

test('with a service the service posts it', async () => {
  const { slack, databaseUrl, dataDir, cli } = await withSlack();
  const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env: slack.env });
  expect(await cli.run(['test', 'slack:C0ALERTS'])).toEqual({ code: 0, out: 'Sent to slack:C0ALERTS.\n', err: '' });
  expect((await slack.arrival('C0ALERTS')).text).toContain('Test message from Creditwatch');
  await expect.poll(() => app.output()).toContain('"msg":"delivery sent"');
});

test('without a route there is the terminal', async () => {
  const { url: databaseUrl } = await createDatabase();
  const { code, out, err } = await commandLine({ dataDir: dataFolder(), databaseUrl }).run(['test', 'terminal']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^🧪 Test message from Creditwatch\n.*\nSent to terminal\.\n$/);
});

test('a route that is not there is exit 1 and names those there are', async () => {
  const { cli } = await withSlack();
  expect(await cli.run(['test', 'slack:C0OTHER'])).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^There is no route "slack:C0OTHER"\. There are: .*slack:C0ALERTS.*\.\n$/),
  });
});

test('a channel without the bot is exit 1 and says how to invite it', async () => {
  const { slack, cli } = await withSlack();
  slack.always('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  const { code, out, err } = await cli.run(['test', 'slack:C0ALERTS']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^Not sent to slack:C0ALERTS: .*\/invite/m);
});
