import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { DEFAULT_ACCOUNT, nameSchema } from '../core/meter.ts';
import { findService } from '../datadir/service-file.ts';
import { createIngest } from '../pipeline/ingest.ts';
import { pastedEvent, type Imported } from '../ports/import.ts';
import type { IngestReport } from '../ports/ingest.ts';
import { parseImport } from '../sources/import/parse-import.ts';
import { PUSH_SOURCE } from '../sources/push/body.ts';
import { declarationOf } from '../service.ts';
import { systemClock } from '../system-clock.ts';
import { configure, EXIT_FAILED, quietLogFor } from './configure.ts';
import { serviceClient } from './service-client.ts';
import { fail } from './start.ts';
import { complain, print } from './terminal.ts';
import { withDatabase } from './with-database.ts';

/** `creditwatch import`: through the running service, else straight into the database; alerts then go out at its next start. */
export async function importFile(file: string, source: string | null): Promise<void> {
  const config = configure();
  if (config === null) return;
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return fail(missing ? `There is no file ${file}.` : `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const imported = parseImport(text);
  if (!imported.ok) return fail(imported.error);
  const named = nameSchema.safeParse(source ?? imported.value.source ?? PUSH_SOURCE);
  if (!named.success) return fail('A source has 1 to 200 characters, without control characters or a slash.');
  const { readings } = imported.value;
  const arrivedAt = systemClock.now();
  const eventId = pastedEvent(imported.value, arrivedAt);

  const service = await findService(config.dataDir);
  try {
    if (service !== null) return say(await serviceClient(service).ingest(named.data, readings, eventId), imported.value, named.data);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  await withDatabase(config, async ({ store }) => {
    for (const account of config.accounts) await store.declare(declarationOf(account, config), systemClock.now());
    const ingest = createIngest({ store, log: quietLogFor(config), newId: randomUUID, wake: () => {} });
    const report = await ingest({ account: accountOf(config), source: named.data, via: 'import', eventId, arrivedAt, readings });
    say(report, imported.value, named.data);
  });
}

function accountOf(config: Config): string {
  return config.accounts[0]?.id ?? DEFAULT_ACCOUNT;
}

function say({ accepted, duplicates, rejected }: IngestReport, { places, notes }: Imported, source: string): void {
  print(`${accepted} taken into ${source}${duplicates > 0 ? `, ${duplicates} known already` : ''}${rejected.length > 0 ? `, ${rejected.length} not taken` : ''}.`);
  for (const { index, reason } of rejected) complain(`  ${places[index] ?? ''}: ${reason}`);
  for (const note of notes) complain(`  ${note}`);
  if (rejected.length > 0) process.exitCode = EXIT_FAILED;
}
