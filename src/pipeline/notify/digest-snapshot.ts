import { digestMeterOf } from '../../core/status/digest-meter.ts';
import type { DigestMeter, DigestSnapshot } from '../../core/notifications/digest.ts';
import { selects, type MeterSelector } from '../../core/meters/meter.ts';
import { bindRules } from '../../core/rules/registry.ts';
import { weekBefore } from '../../core/time/schedule.ts';
import type { AccountTransaction } from '../../ports/stores/account-transaction.ts';

/** Builds the snapshot of a digest that is due at an instant. */
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
  const meters: DigestMeter[] = [];
  for (const { meterState, expectedInterval } of await transaction.meters()) {
    if (selector === null || !selects(selector, meterState.meter)) continue;
    const said = await transaction.postedAlerts(meterState.meter.id, week.start);
    const one = digestMeterOf(meterState, { expectedInterval, rules, said, week, now, timeZone });
    if (one) meters.push(one);
  }
  return { kind: 'digest', week: { ...week }, dueAt, late, timeZone, meters };
}
