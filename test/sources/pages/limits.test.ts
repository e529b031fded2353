import { expect, test } from 'vitest';
import { createQueries } from '../../../src/queries/queries.ts';
import { createBodies } from '../../../src/http/request-bodies.ts';
import { mountPages } from '../../../src/sources/pages/routes.ts';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import type { CaptureStore } from '../../../src/ports/stores/capture-store.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { acceptAll, listening } from '../../http/listening.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';
import { readStoreOf } from '../../support/read-store.ts';

const KEY = `cwp_${'a'.repeat(32)}`;
const MOST_IN_FLIGHT = 16;

/** Sends an empty page to the routes over a store of keys. */
async function routes(find: CaptureStore['find']): Promise<() => Promise<Response>> {
  const mount = mountPages({
    captures: { find },
    accounts: ['default'],
    ingest: acceptAll,
    queries: createQueries({ store: readStoreOf([]), clock: systemClock }),
    parseImport,
    clock: systemClock,
    log: recordedLog(),
    metrics: { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} },
    bodies: createBodies(1024),
  });
  const { url } = await listening({ mounts: [mount] });
  return () => fetch(`${url}/v1/pages`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body: '{}' });
}

test('a page that arrives while the database is away is to be sent again', async () => {
  const send = await routes(() => Promise.reject(new StoreUnavailable(null)));
  const answer = await send();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answer.json()).toMatchObject({ code: 'database-away' });
});

test('more than 16 pages at once are refused, and then taken again', async () => {
  let release = (): void => undefined;
  const held = new Promise<null>((resolve) => {
    release = () => resolve(null);
  });
  let looking = 0;
  let full = (): void => undefined;
  const isFull = new Promise<void>((resolve) => {
    full = resolve;
  });
  const send = await routes(() => {
    looking += 1;
    if (looking === MOST_IN_FLIGHT) full();
    return held;
  });
  const taken = Array.from({ length: MOST_IN_FLIGHT }, send);
  await isFull;
  const refused = await send();
  expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'too-many-requests' }]);
  release();
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(taken.map(() => 401));
  expect((await send()).status).toBe(401);
});
