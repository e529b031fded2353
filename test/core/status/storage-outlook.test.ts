import { expect, test } from 'vitest';
import { USUAL_RETENTION } from '../../../src/core/meters/retention.ts';
import { storageOutlook, type StorageOutlook, type StorageUse, type TableUse } from '../../../src/core/status/storage-outlook.ts';

const NONE: TableUse = { rows: 0, bytes: 0, rowBytes: 0, recentRows: 0 };
/** 1,000 readings of 150 bytes a day, for 10 days. */
const READINGS: TableUse = { rows: 10_000, bytes: 1_600_000, rowBytes: 150, recentRows: 7_000 };
const USE: StorageUse = { databaseBytes: 10_000_000, readings: READINGS, deliveries: [NONE], days: 7 };

test.each<[string, Partial<StorageUse>, number | null, StorageOutlook]>([
  ['in the first day, nothing is known', { days: 0.9 }, 1e12, { growthPerDay: null, levelsOffAtBytes: null, lastsDays: null }],
  [
    '80 more days of readings come until they are thinned',
    {},
    1e12,
    { growthPerDay: 150_000, levelsOffAtBytes: 22_000_000, lastsDays: null },
  ],
  ['12 MB free are enough for them', {}, 12_000_000, { growthPerDay: 150_000, levelsOffAtBytes: 22_000_000, lastsDays: null }],
  ['less is not', {}, 11_900_000, { growthPerDay: 150_000, levelsOffAtBytes: 22_000_000, lastsDays: 79 }],
  ['the disk of a server is unknown', {}, null, { growthPerDay: 150_000, levelsOffAtBytes: 22_000_000, lastsDays: null }],
  [
    'a table that already has its 90 days grows no further',
    { readings: { ...READINGS, rows: 95_000 } },
    0,
    { growthPerDay: 150_000, levelsOffAtBytes: 10_000_000, lastsDays: null },
  ],
  [
    'deliveries come for a year',
    { readings: NONE, deliveries: [{ ...READINGS, rows: 0 }, NONE] },
    1e12,
    { growthPerDay: 150_000, levelsOffAtBytes: 64_750_000, lastsDays: null },
  ],
  [
    'what does not grow lasts',
    { readings: { ...READINGS, recentRows: 0 } },
    0,
    { growthPerDay: 0, levelsOffAtBytes: 10_000_000, lastsDays: null },
  ],
])('%s', (_what, use, freeBytes, outlook) => {
  expect(storageOutlook({ ...USE, ...use }, USUAL_RETENTION, freeBytes)).toEqual(outlook);
});

test('without an end of retention, the size does not level off', () => {
  expect(storageOutlook(USE, { ...USUAL_RETENTION, allReadingsMs: null }, 1_500_000)).toEqual({
    growthPerDay: 150_000,
    levelsOffAtBytes: null,
    lastsDays: 10,
  });
});
