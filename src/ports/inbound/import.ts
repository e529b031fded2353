import type { Result } from '../../core/result.ts';
import type { ImportNote, ImportPlace, ImportProblem } from '../../core/text/import-problem.ts';

/** Readings from a file or from pasted text. Each one is validated later, on its own. */
export type Imported = {
  /** Null if the text does not name the source. */
  readonly source: string | null;
  /** The kind of text. A page belongs to the vendor that it was copied from; if the vendor is not certain, the person must name it. */
  readonly form: 'page' | 'table' | 'json';
  readonly readings: readonly unknown[];
  /** The position of each reading. */
  readonly places: readonly ImportPlace[];
  /** Text that looks like figures but could not be read, with its position and the reason. */
  readonly notes: readonly ImportNote[];
  /** How many of the notes are about text that certainly was a reading. */
  readonly lost: number;
  /** Identifies the text if its figures carry no time; null if each reading has its own time. */
  readonly digest: string | null;
};

/** One chunk of a file. */
export type ImportedPart = Pick<Imported, 'readings' | 'places' | 'notes' | 'lost'> & {
  /** Why reading stopped before the end of the file; null in most cases. */
  readonly broken: ImportProblem | null;
};

/** A file that is read chunk by chunk, so that memory use does not depend on its size. */
export type OpenedImport = Pick<Imported, 'source' | 'form' | 'digest'> & { readonly parts: AsyncIterable<ImportedPart> };

/**
 * Returns the event id of pasted figures: the same text pasted twice on one day is one observation; on another day it is a new one.
 * Null if the readings carry their own time.
 */
export function pastedEvent({ digest }: Pick<Imported, 'digest'>, now: Date): string | null {
  return digest === null ? null : `pasted ${digest} ${now.toISOString().slice(0, 10)}`;
}

/**
 * Reads text that was copied from a vendor's usage page, or the JSON of `/v1/usage`. The error says what is wrong.
 *
 * @param of the source that the page belongs to; null to detect it
 */
export type ParseImport = (text: string, of?: string | null) => Result<Imported, ImportProblem>;
