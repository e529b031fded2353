import type { Client } from 'pg';
import { z } from 'zod';
import type { MigrationFile } from '../migrate.ts';
import type { TableTitle } from './format.ts';

const MADE = /^CREATE (?:OR REPLACE )?(?:UNLOGGED )?(TABLE|FUNCTION|TYPE|SEQUENCE|VIEW) (?:IF NOT EXISTS )?"?(\w+)"?/gim;

/** An object that a migration creates: its kind (such as `TABLE`) and name. */
export type Made = { readonly kind: string; readonly name: string };

/** Lists what the migrations create, by their text. The database may hold other tables, too. */
export function madeBy(files: readonly MigrationFile[]): readonly Made[] {
  return files.flatMap(({ sql }) => [...sql.matchAll(MADE)].map(([, kind = '', name = '']) => ({ kind: kind.toUpperCase(), name })));
}

const tableRows = z.array(z.object({ name: z.string(), columns: z.array(z.string()), refers: z.array(z.string()) }));

/**
 * Lists the tables of Creditwatch in the database with their data columns, each after the tables its foreign keys refer to.
 *
 * @throws Error if tables refer to each other in a circle
 */
export async function readTables(client: Client, made: readonly Made[]): Promise<readonly TableTitle[]> {
  const names = made.filter(({ kind }) => kind === 'TABLE').map(({ name }) => name);
  const { rows } = await client.query(
    `SELECT relname::text AS name,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
       ARRAY(SELECT DISTINCT other.relname::text FROM pg_constraint JOIN pg_class AS other ON other.oid = confrelid
         WHERE conrelid = pg_class.oid AND contype = 'f' AND confrelid <> pg_class.oid) AS refers
     FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind IN ('r', 'p') AND relname = ANY($1)
     ORDER BY relname`,
    [names],
  );
  const waiting = new Map(tableRows.parse(rows).map((table) => [table.name, table]));
  const ordered: TableTitle[] = [];
  while (waiting.size > 0) {
    const next = [...waiting.values()].find(({ refers }) => !refers.some((name) => waiting.has(name)));
    if (next === undefined) throw new Error(`the tables ${[...waiting.keys()].join(', ')} refer to each other in a circle`);
    waiting.delete(next.name);
    ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}
