import { z } from 'zod';

/**
 * The format of a backup, which docs/backup.md describes: a header (one line of JSON), the compressed rows, and an end mark (one
 * line of JSON).
 *
 * In the compressed part each table is a line of JSON (`title`), its rows in the text form of COPY, one per line, and a line `\.`.
 */
export const FORMAT = 'creditwatch backup';
/** Increased when older versions could not read the new format. */
export const FORMAT_VERSION = 1;

/** Ends the rows of a table. No row looks like this in the text form of COPY. */
export const END_OF_ROWS = '\\.';

const titleSchema = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
export type TableTitle = z.infer<typeof titleSchema>;

/** The part of the header that every version can read. */
export const anyHeaderSchema = z.object({ format: z.literal(FORMAT), version: z.int().min(1), creditwatch: z.string() });

export const headerSchema = anyHeaderSchema.extend({
  version: z.literal(FORMAT_VERSION),
  /** The time of the snapshot that all rows come from. */
  takenAt: z.iso.datetime().transform((text) => new Date(text)),
  /** The migrations of the database, in order. */
  migrations: z.array(z.string()).min(1),
  /** The keys that encrypt the secrets, by the first digits of their hash. The key cannot be found from it. */
  encryptionKeys: z.array(z.string()),
  /** In an order in which they can be filled: a table comes after the tables it refers to. */
  tables: z.array(titleSchema).min(1),
});
export type BackupHeader = z.infer<typeof headerSchema>;

const endSchema = z.object({
  /** Rows per table. */
  rows: z.record(z.string(), z.int().min(0)),
});
export type BackupEnd = z.infer<typeof endSchema>;

/** The end mark up to its checksum. The checksum covers this part, too. */
export function beginningOfEnd(end: BackupEnd): string {
  return JSON.stringify(end).slice(0, -1);
}

/** The rest of the end mark. */
export function checksumText(sha256: string): string {
  return `,"sha256":"${sha256}"}\n`;
}

export const CHECKSUM_BYTES = checksumText('0'.repeat(64)).length;
const CHECKSUM = /^,"sha256":"[0-9a-f]{64}"\}\n$/;

/** Reads an end mark; null if the line is not one. */
export function parseEnd(line: string): BackupEnd | null {
  if (!CHECKSUM.test(line.slice(-CHECKSUM_BYTES))) return null;
  try {
    return endSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Quotes an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Returns `"table" ("column", …)` for COPY. */
export function copied({ name, columns }: TableTitle): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}
