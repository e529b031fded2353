import { once } from 'node:events';
import { createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { consumptionSince } from '../commands/consumption.ts';
import { matchMeters } from '../commands/find.ts';
import { consumptionCsv, consumptionLines } from '../core/export.ts';
import { startOfLocalDay } from '../core/local-time.ts';
import type { Meter } from '../core/meter.ts';
import { firstDay, typedSince } from '../core/since.ts';
import { systemClock } from '../system-clock.ts';
import { configure, EXIT_USAGE } from './configure.ts';
import { fail } from './start.ts';
import { complain } from './terminal.ts';
import { withDatabase } from './with-database.ts';

/** `creditwatch export [meter]`: consumption per meter, day and period as CSV, for the budget. Written as it is read, so that memory stays flat. */
export async function exportConsumption(what: string, { since: asked, out }: { readonly since: string | null; readonly out: string | null }): Promise<void> {
  const config = configure();
  if (config === null) return;
  const since = asked === null ? null : typedSince(asked);
  if (asked !== null && since === null) {
    complain('--since must be a day such as 2026-11-01, or a number of days such as 90d.');
    process.exitCode = EXIT_USAGE;
    return;
  }
  await withDatabase(config, async ({ store }) => {
    const chosen: { meter: Meter; timeZone: string }[] = [];
    for (const { id, timeZone } of config.accounts) {
      const meters = (await store.meters(id)).map(({ meter }) => meter);
      for (const meter of what === '' ? meters : matchMeters(what, meters)) chosen.push({ meter, timeZone });
    }
    if (chosen.length === 0) return fail(what === '' ? 'There are no figures yet.' : `There is no meter "${what}". All meters: npx creditwatch usage`);
    const now = systemClock.now();
    try {
      // Opened at once, so that a folder that is not there is said before anything is read.
      const file = out === null ? process.stdout : createWriteStream(out, { fd: openSync(out, 'w') }).on('error', () => {});
      await write(file, consumptionCsv([]));
      for (const { meter, timeZone } of chosen) {
        const span = { since: since && startOfLocalDay(firstDay(since, now, timeZone), timeZone), now, timeZone };
        for await (const rows of consumptionSince(store, meter, span)) await write(file, consumptionLines(rows));
      }
      if (out !== null) {
        file.end();
        await once(file, 'finish');
        complain(`${String(chosen.length)} ${chosen.length === 1 ? 'meter' : 'meters'} written to ${out}.`);
      }
    } catch (error) {
      fail(`${out ?? 'The output'} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

/** Waits where the reader is slower than we are, and throws what goes wrong with the file. */
async function write(file: Writable, text: string): Promise<void> {
  if (file.errored) throw file.errored;
  if (!file.write(text)) await once(file, 'drain');
}
