import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { destinationName } from '../core/route.ts';
import { findService } from '../datadir/service-file.ts';
import { createDrain } from '../pipeline/drain.ts';
import type { Messenger } from '../ports/messenger.ts';
import type { DestinationState, Store } from '../ports/store.ts';
import { declarationOf } from '../service.ts';
import { openTeams, openWorkflows } from '../service-teams.ts';
import { systemClock } from '../system-clock.ts';
import { createTerminalMessenger } from '../terminal/messenger.ts';
import { configure, quietLogFor } from './configure.ts';
import { noChat } from './no-chat.ts';
import { fail } from './start.ts';
import { print } from './terminal.ts';
import { withDatabase } from './with-database.ts';
import type { Config } from '../config/config.ts';

const RESULT_WITHIN_MS = 20_000;

/**
 * `creditwatch test <route>`: stores a labelled test message and waits until it stands there. It takes the way of an
 * alert: the running service posts it, and without one this process does.
 */
export async function testRoute(name: string): Promise<void> {
  const config = configure();
  if (config === null) return;
  const service = await findService(config.dataDir);
  await withDatabase(config, async ({ store }) => {
    if (service === null) for (const account of config.accounts) await store.declare(declarationOf(account, config), systemClock.now());
    const all = await store.destinations();
    const destination = all.find((one) => isNamed(one, name));
    if (!destination) return fail(`There is no route "${name}". There ${all.length === 1 ? 'is' : 'are'}: ${all.map(destinationName).join(', ')}.`);
    const delivery = randomUUID();
    await store.addTest(destination.id, destinationName(destination), { notification: randomUUID(), delivery }, systemClock.now());
    if (service === null) await (await drainHere(store, config))(destination.id);
    await report(store, delivery, destinationName(destination));
  });
}

/** `slack:C0123456789`, the bare address, or a route's id. */
function isNamed(destination: DestinationState, name: string): boolean {
  return [destinationName(destination), destination.address, ...destination.routes].includes(name);
}

async function drainHere(store: Store, config: Config) {
  const log = quietLogFor(config);
  const clock = systemClock;
  const terminal = createTerminalMessenger({ write: (text) => print(text.trim()), clock, timeZone: config.accounts[0]?.timeZone ?? 'UTC' });
  const messengers: Messenger[] = [terminal];
  if (config.slack !== null) {
    const { createSlackRoom } = await import('../slack/room.ts');
    messengers.push(createSlackRoom({ ...config.slack, clock, log, chat: noChat, accountOf: () => null }).messenger);
  }
  const teams = await openTeams({ config, store, chat: noChat, clock, log });
  if (teams !== null) messengers.push(teams.messenger);
  const workflows = await openWorkflows(config, clock);
  if (workflows !== null) messengers.push(workflows);
  const metrics = { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} };
  return createDrain({ store, messengers, clock, log, metrics, owner: `test:${process.pid}`, random: Math.random, onLeftWaiting: () => {}, signal: new AbortController().signal });
}

async function report(store: Store, delivery: string, name: string): Promise<void> {
  const deadline = Date.now() + RESULT_WITHIN_MS;
  for (;;) {
    const result = await store.deliveryResult(delivery);
    if (result?.status === 'sent') return print(`Sent to ${name}.`);
    if (result && (result.offReason !== null || result.status !== 'pending')) return fail(`Not sent to ${name}: ${result.offReason ?? result.reason ?? result.status}`);
    if (Date.now() > deadline) return fail(`Not sent to ${name} yet${result?.reason ? ` (${result.reason})` : ''}; it is tried again while the service runs.`);
    await wait(200);
  }
}
