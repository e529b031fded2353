import type { IngestReport } from '../../ports/inbound/ingest.ts';

const OUTCOMES = { 'share-without-total': 'total-missing', 'too-near-reset': 'too-near-reset' } as const;

type ReadOutcome = 'stored' | 'rejected' | 'total-missing' | 'too-near-reset';

/** What became of the one reading of a mail. `reason`: why it was rejected. */
export function outcomeOf(report: IngestReport | undefined): { readonly outcome: ReadOutcome; readonly reason?: string } {
  const [rejected] = report?.rejected ?? [];
  if (rejected === undefined) return { outcome: 'stored' };
  return rejected.code === undefined ? { outcome: 'rejected', reason: rejected.reason } : { outcome: OUTCOMES[rejected.code] };
}
