import { err, ok, type Result } from '../../core/result.ts';
import type { ImportedPart, OpenedImport } from '../../ports/inbound/import.ts';
import { lacksHeader, looksLikeCsv } from './csv-columns.ts';
import { streamCsv } from './csv.ts';
import { parseImport } from './parse-import.ts';
import type { ImportProblem } from '../../core/text/import-problem.ts';

/** Contains the header. */
const HEAD = 64 * 1024;
const MEBIBYTE = 1024 * 1024;
/** Text and JSON are read into memory, which takes several times their size. */
const MOST_WHOLE = 16 * MEBIBYTE;

/**
 * Reads a file of any format that `parseImport` accepts: CSV of any size, text and JSON up to a limit.
 *
 * @param of the source of the page; null to detect it
 */
export async function openImport(file: AsyncIterable<string>, of: string | null = null): Promise<Result<OpenedImport, ImportProblem>> {
  const chunks = file[Symbol.asyncIterator]();
  let text = '';
  /** @returns false at the end of the file */
  const read = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done !== true) text += next.value;
    return next.done !== true;
  };
  while (text.length < HEAD && lacksHeader(text)) if (!(await read())) break;
  const head = text.replace(/^\uFEFF/, '').trimStart();
  if (looksLikeCsv(head) && !/^[[{]/.test(head)) return streamCsv(head, { [Symbol.asyncIterator]: () => chunks });
  while (await read()) {
    if (text.length <= MOST_WHOLE) continue;
    await chunks.return?.();
    return err({ kind: 'too-large', mostMb: MOST_WHOLE / MEBIBYTE });
  }
  const imported = parseImport(text, of);
  return imported.ok ? ok({ ...imported.value, parts: whole({ ...imported.value, broken: null }) }) : imported;
}

async function* whole(part: ImportedPart): AsyncGenerator<ImportedPart> {
  yield part;
}
