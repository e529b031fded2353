import { formatPace, formatPercent } from '../../../core/meters/amount.ts';
import { approximate } from '../../../core/meters/approximate.ts';
import type { Finding } from '../../../core/rules/rule.ts';
import { underUseDetail } from '../../../core/rules/under-use.ts';
import { richText } from '../../../core/text/rich-text.ts';
import type { FindingContext, RuleWording } from './wording.ts';

export const underUseWording: RuleWording = {
  headline: (findings, context) => richText`may leave ${unusedText(findings, context)}`,
  past: (findings, context) => richText`seemed to leave ${unusedText(findings, context)},`,

  meaning(findings, { meter: { decimals } }) {
    const { perDay, toUse } = underUseDetail.parse(findings.at(-1)?.detail);
    return [
      richText`Use ${formatPace(toUse, decimals)} a day to use all of it; you use ${perDay === 0n ? 'none' : `about ${formatPace(perDay, decimals)}`}.`,
    ];
  },
};

/** `70% unused: about 7,000`. */
function unusedText(findings: readonly Finding[], { meter, reading }: FindingContext): string {
  const { unused } = underUseDetail.parse(findings.at(-1)?.detail);
  return `${formatPercent(unused, reading.total) ?? 'a large share'} unused: about ${approximate(unused, meter.decimals)}`;
}
