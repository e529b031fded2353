import { chunked } from '../../core/chunked.ts';
import { MOST_PER_BATCH, type IngestReport, type IngestRequest } from '../../ports/inbound/ingest.ts';
import { canonicalMeter } from '../../core/vendors/describe.ts';
import type { Checked } from './check-request.ts';
import type { IndexedDraft } from './store-and-evaluate.ts';

/** The most meters in one transaction. Each may raise an alert, which costs as much as a hundred readings. */
const MOST_METERS = 2_000;
/** The most readings in one transaction, by how they arrived. Each may raise an alert, except in an import, whose history is not judged. */
const MOST_READINGS: Readonly<Record<IngestRequest['via'], number>> = { push: 5_000, poll: 5_000, import: MOST_PER_BATCH };

/**
 * Returns the share of the largest transaction that a submission takes: 1 if it fills one. Submissions whose shares add up to at most 1
 * have at most as many readings, and at most as many meters, as one transaction may have.
 */
export function shareOfTransaction({ submission: { via }, drafts }: Checked): number {
  const meters = drafts.length === 1 ? 1 : new Set(drafts.map(({ draft }) => draft.meter)).size;
  return Math.max(drafts.length / MOST_READINGS[via], meters / MOST_METERS);
}

/** Whether a submission is small enough for one transaction. With an event ID it must be so even if no reading were rejected. */
export function isForOneTransaction(checked: Checked): boolean {
  const { readings, eventId } = checked.submission;
  return readings.length <= MOST_METERS || (eventId === null && shareOfTransaction(checked) <= 1);
}

/**
 * Splits a submission that is too large for one transaction. Meters of different lists are different, so the lists may be stored in any
 * order or at the same time. The parts of a list have the same meters, in the order of observation, and must be stored in that order.
 *
 * Each part has an event ID of its own, so that the same submission sent again after some parts were stored counts only the others. The
 * parts of one body are therefore always the same, also if some of its readings are rejected at one time and accepted at another.
 *
 * @param checked has at least one valid reading
 */
export function splitRequest(checked: Checked): readonly (readonly Checked[])[] {
  const { submission } = checked;
  const most = MOST_READINGS[submission.via];
  return [...byMeters(checked)].map(([list, drafts]) =>
    chunked(inOrder(drafts), most).map((part, nth) => partOf(submission, part, `${String(list)}.${String(nth)}`)),
  );
}

/** Groups the valid readings by the number of their meter, counted in the order of the body, where rejected readings count too. */
function byMeters({ submission, drafts }: Checked): ReadonlyMap<number, readonly IndexedDraft[]> {
  const places = new Map<string, number>();
  const drafted = new Map(drafts.map((one) => [one.index, one]));
  const lists = new Map<number, IndexedDraft[]>();
  for (const [index, raw] of submission.readings.entries()) {
    const draft = drafted.get(index);
    const meter = draft?.draft.meter ?? canonicalMeter(submission.source, nameIn(raw));
    const place = places.get(meter) ?? places.size;
    places.set(meter, place);
    if (draft === undefined) continue;
    const list = Math.floor(place / MOST_METERS);
    const known = lists.get(list);
    if (known === undefined) lists.set(list, [draft]);
    else known.push(draft);
  }
  return lists;
}

/** Sorts by observation; a day counts as its beginning in UTC. */
function inOrder(drafts: readonly IndexedDraft[]): readonly IndexedDraft[] {
  return drafts.toSorted((a, b) => a.draft.observedAt.getTime() - b.draft.observedAt.getTime());
}

/** The name in a rejected reading, which may be accepted when it is sent again: a time ahead of the clock is not ahead for long. */
function nameIn(raw: unknown): string {
  return typeof raw === 'object' && raw !== null && 'meter' in raw && typeof raw.meter === 'string' ? raw.meter.trim() : '';
}

/** A header cannot contain the line break, so no sender can send the ID of a part. */
function partOf(submission: IngestRequest, drafts: readonly IndexedDraft[], name: string): Checked {
  const { eventId } = submission;
  const of = { ...submission, eventId: eventId === null || name === FIRST ? eventId : `${eventId}\n${name}` };
  return { submission: of, drafts: drafts.map(({ index, draft }) => ({ of, index, draft })), rejected: [] };
}

const FIRST = '0.0';

/** Returns the report of a submission from those of its parts, and the readings that were rejected before it was split. */
export function joinedReport(rejected: IngestReport['rejected'], parts: readonly IngestReport[]): IngestReport {
  return {
    accepted: parts.reduce((sum, { accepted }) => sum + accepted, 0),
    duplicates: parts.reduce((sum, { duplicates }) => sum + duplicates, 0),
    rejected: [...rejected, ...parts.flatMap((part) => part.rejected)].toSorted((a, b) => a.index - b.index),
  };
}
