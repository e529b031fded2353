import { createHash } from 'node:crypto';
import { types, type ClientBase, type Pool } from 'pg';
import { Prisma } from '../../generated/client.ts';

/**
 * Runs SQL. Values in the templates become parameters, and parts made by `Prisma.sql` become part of the statement. Check the rows with a
 * schema: `bigint` columns give bigint, `timestamptz` columns Date, JSON columns the parsed value.
 *
 * @throws pg's error, which the `Database` turns into StoreUnavailable or StoreRefused
 */
export type Queries = {
  /** Returns the rows. */
  rows(text: TemplateStringsArray, ...values: readonly unknown[]): Promise<unknown[]>;
  /** Returns how many rows were changed. */
  run(text: TemplateStringsArray, ...values: readonly unknown[]): Promise<number>;
};

/**
 * Runs SQL on connections of pg. Parsed statements are kept by the server under a name, which a pooler that shares sessions does not
 * allow.
 */
export function queriesOn(connection: Pool | ClientBase, { isNamed }: { readonly isNamed: boolean }): Queries {
  const ask = (text: TemplateStringsArray, values: readonly unknown[]) => {
    const statement = Prisma.sql(text, ...values);
    return connection.query<Record<string, unknown>>({
      text: statement.text,
      values: statement.values,
      types: TYPES,
      ...(isNamed && { name: nameOf(statement.text) }),
    });
  };
  return {
    rows: async (text, ...values) => (await ask(text, values)).rows,
    run: async (text, ...values) => (await ask(text, values)).rowCount ?? 0,
  };
}

/** Runs SQL in a transaction of Prisma. */
export function queriesIn(transaction: Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>): Queries {
  return {
    rows: (text, ...values) => transaction.$queryRaw<unknown[]>(text, ...values),
    run: (text, ...values) => transaction.$executeRaw(text, ...values),
  };
}

const { INT8 } = types.builtins;

/** pg gives `bigint` columns as text, because it is older than bigint. */
const TYPES: typeof types = {
  ...types,
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === INT8 && format !== 'binary' ? BigInt : format === 'binary' ? types.getTypeParser(id, format) : types.getTypeParser(id),
};

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  names.set(text, name);
  return name;
}
