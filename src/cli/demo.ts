import { setTimeout as wait } from 'node:timers/promises';
import type { AccountConfig, Config } from '../config/config.ts';
import { wordsFor } from '../core/words/notification.ts';
import type { Asker } from '../ports/answer.ts';
import { systemClock } from '../system-clock.ts';
import { configure, logFor } from './configure.ts';
import { sampleReadings } from './sample.ts';
import { fail, keyLines, run, type Running } from './start.ts';
import { print, printMessage, strong } from './terminal.ts';

const ALERT_WITHIN_MS = 10_000;
const heading = (text: string) => (strong ? strong(text) : text);

/** `creditwatch demo`: the whole service in a folder of its own, with sample readings that raise one alert. */
export async function demo(): Promise<void> {
  const configured = configure({ defaultDataDir: 'data/demo' });
  if (configured === null) return;
  const config = withSampleSource(configured);
  const running = await run(config, logFor({ ...config, logLevel: process.stdout.isTTY || config.logLevel === 'info' ? 'warn' : config.logLevel }));
  if (!running.ok) return fail(running.error);
  await present(running.value);
}

async function present(running: Running): Promise<void> {
  const { service, database, config } = running;
  const account = config.accounts[0];
  if (!account) throw new Error('a configuration without an account');
  print(`\n${heading('Creditwatch demo')}: six meters of Abmatic AI, with sample readings\n`);
  // The alert that these raise prints through the pipeline, as it would post to a channel.
  const told = await database.store.lastTold(account.id);
  const arrivedAt = systemClock.now();
  await service.ingest({ account: account.id, source: 'abmatic', via: 'push', eventId: null, arrivedAt, readings: sampleReadings(arrivedAt) });
  const overview = await service.chat.answer('', terminalAsker(account.id));
  print('');
  if (overview.kind === 'message') printMessage(overview.message, account.timeZone);
  if (told === null) await waitUntilTold(running, account);
  else {
    print(`\n${heading('The alert, as it was posted before')} (it is said once):`);
    printMessage(wordsFor(told, { timeZone: account.timeZone, mentions: [], place: 'new' }), account.timeZone);
  }
  print(nextSteps(running));
}

/** Whoever sits at the terminal. */
function terminalAsker(account: string): Asker {
  return { account, platform: 'terminal', user: 'demo', invokedAs: 'npx creditwatch usage', place: null, direct: true, isPlatformAdmin: async () => true };
}

async function waitUntilTold({ database }: Running, account: AccountConfig): Promise<void> {
  const deadline = Date.now() + ALERT_WITHIN_MS;
  while (Date.now() < deadline && (await database.store.lastTold(account.id)) === null) await wait(50);
}

/** The sample has monthly periods; whatever else creditwatch.yml says holds in the demo too. */
function withSampleSource(config: Config): Config {
  const [first, ...others] = config.accounts;
  if (!first) return config;
  const sources = first.sources.some((source) => source.id === 'abmatic') ? first.sources : [...first.sources, { id: 'abmatic', kind: 'push' as const, period: { every: 'month' as const, day: 1 }, meters: {} }];
  return { ...config, accounts: [{ ...first, sources }, ...others] };
}

function nextSteps(running: Running): string {
  const { service, config } = running;
  return `
${heading('Next')}
  Slack   README.md, "Connect Slack": five steps, then npm start
  Teams   comes in a later version
  Source  push readings:  curl ${service.url}/v1/usage -H "Authorization: Bearer <ingest key>" -H "Content-Type: application/json" \\
            -d '{"source":"abmatic","readings":[{"meter":"apollo_contacts","used":1000214,"total":1000000}]}'
          or copy the vendor's usage page into a file:  DATA_DIR=${config.dataDir} npx creditwatch import page.txt
${keyLines(running)}

Listening on ${service.url}. Data in ${config.dataDir}. Ctrl-C stops it.`;
}
