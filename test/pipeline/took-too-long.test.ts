import { expect, test } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { IngestStore } from '../../src/ports/stores/ingest-store.ts';
import { StoreUnavailable } from '../../src/ports/stores/store-errors.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const SLOW = new StoreUnavailable('slow-statement', { tookTooLong: true });

test('submissions that took too long together are tried alone until one takes too long again, and the log says how large they were', async () => {
  const tried: (readonly string[])[] = [];
  const store: IngestStore = {
    async ingest({ keys }) {
      tried.push(keys);
      throw SLOW;
    },
    namesOf: async () => [],
    forgetEvents: async () => undefined,
  };
  const log = recordedLog();
  const ingest = createIngest({ store, log, newId: () => 'id', wake: () => undefined });
  const push = (meter: string) =>
    ingest({
      account: 'default',
      source: 'vendor',
      via: 'push',
      eventId: null,
      arrivedAt: new Date('2026-11-30T09:00:00Z'),
      readings: [
        { meter, used: 1, total: 10 },
        { meter, used: 2, total: 10, observedAt: '2026-11-30T08:00:00Z' },
      ],
    });
  expect(await Promise.allSettled([push('leads'), push('mails')])).toEqual([
    { status: 'rejected', reason: SLOW },
    { status: 'rejected', reason: SLOW },
  ]);
  expect(tried).toEqual([['leads', 'mails'], ['leads']]);
  const sizes = log.lines.map(({ level, message, fields }) => [
    level,
    message,
    fields['submissions'],
    fields['readings'],
    fields['meters'],
  ]);
  expect(sizes).toEqual([
    ['error', 'ingest took too long', 2, 4, 2],
    ['error', 'ingest took too long', 1, 2, 1],
  ]);
});
