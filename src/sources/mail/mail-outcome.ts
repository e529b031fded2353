import type { UntakenCode } from '../../core/meters/mail.ts';
import type { IngestReport } from '../../ports/inbound/ingest.ts';

/** What became of the one reading of a mail. `reason`: why it was rejected. */
export function mailOutcome(report: IngestReport | undefined): {
  readonly outcome: 'stored' | 'rejected' | UntakenCode;
  readonly reason?: string;
} {
  const [rejected] = report?.rejected ?? [];
  if (rejected === undefined) return { outcome: 'stored' };
  return rejected.code === undefined ? { outcome: 'rejected', reason: rejected.reason } : { outcome: rejected.code };
}
