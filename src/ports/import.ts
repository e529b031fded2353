import type { Result } from '../core/result.ts';

/** Readings as they stand in a file or in pasted text; each is checked later, by itself. */
export type Imported = {
  /** Null when the text does not say. */
  readonly source: string | null;
  readonly readings: readonly unknown[];
  /** Where each of them stands, for people: `line 4`, `reading 2`. */
  readonly places: readonly string[];
  /** What looked like figures and is none, with its place and why. */
  readonly notes: readonly string[];
};

/** Reads what was copied from a vendor's usage page, or the JSON of `/v1/usage`. The error says what it takes. */
export type ParseImport = (text: string) => Result<Imported, string>;
