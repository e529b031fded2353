import type { LimitName, Limits } from '../../core/meters/limits.ts';
import { presentable } from '../../core/meters/meter.ts';

/** Why a reading of a new meter is rejected: the limit, its setting, and what to do. */
export function beyondLimit(
  limit: LimitName,
  { limits, source, meter }: { readonly limits: Limits; readonly source: string; readonly meter: string },
): string {
  const [name, from] = [presentable(meter, 60), presentable(source, 60)];
  const most = String(limits[limit]);
  const full = {
    metersPerSource: `source "${from}" already has ${most} meters, the most a source may have`,
    metersPerAccount: `this account already has ${most} meters, the most an account may have`,
    sourcesPerAccount: `"${from}" is a new source, and this account already has ${most} sources, the most an account may have`,
  }[limit];
  return `meter "${name}" is new, but ${full}: send figures of known meters, or raise limits.${limit} in creditwatch.yml and restart`;
}
