import { joinList } from '../../core/text/join-list.ts';

/** Asks the operator for the totals of meters whose vendor tells none. `meters`: their keys, not empty. */
export function totalMissingText(meters: readonly string[]): string {
  return `The vendor does not report the total of ${joinList(meters, 'and')}: add total, budget or lastTopUp to the meter in creditwatch.yml, or set it with /usage total.`;
}
