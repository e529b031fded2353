import type { IngestReport, IngestRequest } from '../../ports/inbound/ingest.ts';
import type { Checked } from './check-request.ts';
import type { RefusedReading, SubmittedReading } from './store-and-evaluate.ts';

/** Returns a report for each submission. A reading that was neither added nor refused is a duplicate. */
export function reportsOf(
  batch: readonly Checked[],
  added: readonly SubmittedReading[],
  refused: readonly RefusedReading[],
): readonly IngestReport[] {
  const accepted = new Map<IngestRequest, number>();
  for (const { of } of added) accepted.set(of, (accepted.get(of) ?? 0) + 1);
  return batch.map(({ submission, drafts, rejected }) => {
    const [taken, mine] = [accepted.get(submission) ?? 0, refused.filter(({ of }) => of === submission)];
    const reasons = [...rejected, ...mine.map(({ index, reason, code }) => ({ index, reason, ...(code && { code }) }))].sort(
      (a, b) => a.index - b.index,
    );
    return { accepted: taken, duplicates: drafts.length - taken - mine.length, rejected: reasons };
  });
}

/** Events whose readings were all refused. They are forgotten, so that they can be sent again after a fix. */
export function eventsWithoutEffect(
  counted: readonly Checked[],
  batch: readonly Checked[],
  reports: readonly IngestReport[],
): readonly string[] {
  const fresh = new Set(counted);
  return batch.flatMap((one, index) => {
    const report = reports[index];
    const isVain = report !== undefined && fresh.has(one) && report.accepted + report.duplicates === 0;
    return isVain ? (one.submission.eventId ?? []) : [];
  });
}
