/**
 * Prisma's schema engine without a download: the WebAssembly build behind `prisma migrate`. Its package entry is for bundlers (it
 * imports the .wasm file as a module, which Node cannot), so this file assembles it.
 */
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const SCHEMA = join(ROOT, 'prisma', 'schema.prisma');
export const MIGRATIONS = join(ROOT, 'prisma', 'migrations');

/** Prisma ignores no tables. BullMQ's tables are in their own schema, which it does not read. */
const FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Returns the SQL that turns the database into the schema; empty if they match.
 *
 * @param url of a database
 * @param schema the text of schema.prisma
 */
export async function diff(url, schema = readFileSync(SCHEMA, 'utf8')) {
  const files = [{ path: SCHEMA, content: schema }];
  const { exitCode, stdout } = await withEngine(url, schema, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: ROOT },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: FILTERS,
      shadowDatabaseUrl: null,
    }),
  );
  // 0: no difference, 2: a difference, as in `prisma migrate diff --exit-code`.
  return exitCode === 0 ? '' : (stdout ?? '');
}

/** Applies new migrations as `prisma migrate deploy` does, and returns their names. */
export async function deploy(url, migrationsDir = MIGRATIONS) {
  const { appliedMigrationNames } = await withEngine(url, readFileSync(SCHEMA, 'utf8'), (engine) =>
    engine.applyMigrations({ migrationsList: listMigrations(migrationsDir), filters: FILTERS }),
  );
  return appliedMigrationNames;
}

/** Compares the database's records with the files, as `prisma migrate status` does. */
export async function diagnose(url, migrationsDir = MIGRATIONS) {
  return withEngine(url, readFileSync(SCHEMA, 'utf8'), (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList: listMigrations(migrationsDir), optInToShadowDatabase: false, filters: FILTERS }),
  );
}

function listMigrations(dir) {
  const names = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: dir,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(MIGRATIONS, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: readFileSync(join(dir, name, 'migration.sql'), 'utf8') } },
    })),
  };
}

let loaded = null;

function load() {
  loaded ??= (async () => {
    const wasm = createRequire(import.meta.url)
      .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
      .replace(/\.js$/, '.wasm');
    const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': engineModule });
    engineModule.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    // The engine reports its own bugs here before it aborts.
    globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => console.error(message) };
    return engineModule.SchemaEngine;
  })();
  return loaded;
}

async function withEngine(url, schema, work) {
  const SchemaEngine = await load();
  const pool = new DescribablePool({ connectionString: url });
  pool.on('error', () => {});
  try {
    const engine = await SchemaEngine.new(
      { datamodels: [[SCHEMA, schema]] },
      () => {},
      bindMigrationAwareSqlAdapterFactory(describingAdapter(pool)),
    );
    return await work(engine);
  } finally {
    await pool.end();
  }
}

/**
 * The system tables that the engine reads use PostgreSQL's one-letter type "char", and the pg adapter only supports arrays of it.
 * So a value passes the adapter as an array and is unpacked after that.
 */
class DescribablePool extends Pool {
  static #CHAR = 18;
  static #CHAR_ARRAY = 1002;

  async query(...query) {
    const result = await super.query(...query);
    // Several statements have several results.
    for (const field of [result].flat().flatMap(({ fields }) => fields))
      if (field.dataTypeID === DescribablePool.#CHAR) field.dataTypeID = DescribablePool.#CHAR_ARRAY;
    return result;
  }
}

function describingAdapter(pool) {
  const inner = new PrismaPg(pool);
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    async connect() {
      const adapter = await inner.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      adapter.queryRaw = async (query) => {
        const { columnTypes, ...result } = await queryRaw(query);
        return {
          ...result,
          columnTypes: columnTypes.map((type) => (type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type)),
        };
      };
      // The adapter splits a script at every semicolon, even in a comment or the body of a function. Prisma's own engine does not.
      adapter.executeScript = async (script) => void (await pool.query(script));
      return adapter;
    },
    connectToShadowDb() {
      throw new Error('nothing here needs a shadow database');
    },
  };
}
