import type { Config } from '../config/config.ts';
import { createDrain } from '../pipeline/deliver/drain.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { Store } from '../ports/stores/store.ts';
import { openBotToken } from '../app/slack.ts';
import { openTeams, openWorkflows } from '../app/teams.ts';
import { systemClock } from '../app/system-clock.ts';
import { createTerminalMessenger } from '../terminal/messenger.ts';
import { mutedLogFor } from './configure.ts';
import { noChatAdapter } from './no-chat-adapter.ts';
import type { Terminal } from './terminal.ts';

/** Posts what waits for a destination from this process, as the service would. */
export async function postHere(terminal: Terminal, store: Store, config: Config, destinationId: string): Promise<void> {
  const log = mutedLogFor(terminal, config);
  const clock = systemClock;
  const printing = createTerminalMessenger({
    write: (text) => terminal.print(text.trim()),
    clock,
    timeZone: config.accounts[0]?.timeZone ?? 'UTC',
  });
  const messengers: Messenger[] = [printing];
  if (config.slack !== null) {
    const { createSlackAdapter } = await import('../slack/adapter.ts');
    const token = await openBotToken(config.slack, { config, store, clock, log });
    messengers.push(createSlackAdapter({ ...config.slack, token, clock, log, chat: noChatAdapter, accountOf: () => null }).messenger);
  }
  const teams = await openTeams({ config, store, chat: noChatAdapter, clock, log });
  if (teams !== null) messengers.push(teams.messenger);
  const workflows = await openWorkflows(config, clock);
  if (workflows !== null) messengers.push(workflows);
  const metrics = { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} };
  const drain = createDrain({
    store,
    messengers,
    clock,
    log,
    metrics,
    owner: `test:${process.pid}`,
    random: Math.random,
    monotonicMs: () => performance.now(),
    onLeftWaiting: () => {},
    signal: new AbortController().signal,
  });
  await drain(destinationId);
}
