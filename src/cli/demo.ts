import { setTimeout as wait } from 'node:timers/promises';
import type { AccountConfig, Config } from '../config/config.ts';
import { plainAmount } from '../core/meters/amount.ts';
import { TERMINAL } from '../core/notifications/route.ts';
import type { Snapshot } from '../core/notifications/notification.ts';
import { contains } from '../core/time/period.ts';
import { demoAlertText, demoAnswerText, demoDigestText, demoNextStepsText, demoTitleText } from '../messages/replies/start.ts';
import { digestMessage } from '../messages/notices/digest.ts';
import { messageFor } from '../messages/notices/notification.ts';
import { createSubscriptions } from '../pipeline/actions/subscriptions.ts';
import type { Requester } from '../ports/inbound/chat.ts';
import type { StoredMeter } from '../ports/stores/read-store.ts';
import type { Store } from '../ports/stores/store.ts';
import { declarationOf } from '../app/accounts.ts';
import { keyOrigin, STORED_KEY } from '../app/keys.ts';
import { systemClock } from '../app/system-clock.ts';
import { configure, mutedLogFor } from './configure.ts';
import { samplePeriods, sampleReadings, type SampleReading } from './sample.ts';
import { run, type Running } from './start.ts';
import { printMessage, type Terminal } from './terminal.ts';
import { keyLines } from './key-origins.ts';

const ALERT_WITHIN_MS = 10_000;
const SAMPLE_SOURCE = 'abmatic';
const headingOf =
  ({ strong }: Terminal) =>
  (text: string): string =>
    strong ? strong(text) : text;

/** `creditwatch demo`: runs the whole service in a folder of its own, with sample readings that raise one alert. */
export async function demo(terminal: Terminal): Promise<void> {
  const configured = configure(terminal, { defaultDataDir: 'data/demo' });
  if (configured === null) return;
  const config = withSampleSource(configured, systemClock.now());
  const running = await run(terminal, config, mutedLogFor(terminal, config));
  if (!running.ok) return terminal.fail(running.error);
  await present(terminal, running.value);
}

async function present(terminal: Terminal, running: Running): Promise<void> {
  const { service, database, config } = running;
  const account = config.accounts[0];
  if (!account) throw new Error('a configuration without an account');
  const heading = headingOf(terminal);
  terminal.print(demoTitleText(heading));
  await presentAlert(terminal, running, account);
  const overview = await service.chat.answer('', chatRequester(account.id));
  terminal.print(demoAnswerText(heading));
  if (overview.kind === 'message') printMessage(terminal, overview.message, account.timeZone);
  terminal.print(demoDigestText(heading));
  const digest = await createSubscriptions({ store: database.store, clock: systemClock }).digestNow(account.id, null);
  printMessage(terminal, digestMessage(digest, { timeZone: digest.timeZone, accountZone: account.timeZone }), account.timeZone);
  terminal.print(nextSteps(terminal, running, await sampleKey(running, account)));
}

/** Prints the alert that the sample raises. It goes through the pipeline, like a message to a channel. */
async function presentAlert(terminal: Terminal, { service, database: { store }, config }: Running, account: AccountConfig): Promise<void> {
  const arrivedAt = systemClock.now();
  const known = (await store.meters(account.id)).filter(
    ({ meter, reading }) => meter.source === SAMPLE_SOURCE && reading.period !== null && contains(reading.period, arrivedAt),
  );
  const readings = known.length === 0 ? sampleReadings(arrivedAt, account.timeZone) : known.map((one) => unchanged(one, arrivedAt));
  const { routes, fallback } = declarationOf(account, config);
  const printsItself = known.length === 0 && routes.length === 0 && fallback.includes(TERMINAL);
  terminal.print(demoAlertText(headingOf(terminal), printsItself));
  await service.ingest({ account: account.id, source: SAMPLE_SOURCE, via: 'push', eventId: null, arrivedAt, readings });
  const told = await lastTold(store, account.id);
  if (told === null || printsItself) return;
  terminal.print('');
  printMessage(terminal, messageFor(told, { timeZone: account.timeZone, mentions: [], place: 'new' }), account.timeZone);
}

async function lastTold(store: Store, account: string): Promise<Snapshot | null> {
  const deadline = performance.now() + ALERT_WITHIN_MS;
  for (;;) {
    const told = await store.lastNotified(account);
    if (told !== null || performance.now() > deadline) return told;
    await wait(50);
  }
}

/** Returns the stored figures of a meter, for a later start in the same period: readings that were pushed to the demo are kept. */
function unchanged({ meter, reading: { used, total } }: StoredMeter, observedAt: Date): SampleReading {
  const figure = (amount: bigint) => plainAmount(amount, meter.decimals);
  return { meter: meter.key, used: figure(used), total: total === null ? null : figure(total), observedAt: observedAt.toISOString() };
}

/** A requester in a chat, because the demo shows what people in a chat see. */
function chatRequester(account: string): Requester {
  return {
    account,
    person: { platform: 'demo', id: 'demo' },
    invokedAs: '/usage',
    place: null,
    direct: true,
    isPlatformAdmin: async () => true,
    mayChange: async () => 'yes',
  };
}

/** Adds the sample's source, with monthly periods that fit the sample. All other settings of creditwatch.yml apply in the demo too. */
function withSampleSource(config: Config, now: Date): Config {
  const [first, ...others] = config.accounts;
  if (!first) return config;
  const period = samplePeriods(now, first.timeZone);
  const declared = first.sources.find(({ id }) => id === SAMPLE_SOURCE) ?? {
    id: SAMPLE_SOURCE,
    kind: 'push' as const,
    contacts: {},
    meters: {},
    expires: null,
  };
  const sources = [...first.sources.filter(({ id }) => id !== SAMPLE_SOURCE), { ...declared, period }];
  return { ...config, accounts: [{ ...first, sources }, ...others] };
}

/** Returns the generated ingest key of the demo's folder, at every start. A key that the operator set is not shown. */
async function sampleKey({ config, database }: Running, account: AccountConfig): Promise<string | null> {
  if (keyOrigin(config, account) !== 'store') return null;
  const key = await database.store.storedSecret(account.id, STORED_KEY);
  return key.ok ? key.value : null;
}

function nextSteps(terminal: Terminal, { service, config }: Running, key: string | null): string {
  return demoNextStepsText(headingOf(terminal), {
    url: service.url,
    dataDir: config.dataDir,
    key,
    keyLines: keyLines({ config, newKeys: service.newKeys }, { isTerminal: true }),
    platforms: config.platforms.flatMap(({ name, setUp }) => (setUp === null ? [] : [{ name, steps: setUp.steps }])),
  });
}
