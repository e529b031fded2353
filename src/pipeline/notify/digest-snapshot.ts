import { chunked } from '../../core/chunked.ts';
import { digestMeterOf } from '../../core/status/digest-meter.ts';
import type { DigestMeter, DigestSnapshot } from '../../core/notifications/digest.ts';
import { selects, type MeterSelector } from '../../core/meters/meter.ts';
import { bindRules } from '../../core/rules/registry.ts';
import { weekBefore } from '../../core/time/schedule.ts';
import type { AccountTransaction } from '../../ports/stores/account-transaction.ts';

/** Meters whose alerts are read, and which are described, without a pause. */
const METERS_AT_ONCE = 100;

/** Builds the snapshot of a digest that is due at an instant. Other work gets turns meanwhile, however many meters there are. */
export async function digestSnapshot(
  transaction: AccountTransaction,
  {
    meters: selector,
    dueAt,
    late,
    timeZone,
    now,
  }: { readonly meters: MeterSelector | null; readonly dueAt: Date; readonly late: boolean; readonly timeZone: string; readonly now: Date },
): Promise<DigestSnapshot> {
  const week = weekBefore(dueAt, timeZone);
  const rules = bindRules(await transaction.rules());
  const selected = (await transaction.meters()).filter(({ meterState }) => selector !== null && selects(selector, meterState.meter));
  const meters: DigestMeter[] = [];
  for (const part of chunked(selected, METERS_AT_ONCE)) {
    const posted = await transaction.postedAlerts(
      part.map(({ meterState }) => meterState.meter.id),
      week.start,
    );
    for (const { meterState, expectedInterval } of part) {
      const said = posted.get(meterState.meter.id) ?? [];
      const one = digestMeterOf(meterState, { expectedInterval, rules, said, week, now, timeZone });
      if (one) meters.push(one);
    }
  }
  return { kind: 'digest', week: { ...week }, dueAt, late, timeZone, meters };
}
