import { formatPace, formatPercent } from '../../../core/meters/amount.ts';
import { approximate } from '../../../core/meters/approximate.ts';
import { underUseDetail } from '../../../core/rules/under-use.ts';
import { richText } from '../../../core/text/rich-text.ts';
import type { RuleWording } from './wording.ts';

export const underUseWording: RuleWording = {
  headline(findings, { meter, reading }) {
    const { unused } = underUseDetail.parse(findings.at(-1)?.detail);
    return richText`may leave ${formatPercent(unused, reading.total) ?? 'a large share'} unused: about ${approximate(unused, meter.decimals)}`;
  },

  meaning(findings, { meter: { decimals } }) {
    const { perDay, toUse } = underUseDetail.parse(findings.at(-1)?.detail);
    return [
      richText`Use ${formatPace(toUse, decimals)} a day to use all of it; you use ${perDay === 0n ? 'none' : `about ${formatPace(perDay, decimals)}`}.`,
    ];
  },
};
