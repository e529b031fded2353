import { expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';

const NOTE_MODULES = new URL('../support/note-modules.mjs', import.meta.url).href;

test('a service that has made its key and looks for others does not load the query compiler of Prisma', async () => {
  const { url: databaseUrl } = await createDatabase();
  const app = await startProcess({
    dataDir: dataFolder(),
    databaseUrl,
    env: { INGEST_KEY: '', NODE_OPTIONS: `--import=${NOTE_MODULES}` },
  });
  // An unknown key makes it read the stored ones, as it does every few seconds.
  const refused = await app.push({ readings: [] }, { authorization: `Bearer cw_${'x'.repeat(32)}` });
  expect(refused.status).toBe(401);
  await app.stop();
  const loaded = app.output().match(/^loads .*$/gm) ?? [];
  expect(loaded.some((line) => line.includes('/postgres/store/secret-store.js'))).toBe(true);
  expect(loaded.filter((line) => line.includes('query_compiler'))).toEqual([]);
});
