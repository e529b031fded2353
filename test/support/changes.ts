import { classifyChange, consumedBetween, type ChangeKind } from '../../src/core/meters/classify-change.ts';
import { recordUsage, type UsageHistory } from '../../src/core/meters/history.ts';
import type { Reading } from '../../src/core/meters/reading.ts';

/** The change between two readings, where the period of the earlier one is named by its own start. */
export function changeOf(previous: Reading | null, current: Reading, resets = true): ChangeKind {
  if (previous === null) return 'first';
  return classifyChange(previous, current, { resets, periodBeganAt: previous.period?.start ?? previous.observedAt });
}

/** The history with one more reading, of which it is said what lies between it and the one before. */
export function recorded(
  history: UsageHistory | null,
  { previous, reading, change }: { readonly previous: Reading | null; readonly reading: Reading; readonly change: ChangeKind },
  timeZone: string,
): UsageHistory {
  const consumed = previous === null ? 0n : consumedBetween(previous, reading, change);
  return recordUsage(
    history,
    { previous, reading, change, consumed, current: { periodBeganAt: reading.period?.start ?? new Date(0) } },
    timeZone,
  );
}
