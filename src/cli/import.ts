import { readFileSync } from 'node:fs';
import { nameSchema } from '../core/meter.ts';
import { pastedEvent, type Imported } from '../ports/import.ts';
import type { IngestReport } from '../ports/ingest.ts';
import { parseImport } from '../sources/import/parse-import.ts';
import { PUSH_SOURCE } from '../sources/push/body.ts';
import { systemClock } from '../system-clock.ts';
import { EXIT_FAILED, fail } from './configure.ts';
import { complain, print } from './terminal.ts';
import { withDesk } from './with-desk.ts';

/** `creditwatch import`: through the running service, else straight into the database; alerts then go out at its next start. */
export async function importFile(file: string, { source, account }: { readonly source: string | null; readonly account: string | null }): Promise<void> {
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
  await withDesk({ declares: true }, async (desk) => {
    const taken = await desk.take({ account, source: named.data, eventId: pastedEvent(imported.value, systemClock.now()), readings });
    if (taken.ok) say(taken.value, imported.value, named.data);
    else fail(taken.error);
  });
}

function say({ accepted, duplicates, rejected }: IngestReport, { places, notes }: Imported, source: string): void {
  print(`${accepted} taken into ${source}${duplicates > 0 ? `, ${duplicates} known already` : ''}${rejected.length > 0 ? `, ${rejected.length} not taken` : ''}.`);
  for (const { index, reason } of rejected) complain(`  ${places[index] ?? ''}: ${reason}`);
  for (const note of notes) complain(`  ${note}`);
  if (rejected.length > 0) process.exitCode = EXIT_FAILED;
}
