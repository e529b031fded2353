import { SYSTEM } from '../../core/audit/audit.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { IngestReport, IngestRequest } from '../../ports/inbound/ingest.ts';
import type { IngestOpening, IngestTransaction } from '../../ports/stores/ingest-store.ts';
import type { Decided } from './decide.ts';
import type { SubmittedReading } from './store-and-evaluate.ts';

/** Returns the meters that got a new current reading, with the person who pasted or imported it. */
export function latestOf(
  { via }: IngestOpening,
  decided: readonly Decided[],
  added: readonly SubmittedReading[],
): Parameters<IngestTransaction['saveIngestedBy']>[1] {
  const moved = decided.flatMap(({ before, meterState: { meter, current } }) =>
    current !== null && !isSame(current.reading, before.current?.reading)
      ? [{ id: meter.id, at: current.reading.observedAt.getTime() }]
      : [],
  );
  if (via !== 'import') return new Map(moved.map(({ id }) => [id, null]));
  const momentOf = (id: string, at: number) => `${id} ${String(at)}`;
  const of = new Map(added.map((one) => [momentOf(one.meterId, one.observedAt.getTime()), one.of]));
  return new Map(
    moved.flatMap(({ id, at }) => {
      const submission = of.get(momentOf(id, at));
      return submission === undefined ? [] : [[id, { by: submission.actor ?? SYSTEM, at: submission.arrivedAt }] as const];
    }),
  );
}

function isSame(one: Reading, other: Reading | undefined): boolean {
  return one.used === other?.used && one.total === other.total && one.observedAt.getTime() === other.observedAt.getTime();
}

/** Adds an audit row for each paste or file from which at least one reading was stored. */
export async function recordImports(
  transaction: IngestTransaction,
  batch: readonly { readonly submission: IngestRequest }[],
  reports: readonly IngestReport[],
): Promise<void> {
  for (const [index, { submission }] of batch.entries()) {
    const count = reports[index]?.accepted ?? 0;
    if (count === 0) continue;
    await transaction.record({ action: 'import', actor: submission.actor ?? SYSTEM, about: { source: submission.source, count } });
  }
}
