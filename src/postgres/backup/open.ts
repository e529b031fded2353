import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import type { BackupFileFailure } from '../../core/backup-failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { BadBackup } from './fault.ts';
import {
  anyHeaderSchema,
  CHECKSUM_BYTES,
  checksumText,
  END_OF_ROWS,
  FORMAT,
  FORMAT_VERSION,
  headerSchema,
  parseEnd,
  type BackupEnd,
  type BackupHeader,
} from './format.ts';

/** Longer than any header or end mark. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;
/** Longer than any stored row. A file with a longer line would fill the memory. */
const LONGEST_ROW_BYTES = 64 * 2 ** 20;
const BEGINNING = `{"format":"${FORMAT}"`;
const NEWLINE = '\n'.charCodeAt(0);
const ofThisSystem: Readonly<Record<string, number | undefined>> = constants;
/** Without this flag, opening a pipe without a writer would block. Windows has no such flag. */
const NOT_BLOCKING = ofThisSystem['O_NONBLOCK'] ?? 0;

export type OpenBackup = {
  readonly header: BackupHeader;
  readonly rows: BackupEnd['rows'];
  readonly bytes: number;
  /** The rows, in the order of the file. Throws BadBackup. */
  parts(): AsyncGenerator<BackupPart, void>;
  close(): Promise<void>;
};

/** `title`: the rows of this table follow. `rows`: some of its rows, whole lines. `end`: the table is complete. */
export type BackupPart =
  { readonly part: 'title'; readonly table: string } | { readonly part: 'rows'; readonly lines: Buffer } | { readonly part: 'end' };

/**
 * Opens a backup and verifies all of it: a truncated or altered file is rejected here.
 *
 * @returns the backup, to be closed by the caller; or why it cannot be restored
 */
export async function openBackup(path: string): Promise<Result<OpenBackup, BackupFileFailure>> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | NOT_BLOCKING);
  } catch (error) {
    return err(unreadable(error));
  }
  const opened = await check(file).catch((error: unknown) => err(unreadable(error)));
  if (!opened.ok) await file.close();
  return opened;
}

async function check(file: FileHandle): Promise<Result<OpenBackup, BackupFileFailure>> {
  const found = await file.stat();
  if (!found.isFile()) return err({ kind: 'not-a-file' });
  const { size } = found;
  const beginning = await read(file, 0, Math.min(size, LONGEST_LINE_BYTES));
  const headerEnd = beginning.indexOf(NEWLINE);
  const said = anyHeaderSchema.safeParse(jsonOf(beginning.subarray(0, Math.max(headerEnd, 0))));
  if (!said.success && headerEnd === -1 && beginning.toString('latin1').startsWith(BEGINNING)) return err({ kind: 'cut-off', bytes: size });
  if (!said.success) return err({ kind: 'not-a-backup' });
  if (said.data.version > FORMAT_VERSION)
    return err({ kind: 'newer-format', creditwatch: said.data.creditwatch, format: said.data.version, readable: FORMAT_VERSION });
  const tail = await read(file, Math.max(0, size - LONGEST_LINE_BYTES), Math.min(size, LONGEST_LINE_BYTES));
  const endAt = size - tail.length + tail.lastIndexOf(NEWLINE, tail.length - 2) + 1;
  const isWhole = tail.at(-1) === NEWLINE && endAt > headerEnd + 1;
  const endMark = tail.subarray(endAt - size + tail.length).toString('utf8');
  const end = isWhole ? parseEnd(endMark) : null;
  if (end === null) return err({ kind: 'cut-off', bytes: size });
  if (!endMark.endsWith(checksumText(await hashOf(file, size - CHECKSUM_BYTES)))) return err({ kind: 'damaged' });
  const header = headerSchema.safeParse(jsonOf(beginning.subarray(0, headerEnd)));
  if (!header.success) return err({ kind: 'bad-header', said: z.prettifyError(header.error) });
  return ok({
    header: header.data,
    rows: end.rows,
    bytes: size,
    parts: () => partsOf(file, { start: headerEnd + 1, end: endAt - 2 }),
    close: () => file.close(),
  });
}

function unreadable(error: unknown): BackupFileFailure {
  return { kind: 'unreadable', said: error instanceof Error ? error.message : String(error) };
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
  return buffer.subarray(0, bytesRead);
}

function jsonOf(bytes: Buffer): unknown {
  return parsedJson(bytes.toString('utf8'));
}

async function hashOf(file: FileHandle, length: number): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ start: 0, end: length - 1, autoClose: false }), hash);
  return hash.digest('hex');
}

const titleSchema = z.object({ name: z.string() });

/** @param range the compressed bytes, both ends included */
async function* partsOf(file: FileHandle, range: { readonly start: number; readonly end: number }): AsyncGenerator<BackupPart, void> {
  const inflated = createGunzip();
  const feeding = pipeline(file.createReadStream({ ...range, autoClose: false }), inflated);
  // The loop below throws the error; without this it would also be an unhandled rejection.
  feeding.catch(() => {});
  let table: string | null = null;
  for await (const whole of wholeLines(inflated, () => table)) {
    let lines = whole;
    while (lines.length > 0) {
      if (table === null) {
        const end = lines.indexOf(NEWLINE);
        const title = titleSchema.safeParse(jsonOf(lines.subarray(0, end)));
        if (!title.success) throw new BadBackup({ kind: 'unreadable-title' });
        table = title.data.name;
        yield { part: 'title', table };
        lines = lines.subarray(end + 1);
        continue;
      }
      const end = endOfRows(lines);
      const rows = end === null ? lines : lines.subarray(0, end);
      if (rows.length > 0) yield { part: 'rows', lines: rows };
      if (end === null) break;
      yield { part: 'end' };
      lines = lines.subarray(end + END_OF_ROWS.length + 1);
      table = null;
    }
  }
  await feeding;
  if (table !== null) throw new BadBackup({ kind: 'incomplete', table });
}

/** Returns the position of the line that ends a table's rows; null if it is still to come. */
function endOfRows(lines: Buffer): number | null {
  if (lines.indexOf(`${END_OF_ROWS}\n`) === 0) return 0;
  const before = lines.indexOf(`\n${END_OF_ROWS}\n`);
  return before === -1 ? null : before + 1;
}

/**
 * Yields the same bytes in pieces that end with a line break.
 *
 * @param table the table whose rows are read, for the fault; null between two tables
 * @throws BadBackup
 */
async function* wholeLines(source: AsyncIterable<unknown>, table: () => string | null): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    const bytes = z.instanceof(Buffer).parse(chunk);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      begun.push(bytes);
      length += bytes.length;
      if (length > LONGEST_ROW_BYTES)
        throw new BadBackup({ kind: 'row-too-long', table: table(), mostMebibytes: LONGEST_ROW_BYTES / 2 ** 20 });
      continue;
    }
    yield Buffer.concat([...begun, bytes.subarray(0, end)]);
    begun = end === bytes.length ? [] : [bytes.subarray(end)];
    length = bytes.length - end;
  }
  if (begun.length > 0) throw new BadBackup({ kind: 'incomplete', table: table() });
}
