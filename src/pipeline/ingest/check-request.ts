import { draftReading } from '../../core/meters/reading.ts';
import { canonicalMeter } from '../../core/vendors/describe.ts';
import { readingProblemText } from '../../messages/text/reading-problem.ts';
import type { IngestReport, IngestRequest } from '../../ports/inbound/ingest.ts';
import type { IndexedDraft } from './store-and-evaluate.ts';

/** A submission with its valid readings, and the reasons why others were rejected. */
export type Checked = {
  readonly submission: IngestRequest;
  readonly drafts: readonly IndexedDraft[];
  readonly rejected: IngestReport['rejected'];
};

/** Validates every element on its own: one bad reading does not affect the others. */
export function checkEach(submission: IngestRequest): Checked {
  const drafts: IndexedDraft[] = [];
  const rejected: IngestReport['rejected'][number][] = [];
  submission.readings.forEach((raw, index) => {
    const result = draftReading(raw, submission.arrivedAt, submission.isNotice);
    if (result.ok) {
      const meter = canonicalMeter(submission.source, result.value.meter);
      drafts.push({ of: submission, index, draft: meter === result.value.meter ? result.value : { ...result.value, meter } });
    } else rejected.push({ index, reason: readingProblemText(result.error) });
  });
  return { submission, drafts, rejected };
}
