import { formatAmount } from '../../../core/meters/amount.ts';
import { approximate } from '../../../core/meters/approximate.ts';
import type { Finding } from '../../../core/rules/rule.ts';
import { spikeDetail } from '../../../core/rules/spike.ts';
import { richText, type RichText } from '../../../core/text/rich-text.ts';
import { dayText, weekdayText } from '../../../core/time/days.ts';
import type { FindingContext, RuleWording } from './wording.ts';

export const spikeWording: RuleWording = {
  headline: dayUse,
  past: dayUse,

  meaning(findings, { meter: { decimals } }) {
    const { day, usual } = spikeDetail.parse(findings.at(-1)?.detail);
    const weekday = weekdayText(day);
    return [
      richText`So far on ${weekday}, ${dayText(day)}. Earlier ${weekday}s used ${usual === 0n ? 'none' : `about ${approximate(usual, decimals)}`}.`,
    ];
  },
};

/** `used 5,240 in a day, usually about 1,000`: the day has passed either way. */
function dayUse(findings: readonly Finding[], { meter: { decimals } }: FindingContext): RichText {
  const { day, consumed, usual } = spikeDetail.parse(findings.at(-1)?.detail);
  const usually = usual === 0n ? `none on a ${weekdayText(day)}` : `about ${approximate(usual, decimals)}`;
  return richText`used ${formatAmount(consumed, decimals)} in a day, usually ${usually}`;
}
