import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { findMeters } from '../../src/commands/find-meters.ts';
import { matchMeters, withNames } from '../../src/commands/match-meter.ts';
import { plain } from '../../src/commands/names.ts';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { migrate } from '../../src/postgres/migrate.ts';
import { createDatabase, openTestStore, runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const NAMES_MIGRATION = '20261130145000_meter_names';
const AT = '2026-11-20T08:00:00.000Z';

/** A text in SQL. */
const quoted = (text: string) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

type Known = { readonly source: string; readonly key: string; readonly label: string; readonly aliases: readonly string[] };

async function add(url: string, meters: readonly Known[]): Promise<void> {
  await runSql(url, `INSERT INTO account (id, created_at) VALUES ('a', '${AT}') ON CONFLICT DO NOTHING`);
  for (const source of new Set(meters.map((one) => one.source)))
    await runSql(
      url,
      `INSERT INTO source (account_id, id, kind, first_seen_at) VALUES ('a', ${quoted(source)}, 'push', '${AT}') ON CONFLICT DO NOTHING`,
    );
  const rows = meters.map(
    ({ source, key, label, aliases }) =>
      `('${randomUUID()}', 'a', ${quoted(source)}, ${quoted(key)}, ${quoted(label)}, '', 0, ARRAY[${aliases.map(quoted).join(', ')}]::text[], '${AT}', 1, '${AT}')`,
  );
  await runSql(
    url,
    `INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, aliases, created_at, used, observed_at) VALUES ${rows.join(', ')} ON CONFLICT DO NOTHING`,
  );
}

async function namesIn(url: string): Promise<readonly unknown[]> {
  const rows = await runSql(url, 'SELECT name FROM meter_name ORDER BY name');
  return rows.map(({ name }) => name);
}

test('the database reduces every character as it reduces the character that the search takes it for', async () => {
  const { url } = await createDatabase();
  const changed: string[] = [];
  for (let code = 1; code <= 0x10ffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (plain(`a${character}b`) !== `a${character}b`) changed.push(character);
  }
  expect(changed.length).toBeGreaterThan(1_000);
  const pairs = JSON.stringify(changed.map((one) => ({ typed: `a${one}b`, sought: plain(`a${one}b`) })));
  expect(
    await runSql(
      url,
      `SELECT typed FROM jsonb_to_recordset(${quoted(pairs)}::jsonb) AS pair(typed text, sought text) WHERE searchable_name(typed) <> searchable_name(sought)`,
    ),
  ).toEqual([]);
});

test('names follow the key, the label and the aliases of a meter, and go with it', async () => {
  const { url } = await createDatabase();
  await add(url, [{ source: 'crm', key: 'apollo_contacts', label: 'Apollo Contacts', aliases: ['Leads!'] }]);
  expect(await namesIn(url)).toEqual(['apollocontacts', 'leads']);
  await runSql(url, `UPDATE meter SET label = 'People', used = 2`);
  expect(await namesIn(url)).toEqual(['apollocontacts', 'leads', 'people']);
  await runSql(url, `UPDATE meter SET aliases = '{}', label = 'Apollo-Contacts'`);
  expect(await namesIn(url)).toEqual(['apollocontacts']);
  await runSql(url, `DELETE FROM account`);
  expect(await namesIn(url)).toEqual([]);
});

test('the meters of an older version get their names', async () => {
  const url = await databaseBefore(NAMES_MIGRATION);
  await add(url, [
    { source: 'crm', key: 'a_b', label: 'Über 7', aliases: ['Привет'] },
    { source: 'crm', key: 'c', label: 'x'.repeat(70_000), aliases: [] },
  ]);
  expect(await migrate({ url, migrationsDir: MIGRATIONS })).toMatchObject({ ok: true });
  expect(await namesIn(url)).toEqual(['ab', 'ber7', 'c', 'x'.repeat(70_000), 'привет']);
});

const part = fc.constantFrom('apollo', 'Contacts', 'open', 'AI', '7', 'ΟΔΟΣ', 'Привет', '漢字', 'İx', '\u212a', 'it’s', '(pro)', '🙂', 'é');
const gap = fc.constantFrom(' ', '_', '-', '', '  ', '\u200b');
const name = fc.array(fc.tuple(part, gap), { minLength: 1, maxLength: 4 }).map((parts) => parts.flat().join('').trim());
const known = fc.record({
  source: fc.constantFrom('crm', 'Open AI', 'apollo'),
  key: name.filter((text) => text !== ''),
  label: name,
  aliases: fc.array(name, { maxLength: 2 }),
});

test('a typed name finds in the database what it finds among all meters', async () => {
  const { url } = await createDatabase();
  const store = openTestStore(url, Buffer.alloc(32, 1));
  onTestFinished(() => store.close());
  const meters = fc.sample(known, { numRuns: 300, seed: 20 });
  await add(url, meters);
  const all = await withNames(await store.meters('a'));
  expect(all.length).toBeGreaterThan(100);
  const typed = [
    ...fc.sample(
      fc.oneof(
        name,
        name.map((text) => text.toUpperCase()),
        name.map((text) => text.slice(1, -1)),
      ),
      { numRuns: 120, seed: 19 },
    ),
    ...meters.slice(0, 20).flatMap(({ source, key, label }) => [`${source}/${key}`, label.toLowerCase(), key.slice(0, 3), ` ${label} `]),
    '',
    ' ',
    '/',
    '!',
    'crm',
    'apollo',
    'open ai',
    'OPEN_AI',
    'apollo/',
    'nothing',
    '\u200b',
  ];
  const found = { none: 0, one: 0, several: 0 };
  for (const text of typed) {
    const expected = matchMeters(text, all).map(({ id }) => id);
    const matched = await findMeters(store, 'a').search((match) => match(text));
    expect([text, matched.map(({ id }) => id)]).toEqual([text, expected]);
    found[expected.length === 0 ? 'none' : expected.length === 1 ? 'one' : 'several'] += 1;
  }
  expect(Math.min(...Object.values(found))).toBeGreaterThan(5);
}, 60_000);
