import type { IngestReport } from '../../ports/inbound/ingest.ts';

/** What became of the one reading of a mail. `reason`: why it was rejected. */
export function outcomeOf(report: IngestReport | undefined): { readonly outcome: 'stored' | 'rejected'; readonly reason?: string } {
  const [rejected] = report?.rejected ?? [];
  return rejected === undefined ? { outcome: 'stored' } : { outcome: 'rejected', reason: rejected.reason };
}
