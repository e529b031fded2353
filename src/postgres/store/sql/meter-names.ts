import type { NamedMeter } from '../../../core/vendors/known-meters.ts';
import type { Database } from './database.ts';

/** Reads what the meters of a source are called, also those without a reading, in the order of their keys. */
export function readMeterNames(database: Database, accountId: string, sourceId: string): Promise<readonly NamedMeter[]> {
  return database.models((models) =>
    models.meter.findMany({
      where: { accountId, sourceId },
      select: { key: true, label: true, aliases: true },
      orderBy: { key: 'asc' },
    }),
  );
}
