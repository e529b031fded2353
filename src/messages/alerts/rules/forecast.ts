import { forecastDetail } from '../../../core/rules/forecast.ts';
import { richText } from '../../../core/text/rich-text.ts';
import { dayRangeText } from '../../../core/time/days.ts';
import { localDayOf } from '../../../core/time/local-time.ts';
import type { RuleWording } from './wording.ts';

export const forecastWording: RuleWording = {
  headline(findings) {
    const { forecast, timeZone } = forecastDetail.parse(findings.at(-1)?.detail);
    return forecast.kind === 'runs-out'
      ? richText`runs out ${dayRangeText(localDayOf(forecast.earliest, timeZone), localDayOf(forecast.latest, timeZone))}`
      : richText`may run out`;
  },

  // Where this is read, the present forecast is shown too, and may differ.
  past: () => richText`warned`,
};
