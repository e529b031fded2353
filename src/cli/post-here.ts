import type { Config } from '../config/config.ts';
import { createDrain } from '../pipeline/deliver/drain.ts';
import { createLeases } from '../pipeline/deliver/leases.ts';
import type { Store } from '../ports/stores/store.ts';
import { openMessengers } from '../app/open-platforms.ts';
import { systemClock } from '../app/system-clock.ts';
import { mutedLogFor } from './configure.ts';
import type { Terminal } from './terminal.ts';

/** Posts the pending deliveries of a destination from this process, as the service would. */
export async function postHere(terminal: Terminal, store: Store, config: Config, destinationId: string): Promise<void> {
  const log = mutedLogFor(terminal, config);
  const clock = systemClock;
  const messengers = await openMessengers({ config, store, clock, log, write: (text) => terminal.print(text.trim()) });
  const metrics = { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} };
  const over = new AbortController();
  const leases = createLeases({ store, clock, log, monotonicMs: () => performance.now(), signal: over.signal });
  const drain = createDrain({
    store,
    messengers,
    clock,
    log,
    metrics,
    owner: `test:${process.pid}`,
    random: Math.random,
    leases,
    onLeftWaiting: () => {},
    signal: new AbortController().signal,
  });
  const renewing = leases.run();
  await drain(destinationId).finally(() => over.abort());
  await renewing;
}
