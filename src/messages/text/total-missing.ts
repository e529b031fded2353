import { joinList } from '../../core/text/join-list.ts';

/** Asks the operator for the totals of meters whose vendor tells none. `meters`: their keys, not empty. */
export function totalMissingText(meters: readonly string[]): string {
  return `The vendor tells no total of ${joinList(meters, 'and')}: write total, budget or lastTopUp beside it in creditwatch.yml, or state it with /usage total.`;
}
