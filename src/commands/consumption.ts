import type { Meter } from '../core/meter.ts';
import type { Reading } from '../core/reading.ts';
import type { ReadStore } from '../ports/store.ts';

/** A meter's readings since an instant, with the one before it, which the first is counted from. */
export async function readingsSince(store: ReadStore, { id }: Pick<Meter, 'id'>, since: Date, now: Date): Promise<readonly Reading[]> {
  const [before, readings] = await Promise.all([store.readingBefore(id, since), store.readings(id, since, new Date(now.getTime() + 1))]);
  return before === null ? readings : [before, ...readings];
}
