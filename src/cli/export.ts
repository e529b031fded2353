import { once } from 'node:events';
import { createWriteStream, openSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { localDayOf } from '../core/time/local-time.ts';
import { typedSpan } from '../core/time/parse-span.ts';
import { exportedText, notWrittenText } from '../messages/replies/export.ts';
import { sinceNotUnderstood } from '../messages/replies/operations.ts';
import { systemClock } from '../app/system-clock.ts';
import { rowsAsJson } from './export-json.ts';
import { forTerminal } from './for-terminal.ts';
import { currentOperator } from './current-operator.ts';
import { withOperations } from './with-operations.ts';
import { errorText } from './error-text.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch export [meter]`: writes consumption per meter, day and period as CSV, or as JSON. */
export async function exportConsumption(
  terminal: Terminal,
  what: string,
  {
    since,
    out,
    account,
    json,
  }: { readonly since: string | null; readonly out: string | null; readonly account: string | null; readonly json: boolean },
): Promise<void> {
  if (since !== null && typedSpan(since, localDayOf(systemClock.now(), 'UTC') + 1) === null) {
    terminal.refuse(sinceNotUnderstood(since));
    return;
  }
  await withOperations(terminal, { declares: false }, async (operations) => {
    const consumption = await operations.consumption({ account, actor: currentOperator(), what, since });
    if (!consumption.ok) return terminal.fail(consumption.error);
    const { meters, csv } = consumption.value;
    try {
      const file =
        out === null ? terminal.output : createWriteStream(out, { fd: openSync(resolve(terminal.cwd, out), 'w') }).on('error', () => {});
      const isTerminal = file === terminal.output && terminal.output.isTTY;
      for await (const text of json ? rowsAsJson(csv) : csv) await write(file, isTerminal ? forTerminal(text) : text);
      if (out !== null) {
        file.end();
        await once(file, 'finish');
        terminal.complain(exportedText(meters, out));
      }
    } catch (error) {
      terminal.fail(notWrittenText(out, errorText(error)));
    }
  });
}

/**
 * Writes a part, and waits if the reader is slower.
 *
 * @throws the error of the file
 */
async function write(file: Writable, text: string): Promise<void> {
  if (file.errored) throw file.errored;
  if (!file.write(text)) await once(file, 'drain');
}
