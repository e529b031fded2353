import type { Config } from '../config/config.ts';
import { SYSTEM } from '../core/audit/audit.ts';
import { err, ok, type Result } from '../core/result.ts';
import { becomeOwner } from '../datadir/become-owner.ts';
import { answerWhileWaiting } from '../http/waiting.ts';
import type { Log } from '../ports/log.ts';
import { startService, type Service } from '../app/service.ts';
import type { ServiceTimes } from '../app/service-times.ts';
import { systemClock } from '../app/system-clock.ts';
import { configure, logFor } from './configure.ts';
import { bringUpToDate, openDatabase, showPresenceIn, type OpenDatabase } from './open-database.ts';
import { acquireLock } from './acquire-lock.ts';
import { EXIT_FAILED, surviveLostOutput, type Terminal } from './terminal.ts';
import { errorText } from './error-text.ts';
import { keyLines } from './key-origins.ts';
import { dataFolderText } from '../messages/failures/data-folder.ts';
import { databaseFailureText } from '../messages/failures/database.ts';
import {
  connectedText,
  databaseAwaitedText,
  listeningText,
  noteText,
  portBusyText,
  printsHereText,
  startFailedText,
} from '../messages/replies/start.ts';

const STOP_WITHIN_MS = 9_500;

export type Running = { readonly service: Service; readonly database: OpenDatabase; readonly config: Config };

/** `creditwatch start`: runs the service until it is stopped. */
export async function start(terminal: Terminal): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  for (const notice of config.notices) terminal.complain(noteText(notice));
  const running = await run(terminal, config, logFor(terminal, config));
  if (!running.ok) return terminal.fail(running.error);
  for (const line of startedLines(config, running.value.service, { isTerminal: terminal.output.isTTY === true })) terminal.print(line);
}

/** Returns the lines that a start prints when it listens. A file with a new key is written before. */
export function startedLines(config: Config, { url, newKeys }: Service, output: { readonly isTerminal: boolean }): readonly string[] {
  const keys = keyLines({ config, newKeys }, output);
  return [listeningText(url), destinationsLine(config), ...config.platforms.flatMap(({ connection }) => connection?.notes ?? []), keys];
}

/**
 * Opens the database and starts the service. On SIGTERM or SIGINT, it stops both in reverse order. The error is a text for the operator.
 */
export async function run(terminal: Terminal, config: Config, log: Log): Promise<Result<Running, string>> {
  surviveLostOutput(terminal);
  const usable = becomeOwner(config.dataDir);
  if (!usable.ok) return err(dataFolderText(usable.error));
  const turn = await acquireLock(config.dataDir);
  if (!turn.ok) return turn;
  try {
    return await runInTurn(terminal, config, log);
  } finally {
    turn.value.release();
  }
}

async function runInTurn(terminal: Terminal, config: Config, log: Log): Promise<Result<Running, string>> {
  const opened = await openPatiently(terminal, config);
  if (!opened.ok) return opened;
  // A restore that is reported before the service runs is remembered until the service can be stopped.
  const restored = new AbortController();
  const shown = await showPresenceIn(opened.value, () => restored.abort());
  if (!shown.ok) return shown;
  const { presence, database } = shown.value;
  const service = await serveFrom(terminal, database, config, log);
  if (!service.ok) return service;
  await presence.remember();
  stopWhenTold(service.value, database, log, restored.signal);
  return ok({ service: service.value, database, config });
}

/** Migrates an open database and starts the service on it. If that fails, closes the database. The error is a text for the operator. */
export async function serveFrom(
  terminal: Terminal,
  database: OpenDatabase,
  config: Config,
  log: Log,
  times?: ServiceTimes,
): Promise<Result<Service, string>> {
  try {
    const migrated = await bringUpToDate(database.url, SYSTEM);
    const service = migrated.ok
      ? await startService({
          config,
          store: database.store,
          encryption: database.encryption,
          databaseUrl: database.url,
          queueSchema: database.queueSchema,
          clock: systemClock,
          log,
          times,
          onPortBusy: (address) => terminal.complain(portBusyText(address, true)),
          write: (text) => terminal.print(text.replace(/\n$/, '')),
          ...(terminal.strong && { strong: terminal.strong }),
        })
      : migrated;
    if (!service.ok) await database.close();
    return service;
  } catch (error) {
    await database.close();
    return err(error instanceof Error ? startFailedText(errorText(error)) : String(error));
  }
}

/** How long a process that is stopped while it waits has for cleanup. */
const TIDY_UP_MS = 200;

/** Waits until the database answers or a signal stops the start. Meanwhile, the port answers that the service is alive and not ready. */
async function openPatiently(terminal: Terminal, config: Config): Promise<Result<OpenDatabase, string>> {
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
    // A connection attempt without an answer would keep the process alive.
    setTimeout(() => process.exit(0), TIDY_UP_MS);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const opened: (() => Promise<void>)[] = [];
  try {
    return await openDatabase(config, 'service', {
      openStore: terminal.openStore,
      signal: stopped.signal,
      onWaiting(why) {
        terminal.complain(databaseAwaitedText(databaseFailureText(why)));
        if (opened.length > 0) return;
        const onFailure = (code: string): void => void (code === 'EADDRINUSE' && terminal.complain(portBusyText(config, false)));
        opened.push(answerWhileWaiting(config, onFailure));
      },
    });
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop);
    for (const close of opened) await close();
  }
}

function destinationsLine({ platforms, accounts }: Config): string {
  const routes = accounts.reduce((sum, account) => sum + account.routes.length, 0);
  const connected = platforms.flatMap(({ name, connection }) => (connection?.reachedBy ? [{ name, reachedBy: connection.reachedBy }] : []));
  if (connected.length > 0) return connectedText(connected, routes);
  return printsHereText(platforms.flatMap(({ name, setUp }) => (setUp === null ? [] : [{ name, guide: setUp.guide }])));
}

/**
 * Stops the service on a signal, or after the database was restored: the state in memory, and writes in progress, belong to the old data.
 */
function stopWhenTold(service: Service, database: OpenDatabase, log: Log, restored: AbortSignal): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals | null): void => {
    if (stopping) return;
    stopping = true;
    if (signal === null) {
      log.error({}, 'stopping: the database was restored while this service was not connected to it; start it again');
      process.exitCode = EXIT_FAILED;
    } else log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.warn({}, 'stopped with unfinished work, which continues at the next start');
      process.exit(EXIT_FAILED);
    }, STOP_WITHIN_MS).unref();
    void service
      .stop()
      .then(() => database.close())
      .catch((error: unknown) => log.error({ error }, 'stopping failed'))
      .finally(() => process.exit());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const stopRestored = (): void => stop(null);
  if (restored.aborted) stopRestored();
  else restored.addEventListener('abort', stopRestored, { once: true });
}
