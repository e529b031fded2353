import { z } from 'zod';

/**
 * The format of a backup, which docs/backup.md describes: a header, one line of JSON; the rows, compressed; an end mark, one line of JSON.
 *
 * Within the compressed part each table is a line of JSON (`title`), its rows in the text form of COPY, a line each, and a line `\.`.
 */
export const FORMAT = 'creditwatch backup';
/** Rises when an older version could not read what is written. */
export const FORMAT_VERSION = 1;

/** The end of a table's rows: in the text form of COPY no row looks like this. */
export const END_OF_ROWS = '\\.';

const titleSchema = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
export type TableTitle = z.infer<typeof titleSchema>;

/** What every version can read of the first line. */
export const anyHeaderSchema = z.object({ format: z.literal(FORMAT), version: z.int().min(1), creditwatch: z.string() });

export const headerSchema = anyHeaderSchema.extend({
  version: z.literal(FORMAT_VERSION),
  /** The moment that all rows are of. */
  takenAt: z.iso.datetime().transform((text) => new Date(text)),
  /** The migrations that the database had, in their order. */
  migrations: z.array(z.string()).min(1),
  /** Which keys the secrets are encrypted with, as the secrets say themselves: the first digits of a hash, from which no key can be found. */
  encryptionKeys: z.array(z.string()),
  /** In the order in which they can be filled. */
  tables: z.array(titleSchema).min(1),
});
export type BackupHeader = z.infer<typeof headerSchema>;

const endSchema = z.object({
  /** Rows per table. */
  rows: z.record(z.string(), z.int().min(0)),
});
export type BackupEnd = z.infer<typeof endSchema>;

/** The end mark up to its checksum, which covers this too. */
export function beginningOfEnd(end: BackupEnd): string {
  return JSON.stringify(end).slice(0, -1);
}

/** The rest of the end mark. */
export function checksumText(sha256: string): string {
  return `,"sha256":"${sha256}"}\n`;
}

export const CHECKSUM_BYTES = checksumText('0'.repeat(64)).length;
const CHECKSUM = /^,"sha256":"[0-9a-f]{64}"\}\n$/;

/** Reads an end mark. Null: it is none. */
export function parseEnd(line: string): BackupEnd | null {
  if (!CHECKSUM.test(line.slice(-CHECKSUM_BYTES))) return null;
  try {
    return endSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** A name of the database's, quoted. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"table" ("column", …)`, for COPY. */
export function copied({ name, columns }: TableTitle): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}
