import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nameSchema } from '../core/meters/meter.ts';
import { readAhead } from '../async/read-ahead.ts';
import { err } from '../core/result.ts';
import { sumOfExpired, type Expired, type Operations } from '../ports/inbound/operations.ts';
import { pastedEvent, type OpenedImport } from '../ports/inbound/import.ts';
import { openImport } from '../sources/import/open-import.ts';
import { textOf } from '../sources/import/text.ts';
import { PUSH_SOURCE } from '../sources/push/body.ts';
import { systemClock } from '../app/system-clock.ts';
import { createSourceHint, importChanges, readFigures, type Figures } from './import-changes.ts';
import { createProgress } from './progress.ts';
import { forTerminal } from './for-terminal.ts';
import { currentOperator } from './current-operator.ts';
import { withOperations } from './with-operations.ts';
import { EXIT_FAILED, type Terminal } from './terminal.ts';
import { importNoteText, rejectedText } from '../messages/forms/import-notes.ts';
import { importProblemText } from '../messages/forms/import-problems.ts';
import {
  alsoInSources,
  expiredText,
  BAD_SOURCE_NAME,
  furtherLines,
  importChangesText,
  importingText,
  perhapsOfVendor,
  recognisedText,
  savedText,
  unknownVendor,
  unreadableFile,
} from '../messages/replies/import-report.ts';

/** If two columns are mixed up, a million rows may be wrong for the same reason. */
const MOST_SHOWN = 50;

type Counts = { accepted: number; duplicates: number; refused: number; complaints: number };

/**
 * `creditwatch import`: imports a file through the running service, or directly into the database; then alerts go out at the next start. A
 * long file is saved in parts. If a later part fails, the earlier parts stay, and the next import of the file recognizes them.
 */
export async function importFile(
  terminal: Terminal,
  file: string,
  { source, account, json = false }: { readonly source: string | null; readonly account: string | null; readonly json?: boolean },
): Promise<void> {
  const stream = file === '-' ? terminal.input : createReadStream(resolve(terminal.cwd, file));
  const opened = await openImport(textOf(stream), source).catch((error: unknown) => err(unreadable(file, error)));
  if (!opened.ok) {
    if (typeof opened.error === 'string') return terminal.fail(opened.error);
    const isUnnamed = source === null && opened.error.kind === 'no-figures';
    return terminal.fail([importProblemText(opened.error), ...(isUnnamed ? [perhapsOfVendor(file)] : [])].join('\n'));
  }
  if (source === null && opened.value.source === null && opened.value.form === 'page') return terminal.fail(unknownVendor(file));
  const named = nameSchema.safeParse(source ?? opened.value.source ?? PUSH_SOURCE);
  if (!named.success) return terminal.fail(BAD_SOURCE_NAME);
  if (source === null && opened.value.form === 'page' && !json) terminal.print(recognisedText(named.data, file));
  const progress = createProgress(terminal.errors, forTerminal(importingText(file)), file === '-' ? 0 : sizeOf(terminal, file));
  await withOperations(terminal, { declares: true }, async (operations) => {
    const before = await readFigures(operations, account);
    const taken = await takeAll(
      terminal,
      operations,
      opened.value,
      { source: named.data, account, isNamed: source !== null, json, known: before },
      {
        at: () => progress.at('bytesRead' in stream && typeof stream.bytesRead === 'number' ? stream.bytesRead : 0),
        end: () => progress.end(),
      },
    );
    const { changed, fell, missing } = importChangesText(importChanges(before, await readFigures(operations, account), named.data));
    const old = taken.expired === null ? [] : [expiredText(taken.expired)];
    if (json) {
      const { counts, shown, isWhole } = taken;
      const trimmed = (lines: readonly string[]) => lines.map((line) => line.trim());
      const { accepted, duplicates, refused } = counts;
      if (refused > 0) terminal.endWith(EXIT_FAILED);
      const said = { source: named.data, isWhole, accepted, duplicates, refused };
      return terminal.print(
        JSON.stringify({ ...said, notes: trimmed([...shown, ...old]), changed: trimmed(changed), fell: trimmed(fell) }, null, 2),
      );
    }
    for (const line of old) terminal.complain(line);
    for (const line of changed) terminal.print(line);
    for (const line of taken.isWhole && opened.value.form !== 'table' ? [...fell, ...missing] : fell) terminal.complain(line);
  });
  // The rest of the stream, if the import stopped early.
  stream.destroy();
}

/** Returns the size in bytes, or 0 for a pipe, which has none. */
function sizeOf({ cwd }: Terminal, file: string): number {
  return statSync(resolve(cwd, file), { throwIfNoEntry: false })?.size ?? 0;
}

function unreadable(file: string, error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return unreadableFile(file, error.code === 'ENOENT' ? null : error.message);
}

type Taken = { readonly isWhole: boolean; readonly counts: Counts; readonly shown: readonly string[]; readonly expired: Expired | null };

/** Saves the file part by part; the next part is parsed while one is saved. `isWhole`: the whole file was read and saved. */
async function takeAll(
  terminal: Terminal,
  operations: Operations,
  { digest, form, parts }: OpenedImport,
  {
    source,
    account,
    isNamed,
    json,
    known,
  }: {
    readonly known: Figures;
    readonly source: string;
    readonly account: string | null;
    readonly isNamed: boolean;
    readonly json: boolean;
  },
  progress: { at(): void; end(): void },
): Promise<Taken> {
  const eventId = pastedEvent({ digest }, systemClock.now());
  const counts: Counts = { accepted: 0, duplicates: 0, refused: 0, complaints: 0 };
  const shown: string[] = [];
  const hint = createSourceHint(isNamed || form !== 'table' ? [] : known, source);
  const elsewhere = new Set<string>();
  const complainOf = (what: string) => {
    counts.complaints += 1;
    if (shown.length < MOST_SHOWN) shown.push(`  ${what}`);
  };
  let failure: string | null = null;
  let expired: Expired | null = null;
  for await (const { readings, places, notes, lost, broken } of readAhead(parts)) {
    const taken = await operations.take({ account, actor: currentOperator(), source, eventId, readings });
    failure = !taken.ok ? taken.error : broken === null ? null : importProblemText(broken);
    if (!taken.ok) break;
    counts.accepted += taken.value.accepted;
    counts.duplicates += taken.value.duplicates;
    expired = sumOfExpired(expired, taken.value.expired);
    for (const other of hint(readings)) elsewhere.add(other);
    counts.refused += taken.value.rejected.length + lost;
    for (const { index, reason } of taken.value.rejected) complainOf(rejectedText(places[index], reason));
    for (const note of notes) complainOf(importNoteText(note));
    progress.at();
  }
  progress.end();
  const isAnySaid = counts.accepted + counts.duplicates + counts.complaints > 0;
  if (!json && (failure === null || isAnySaid)) say(terminal, counts, shown, source);
  if (elsewhere.size > 0) terminal.complain(alsoInSources([...elsewhere]));
  if (failure !== null) terminal.fail(failure);
  return { isWhole: failure === null, counts, shown, expired };
}

function say(terminal: Terminal, counts: Counts, shown: readonly string[], source: string): void {
  const { refused, complaints } = counts;
  terminal.print(savedText(counts, source));
  for (const line of shown) terminal.complain(line);
  if (complaints > shown.length) terminal.complain(furtherLines(complaints - shown.length));
  if (refused > 0) terminal.endWith(EXIT_FAILED);
}
