import type { Result } from '../../core/result.ts';

/** Readings as they stand in a file or in pasted text; each is checked later, by itself. */
export type Imported = {
  /** Null when the text does not say. */
  readonly source: string | null;
  /** What kind of text it is: a page belongs to the vendor that it is of, and where that is not sure somebody has to say it. */
  readonly form: 'page' | 'table' | 'json';
  readonly readings: readonly unknown[];
  /** Where each of them stands, for people: `line 4`, `reading 2`. */
  readonly places: readonly string[];
  /** What looked like figures and is none, with its place and why. */
  readonly notes: readonly string[];
  /** How many of the notes are of what surely was a reading. */
  readonly lost: number;
  /** Names the text where it does not say of when its figures are; null where each reading says so itself. */
  readonly digest: string | null;
};

/** As much of a file as is taken at once. */
export type ImportedPart = Pick<Imported, 'readings' | 'places' | 'notes' | 'lost'> & {
  /** Why nothing follows it though the file goes on; null for nearly all. */
  readonly broken: string | null;
};

/** A file that is read as it is taken, so that its size costs no memory. */
export type OpenedImport = Pick<Imported, 'source' | 'form' | 'digest'> & { readonly parts: AsyncIterable<ImportedPart> };

/**
 * The event that pasted figures are: the same text twice on one day is one observation, on another day it is a new one.
 * Null when the readings say themselves of when they are.
 */
export function pastedEvent({ digest }: Pick<Imported, 'digest'>, now: Date): string | null {
  return digest === null ? null : `pasted ${digest} ${now.toISOString().slice(0, 10)}`;
}

/**
 * Reads what was copied from a vendor's usage page, or the JSON of `/v1/usage`. The error says what it takes.
 *
 * @param of the source that a page is said to be of; null to find out
 */
export type ParseImport = (text: string, of?: string | null) => Result<Imported, string>;
