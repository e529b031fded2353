import { joinList } from '../../core/text/join-list.ts';

/** Asks the operator for the totals that the vendor does not report. `meters`: not empty, with what the vendor reports of each. */
export function totalMissingText(meters: readonly { readonly key: string; readonly tells: 'used' | 'remaining' }[]): string {
  const named = (tells: 'used' | 'remaining', setting: string) => {
    const keys = meters.filter((meter) => meter.tells === tells).map(({ key }) => key);
    return keys.length === 0 ? [] : [`${setting} for ${joinList(keys, 'and')}`];
  };
  const settings = [...named('used', 'budget'), ...named('remaining', 'lastTopUp')];
  return `The vendor does not report the total: add ${joinList(settings, 'and')} in creditwatch.yml, or set it with /usage total.`;
}
