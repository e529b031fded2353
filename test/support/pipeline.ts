import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/app/load-config.ts';
import type { SendOutcome } from '../../src/core/notifications/delivery.ts';
import { plainMessage, plainRichText } from '../../src/messages/text/plain.ts';
import { createActions } from '../../src/pipeline/actions/alert-actions.ts';
import { createDrain } from '../../src/pipeline/deliver/drain.ts';
import { createLeases } from '../../src/pipeline/deliver/leases.ts';
import { createPoll } from '../../src/pipeline/schedule/poll.ts';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import { createTimerRunner } from '../../src/pipeline/schedule/run-due-timers.ts';
import { createSubscriptions } from '../../src/pipeline/actions/subscriptions.ts';
import type { Actions } from '../../src/ports/inbound/actions.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Ingest, IngestReport } from '../../src/ports/inbound/ingest.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Messenger } from '../../src/ports/outbound/messenger.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import type { Subscriptions } from '../../src/ports/inbound/subscriptions.ts';
import { declarationOf, limitsIn } from '../../src/app/accounts.ts';
import { createPoller } from '../../src/app/polling.ts';
import { requesterIn, chatOver, messageOf } from './chat.ts';
import { createDatabase, openTestStore } from './database.ts';
import { resolveTxt } from './mail.ts';

/** A message as it stands at a destination, with times in the account's zone. */
type Standing = {
  readonly address: string;
  readonly ref: string;
  text: string;
  /** The labels of its buttons. */
  buttons: readonly string[];
  readonly summary: string;
  readonly under: string | null;
  edits: number;
};

export type Pipeline = {
  readonly store: Store;
  readonly url: string;
  /** All messages that were posted, in order, as they stand now. */
  readonly messages: readonly Standing[];
  now(): Date;
  /** The clock shows this from now on, and what became due is done, oldest first. */
  goTo(instant: string | Date): Promise<void>;
  /** The clock shows this from now on, and nobody has been there meanwhile. */
  jump(instant: string): void;
  /** One ingest of readings observed now, if they do not say when. */
  push(
    readings: readonly Record<string, unknown>[],
    options?: { readonly source?: string; readonly via?: 'push' | 'import'; readonly account?: string; readonly by?: string },
  ): Promise<IngestReport>;
  readonly ingest: Ingest;
  readonly actions: Actions;
  readonly subscriptions: Subscriptions;
  /** The id of a meter by its key. */
  meterId(key: string): Promise<string>;
  /** Does what was woken by an action. */
  settle(): Promise<void>;
  /** Texts that were posted since the last call of this. */
  news(): readonly string[];
  /** What the platform says to every post to an address from now on; null: takes it again. */
  refuse(address: string, outcome: Exclude<SendOutcome, { outcome: 'sent' }> | null): void;
  /** A message that is refused for good is no fault of this test. */
  expectRejections(): void;
  /** Restarts with another creditwatch.yml. */
  declare(file: string, env?: Readonly<Record<string, string>>): Promise<void>;
  /** Polls what is due, on the real endpoint. `goTo` does too. */
  poll(): Promise<void>;
  /** What `/usage` shows, as text. */
  usage(): Promise<string>;
};

const ACCOUNT = 'default';
/** Errors fail the test, but for those that it asked for; all else is of no interest. */
function strictLog(expected: () => boolean): Log {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    conceal: () => undefined,
    error: (fields, message) => {
      if (message !== 'delivery rejected' || !expected()) throw new Error(message, { cause: fields });
    },
  };
}

/**
 * The write side as the service puts it together, on a real database, with a clock that tests move and a messenger that
 * keeps what it is given, unless `other` takes it for its platform. Work that is due is done by `goTo` and `push` themselves, so nothing is waited for.
 */
export async function startPipeline(
  file: string,
  startAt: string,
  env: Readonly<Record<string, string>> = {},
  other?: Messenger,
): Promise<Pipeline> {
  const database = await createDatabase();
  const store = openTestStore(database.url, Buffer.alloc(32, 1));
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-pipeline-'));
  onTestFinished(async () => {
    await store.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  let now = new Date(startAt);
  let timeZone = 'UTC';
  const clock: Clock = { now: () => now, sleep: async (ms) => void (now = new Date(now.getTime() + ms)) };
  const messages: Standing[] = [];
  const refusals = new Map<string, SendOutcome>();
  const send: Messenger['send'] = async ({ address, place, message }) => {
    const refused = refusals.get(address);
    if (refused) return refused;
    const text = plainMessage(message, { timeZone, now });
    const edited = place.kind === 'edit' ? messages.find((one) => one.ref === place.messageRef) : undefined;
    const buttons = (message.buttons ?? []).map(({ label }) => label);
    if (edited) {
      edited.text = text;
      edited.buttons = buttons;
      edited.edits += 1;
      return { outcome: 'sent', messageRef: edited.ref };
    }
    const ref = `${address}:${messages.length + 1}`;
    messages.push({
      address,
      ref,
      text,
      buttons,
      summary: plainRichText(message.summary, { timeZone, now }),
      under: place.kind === 'reply' ? place.messageRef : null,
      edits: 0,
    });
    return { outcome: 'sent', messageRef: ref };
  };
  const find: Messenger['find'] = async () => ({ found: 'unavailable', reason: 'it cannot be looked up' });
  const keeping: readonly Messenger[] = [
    { kind: 'slack', paceMs: 0, can: { edit: true, reply: true }, send, find },
    { kind: 'teams', paceMs: 0, can: { edit: true, reply: true }, send, find },
    { kind: 'terminal', paceMs: 0, can: { edit: false, reply: false }, send, find },
  ];
  const messengers = [...keeping.filter(({ kind }) => kind !== other?.kind), ...(other ? [other] : [])];
  const woken = new Set<string>();
  let isRefused = false;
  const shared = {
    store,
    clock,
    log: strictLog(() => isRefused || refusals.size > 0),
    newId: randomUUID,
    wake: (id: string) => void woken.add(id),
    signal: new AbortController().signal,
  };
  let limits = limitsIn({ accounts: [] });
  const ingest = createIngest({ ...shared, limits: (account) => limits(account) });
  const ring = createTimerRunner(shared);
  const metrics = { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined };
  const drain = createDrain({
    ...shared,
    metrics,
    messengers,
    owner: 'test',
    random: () => 0,
    leases: createLeases({ ...shared, monotonicMs: () => performance.now() }),
    onLeftWaiting: () => void (isLeft = true),
  });
  let isLeft = false;
  let seen = 0;
  let poller = await createPoller({ config: { accounts: [] }, store, clock, log: shared.log });
  onTestFinished(() => poller.close());

  async function poll(): Promise<void> {
    const work = createPoll({ ...shared, poller, ingest, metrics, owner: 'test', random: () => 0.5 });
    const due = (await store.waitingPolls()).filter(({ readyAt }) => readyAt <= now);
    await Promise.all(due.map(({ pollId }) => work(pollId)));
  }

  /** Rings and drains what is due, as the sweep does, until nothing more comes of it. */
  async function settle(): Promise<void> {
    await store.mendInstants(now);
    await poll();
    do {
      isLeft = false;
      await ring();
      for (const { destinationId, readyAt } of await store.waiting(now)) if (readyAt <= now) woken.add(destinationId);
      for (const id of woken) {
        woken.delete(id);
        await drain(id);
      }
    } while (isLeft);
  }

  async function nextDueAt(): Promise<Date | null> {
    const waiting = (await store.waiting(now)).map(({ readyAt }) => readyAt).filter((readyAt) => readyAt > now);
    const polls = (await store.waitingPolls()).map(({ readyAt }) => readyAt);
    const timer = await store.nextTimerAt();
    const all = [...waiting, ...polls, ...(timer ? [timer] : [])].map((at) => at.getTime());
    return all.length === 0 ? null : new Date(Math.min(...all));
  }

  async function declare(written: string, variables = env): Promise<void> {
    const path = join(folder, 'creditwatch.yml');
    writeFileSync(path, written);
    const config = loadConfig({
      env: { ...variables, CREDITWATCH_CONFIG: path, SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: 'secret' },
      cwd: folder,
    });
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    poller.close();
    poller = await createPoller({ config: config.value, store, clock, log: shared.log, resolveTxt });
    limits = limitsIn(config.value);
    for (const account of config.value.accounts) {
      timeZone = account.timeZone;
      await store.declare(declarationOf(account, config.value), now);
    }
  }

  await declare(file);
  return {
    store,
    url: database.url,
    ingest,
    messages,
    actions: createActions({ ...shared, address: () => 'http://127.0.0.1:3000' }),
    subscriptions: createSubscriptions(shared),
    settle,
    poll,
    async usage() {
      return plainMessage(messageOf(await chatOver(store, clock).answer('', requesterIn(ACCOUNT))), { timeZone, now });
    },
    async meterId(key) {
      const found = (await store.meters(ACCOUNT)).find(({ meter }) => meter.key === key);
      if (!found) throw new Error(`no meter ${key}`);
      return found.meter.id;
    },
    now: () => now,
    expectRejections: () => void (isRefused = true),
    declare,
    refuse(address, outcome) {
      if (outcome === null) refusals.delete(address);
      else refusals.set(address, outcome);
    },
    async goTo(instant) {
      const target = new Date(instant);
      for (;;) {
        const next = await nextDueAt();
        if (next === null || next > target) break;
        if (next > now) now = next;
        await settle();
      }
      now = target;
      await settle();
    },
    jump(instant) {
      now = new Date(instant);
    },
    async push(readings, { source = 'abmatic', via = 'push', account = ACCOUNT, by } = {}) {
      const report = await ingest({
        account,
        source,
        via,
        eventId: null,
        arrivedAt: now,
        readings,
        ...(by !== undefined && { by: { kind: 'slack', address: by } }),
      });
      await settle();
      return report;
    },
    news() {
      const fresh = messages.slice(seen).map(({ text }) => text);
      seen = messages.length;
      return fresh;
    },
  };
}
