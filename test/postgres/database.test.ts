import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/postgres/store/database.ts';
import { createDatabase, runSql } from '../support/database.ts';

test('of two transactions that wait for each other the one that PostgreSQL ends runs once more, and both are done', async () => {
  const { url } = await createDatabase();
  await runSql(url, "INSERT INTO account (id, created_at) VALUES ('left', now()), ('right', now())");
  const database = openDatabase(url, { connections: 2 });
  onTestFinished(() => database.close());
  let begun = 0;
  let bothHold = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    bothHold = resolve;
  });
  const change = (first: string, second: string) =>
    database.transaction(async (queries) => {
      await queries.$executeRaw`UPDATE account SET admins = array_append(admins, ${first}) WHERE id = ${first}`;
      begun += 1;
      if (begun === 2) bothHold();
      await held;
      await queries.$executeRaw`UPDATE account SET admins = array_append(admins, ${first}) WHERE id = ${second}`;
      return first;
    });
  expect(await Promise.all([change('left', 'right'), change('right', 'left')])).toEqual(['left', 'right']);
  expect(begun).toBe(3);
  expect(await runSql(url, 'SELECT cardinality(admins) AS changes FROM account ORDER BY id')).toEqual([{ changes: 2 }, { changes: 2 }]);
});

test('what fails for another reason is not run again', async () => {
  const { url } = await createDatabase();
  const database = openDatabase(url, { connections: 1 });
  onTestFinished(() => database.close());
  let runs = 0;
  const failing = database.transaction(async () => {
    runs += 1;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(runs).toBe(1);
});
