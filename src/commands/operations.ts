import { styleText } from 'node:util';
import type { Queries } from '../queries/queries.ts';
import type { AuditAction } from '../core/audit/audit.ts';
import { consumptionCsv, consumptionLines } from '../core/meters/export.ts';
import { countExpired } from '../core/meters/retention.ts';
import { localDayOf } from '../core/time/local-time.ts';
import type { MeterNow } from '../core/status/meter-status.ts';
import type { Person } from '../core/text/person.ts';
import { err, ok, type Result } from '../core/result.ts';
import { destinationName } from '../core/notifications/route.ts';
import { daysOfSpan, typedSpan } from '../core/time/parse-span.ts';
import { plainMessage } from '../messages/text/plain.ts';
import { FIGURES_UNAVAILABLE, NOT_TAKEN_NOW } from '../messages/replies/errors.ts';
import type { AuditStore } from '../ports/stores/audit-store.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImportReport, Operations } from '../ports/inbound/operations.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import type { Ingest, IngestRequest } from '../ports/inbound/ingest.ts';
import type { DestinationState, TestStore } from '../ports/stores/read-store.ts';
import { chooseAccounts } from './accounts.ts';
import { parseCommand } from './registry.ts';
import { findMeters } from './find-meters.ts';
import {
  NO_ACCOUNT,
  NO_FIGURES,
  notSentText,
  notSentYetText,
  sentText,
  unknownMeterText,
  unknownRoute,
} from '../messages/replies/operations.ts';

type Meant = Pick<MeterNow, 'meter' | 'reading' | 'source'> & { readonly timeZone: string };

type Account = { readonly id: string; readonly timeZone: string };

export type OperationsParts = {
  /** Not empty. The first is the default. */
  readonly accounts: readonly Account[];
  readonly queries: Queries;
  readonly store: TestStore & { readonly audit: Pick<AuditStore, 'record'> };
  readonly chat: Chat;
  readonly ingest: Ingest;
  readonly clock: Clock;
  /** How long one reading per day is kept, in milliseconds; null: for ever. */
  readonly dailyReadingsMs: number | null;
  readonly newId: () => string;
  /** Posts the pending deliveries of a destination, or wakes the process that does. */
  readonly post: (destinationId: string) => Promise<void> | void;
};

const POSTED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 200;
/** Commands that record themselves, or show no figures. */
const RECORDED_OR_NO_FIGURES: ReadonlySet<string | null> = new Set(['export', 'help']);

/** Creates the operations for the command line. A person with shell access may do what an administrator may. */
export function createOperations({
  accounts,
  queries,
  store,
  chat,
  ingest,
  clock,
  dailyReadingsMs,
  newId,
  post,
}: OperationsParts): Operations {
  return {
    answer: ({ account, actor, text, strong, json, isRecorded }) =>
      ofOne(account, FIGURES_UNAVAILABLE, async ({ id, timeZone }) => {
        const invokedAs = `npx creditwatch usage${account === null ? '' : ` --account ${account}`}`;
        const { changes, word } = parseCommand(text);
        // Changes and exports are recorded by their own commands.
        if (isRecorded && !changes && !RECORDED_OR_NO_FIGURES.has(word))
          await record(id, 'figures-read', actor, `usage ${word ?? ''}`.trim());
        const reply = await chat.answer(text, {
          account: id,
          person: actor,
          inTerminal: true,
          invokedAs,
          place: null,
          direct: true,
          isPlatformAdmin: async () => true,
          mayChange: async () => 'yes',
        });
        if (reply.kind === 'done') return ok(json ? '{}' : '');
        const shown = plainMessage(reply.message, { timeZone, now: clock.now(), ...(strong && { strong: bold }) });
        // An answer that only the requester sees is a refusal or a failure, which a script must detect.
        if (reply.kind === 'message' && reply.to === 'alone') return err(shown);
        if (!json) return ok(shown);
        return ok(JSON.stringify(reply.kind === 'message' && reply.data ? await reply.data() : { text: shown }, null, 2));
      }),
    take: ({ account, actor, ...imported }) =>
      ofOne(account, NOT_TAKEN_NOW, async ({ id }) =>
        ok(
          await takeImported({
            account: id,
            via: 'import',
            arrivedAt: clock.now(),
            actor,
            ...imported,
          }),
        ),
      ),
    test: ({ account, actor, route }) =>
      ofSome(account, FIGURES_UNAVAILABLE, async (chosen) => {
        const destinations = await queries.destinations(chosen.map(({ id }) => id));
        const destination = destinations.find((one) => isNamed(one, route));
        if (!destination) return err(unknownRoute(route, destinations.map(destinationName)));
        const ids = { notification: newId(), delivery: newId() };
        await store.addTest(destination.id, destinationName(destination), ids, {
          actor,
          now: clock.now(),
        });
        await post(destination.id);
        return outcome(ids.delivery, destinationName(destination));
      }),
    consumption: ({ account, actor, what, since: typed }) =>
      ofSome(account, FIGURES_UNAVAILABLE, async (chosen) => {
        const meant: Meant[] = [];
        for (const { id, timeZone } of chosen) {
          const finder = findMeters(queries, id);
          const matched = what === '' ? await finder.all() : await finder.search((match) => match(what));
          for (const { meter, reading, source } of finder.figuresOf(matched)) meant.push({ meter, reading, source, timeZone });
        }
        if (meant.length === 0) return err(what === '' ? NO_FIGURES : unknownMeterText(what));
        for (const id of new Set(meant.map(({ meter }) => meter.account))) await record(id, 'export', actor, 'export');
        return ok({ meters: meant.length, csv: csvOf(meant, typed) });
      }),
  };

  async function takeImported(request: IngestRequest): Promise<ImportReport> {
    const report = await ingest(request);
    const count = countExpired(request.readings, report.rejected, { dailyReadingsMs, now: request.arrivedAt });
    return { ...report, expired: count === 0 || dailyReadingsMs === null ? null : { count, keptMs: dailyReadingsMs } };
  }

  async function record(account: string, action: AuditAction, actor: Person, command: string): Promise<void> {
    await store.audit.record(account, { action, actor, about: { command } }, clock.now());
  }

  async function ofOne<T>(
    account: string | null,
    whenAway: string,
    work: (one: Account) => Promise<Result<T, string>>,
  ): Promise<Result<T, string>> {
    return ofSome(account, whenAway, async ([first]) => (first ? work(first) : err(NO_ACCOUNT)));
  }

  /**
   * Runs `work` on the named accounts.
   *
   * @param account null for all, default first
   */
  async function ofSome<T>(
    account: string | null,
    whenAway: string,
    work: (chosen: readonly Account[]) => Promise<Result<T, string>>,
  ): Promise<Result<T, string>> {
    const chosen = chooseAccounts(accounts, account);
    if (!chosen.ok) return chosen;
    try {
      return await work(chosen.value);
    } catch (error) {
      if (error instanceof StoreUnavailable) return err(whenAway);
      throw error;
    }
  }

  async function outcome(delivery: string, name: string): Promise<Result<string, string>> {
    for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
      const result = await store.deliveryResult(delivery);
      if (result?.status === 'sent') return ok(sentText(name));
      if (result && (result.disabledReason !== null || result.status !== 'pending'))
        return err(notSentText(name, result.disabledReason ?? result.reason ?? result.status));
      if (waitedMs > POSTED_WITHIN_MS) return err(notSentYetText(name, result?.reason ?? null));
      await clock.sleep(LOOK_EVERY_MS);
    }
  }

  /** Streams the CSV, so that memory use stays constant. */
  async function* csvOf(meant: readonly Meant[], typed: string | null): AsyncGenerator<string> {
    const now = clock.now();
    yield consumptionCsv([]);
    for (const { meter, reading, source, timeZone } of meant) {
      const span = typed === null ? null : typedSpan(typed, localDayOf(now, timeZone));
      const days = span && daysOfSpan(span, { period: reading.period, spec: source.period, now, timeZone });
      // The span is a period, but the meter has none.
      if (span !== null && days === null) continue;
      for await (const rows of queries.consumption(meter, { days, timeZone })) yield consumptionLines(rows);
    }
  }
}

/** `slack:C0123456789`, the bare address, or a route's id. */
function isNamed(destination: DestinationState, name: string): boolean {
  return [destinationName(destination), destination.address, ...destination.routes].includes(name);
}

/** The caller decided whether the terminal shows it; this process may have no terminal. */
function bold(text: string): string {
  return styleText('bold', text, { validateStream: false });
}
