import { joinList } from '../../../core/text/join-list.ts';
import type { z } from 'zod';
import { formatPercent } from '../../../core/meters/amount.ts';
import type { Reading } from '../../../core/meters/reading.ts';
import { leftPerMille, type Level } from '../../../core/rules/level.ts';
import { thresholdDetail } from '../../../core/rules/threshold.ts';
import { richText, type RichText } from '../../../core/text/rich-text.ts';
import { withoutPercentSpace } from '../../text/percent.ts';
import { levelText, shareText } from './level.ts';
import type { RuleWording } from './wording.ts';

type Detail = z.infer<typeof thresholdDetail>;
type Balance = NonNullable<Detail['balance']>;

export const thresholdWording: RuleWording = {
  headline(findings, { reading }) {
    const passed = findings.map((one) => thresholdDetail.parse(one.detail));
    const highest = passed.at(-1);
    if (!highest) return richText`changed`;
    if (highest.level === null) return reading.isTotalUnknown ? richText`is used up` : richText`is used, but none is included`;
    return headlineOf(
      highest,
      highest.level,
      passed.slice(0, -1).flatMap(({ level }) => (level === null ? [] : [level])),
      reading,
    );
  },
};

function headlineOf({ firstSight, balance }: Detail, highest: Level, earlier: readonly Level[], reading: Reading): RichText {
  const isShare = highest.perMille !== undefined;
  if (balance !== null && isShare) return balanceHeadline(highest, earlier, firstSight, balance);
  if (firstSight) {
    const share = formatPercent(reading.used, reading.total);
    if (share !== null && isShare) return richText`is already at ${share}`;
    return highest.of === 'used' ? richText`is already past ${named(highest)}` : richText`already has ${named(highest)} or less`;
  }
  const all = [...earlier, highest];
  if (highest.perMille === 1000 && highest.of === 'used')
    return earlier.length === 0 ? richText`is used up (100%)` : richText`is used up (passed ${joinList(all.map(named), 'and')})`;
  if (all.every(({ of }) => of === 'used')) return richText`reached ${joinList(all.map(named), 'and')}`;
  return richText`${highest.of === 'used' ? `reached ${levelText(highest)}` : `has ${levelText(highest)} or less left`}${passedToo(earlier.map(named))}`;
}

function named(one: Level): string {
  return one.of === 'used' ? levelText(one) : `${levelText(one)} left`;
}

/** Words a level of a balance by the share that is left, because the share used says little. */
function balanceHeadline({ of, perMille = 0 }: Level, earlier: readonly Level[], firstSight: boolean, balance: Balance): RichText {
  const share = leftPerMille(of, perMille);
  const already = firstSight ? 'already ' : '';
  if (share <= 0) return richText`is ${already}used up`;
  const passed = passedToo(
    earlier.map((one) => (one.perMille === undefined ? levelText(one) : shareText(leftPerMille(one.of, one.perMille)))),
  );
  return richText`is ${already}down to ${firstSight ? leftText(balance) : shareText(share)}${balance.ofTopUp ? ' of its last top-up' : ''}${firstSight ? '' : passed}`;
}

function leftText(balance: Balance): string {
  return 'of' in balance ? (formatPercent(balance.left, balance.of) ?? '0%') : withoutPercentSpace(balance.left);
}

function passedToo(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (also passed ${joinList(names, 'and')})`;
}
