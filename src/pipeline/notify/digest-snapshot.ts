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
  const selected = (await transaction.meters()).filter(({ meterState }) => selector !== null && selects(selector, meterState.meter));
  const posted = await transaction.postedAlerts(
    selected.map(({ meterState }) => meterState.meter.id),
    week.start,
  );
  const meters = selected.flatMap(({ meterState, expectedInterval }): DigestMeter[] => {
    const said = posted.get(meterState.meter.id) ?? [];
    const one = digestMeterOf(meterState, { expectedInterval, rules, said, week, now, timeZone });
    return one ? [one] : [];
  });
  return { kind: 'digest', week: { ...week }, dueAt, late, timeZone, meters };
}
