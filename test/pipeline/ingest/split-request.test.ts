import { expect, test } from 'vitest';
import { checkEach } from '../../../src/pipeline/ingest/check-request.ts';
import { shareOfTransaction, splitRequest } from '../../../src/pipeline/ingest/split-request.ts';
import type { IngestRequest } from '../../../src/ports/inbound/ingest.ts';

const ARRIVED_AT = new Date('2026-11-28T09:00:00Z');

function submissionOf(readings: readonly unknown[], more: Partial<IngestRequest> = {}): IngestRequest {
  return { account: 'default', source: 'vendor', via: 'push', eventId: 'event', arrivedAt: ARRIVED_AT, readings, ...more };
}

/** A reading of a meter at a second before the arrival; negative: after it. */
function reading(meter: number, secondsAgo: number): object {
  return {
    meter: `meter_${String(meter)}`,
    used: 1,
    total: 10,
    observedAt: new Date(ARRIVED_AT.getTime() - secondsAgo * 1000).toISOString(),
  };
}

const split = (submission: IngestRequest) => splitRequest(checkEach(submission));
const eventsOf = (submission: IngestRequest) => split(submission).flatMap((list) => list.map((part) => part.submission.eventId));

test('readings of one meter stay in one list, in parts of 5,000 in the order of observation; of an import in parts of 20,000', () => {
  // Newest first, and the meters take turns.
  const readings = Array.from({ length: 12_000 }, (_, nth) => reading(nth % 3, nth));
  const lists = split(submissionOf(readings));
  expect(lists.map((list) => list.map(({ drafts }) => drafts.length))).toEqual([[5_000, 5_000, 2_000]]);
  const times = lists.flatMap((list) => list.flatMap(({ drafts }) => drafts.map(({ draft }) => draft.observedAt.getTime())));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(split(submissionOf(readings, { via: 'import' })).map((list) => list.length)).toEqual([1]);
});

test('meters are divided into lists of 2,000, in the order of the body', () => {
  const readings = Array.from({ length: 9_000 }, (_, nth) => reading(nth % 4_500, nth));
  const lists = split(submissionOf(readings));
  const metersOf = (list: (typeof lists)[number]) => new Set(list.flatMap(({ drafts }) => drafts.map(({ draft }) => draft.meter)));
  expect(lists.map((list) => metersOf(list).size)).toEqual([2_000, 2_000, 500]);
  expect(new Set(lists.flatMap((list) => [...metersOf(list)])).size).toBe(4_500);
  expect(lists.flat().every((part) => shareOfTransaction(part) <= 1)).toBe(true);
});

test('each part has an event ID that no sender can send, except the first, which has that of the push; without one, none has', () => {
  const readings = Array.from({ length: 9_000 }, (_, nth) => reading(nth % 3, nth));
  expect(eventsOf(submissionOf(readings))).toEqual(['event', 'event\n0.1']);
  expect(eventsOf(submissionOf(Array.from({ length: 4_500 }, (_, nth) => reading(nth, 0))))).toEqual(['event', 'event\n1.0', 'event\n2.0']);
  expect(eventsOf(submissionOf(readings, { eventId: null }))).toEqual([null, null]);
});

test('a body sent again is split in the same places, although readings that were ahead of the clock are accepted by then', () => {
  const ahead = Array.from({ length: 600 }, (_, nth) => reading(nth, -600));
  const readings = [...ahead, ...Array.from({ length: 4_000 }, (_, nth) => reading(600 + nth, 0))];
  const placesIn = (arrivedAt: Date) =>
    new Map(
      split(submissionOf(readings, { arrivedAt }))
        .flat()
        .flatMap(({ submission, drafts }) => drafts.map(({ index }) => [index, submission.eventId] as const)),
    );
  const first = placesIn(ARRIVED_AT);
  const again = placesIn(new Date(ARRIVED_AT.getTime() + 600_000));
  expect([first.size, again.size]).toEqual([4_000, 4_600]);
  for (const [index, eventId] of first) expect(again.get(index)).toBe(eventId);
});

test.each([
  [1, 1, 'push', 0.0005],
  [2_000, 2_000, 'push', 1],
  [5_000, 1, 'push', 1],
  [5_000, 1, 'import', 0.25],
  [20_000, 60, 'import', 1],
] as const)('%d readings of %d meters by %s take %d of a transaction', (count, meters, via, share) => {
  const readings = Array.from({ length: count }, (_, nth) => reading(nth % meters, nth));
  expect(shareOfTransaction(checkEach(submissionOf(readings, { via })))).toBe(share);
});
