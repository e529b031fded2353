import { formatPace } from '../../core/meters/amount.ts';
import { cannotBeJudged, isBalance } from '../../core/meters/balance.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import type { MeterLine } from '../../core/status/overview.ts';
import { knownEnd } from '../../core/time/period.ts';
import { age } from '../text/age.ts';
import { SEVERITY_SIGNS } from '../alerts/alert.ts';
import { asOf } from '../text/as-of.ts';
import { bar, leftOrOver, usedAndHowMuch } from '../text/figures.ts';
import { runOutText } from '../text/outlook.ts';
import { boundaryDayOf } from '../../core/time/days.ts';
import { joined, richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** The overview does not show how long a balance lasts if it is longer than this. */
const FAR_MS = 365 * DAY_MS;

export type LineContext = {
  readonly timeZone: string;
  /** Whether each line shows the time of its figures, because the lines differ in it. */
  readonly withAsOf: boolean;
  /** Whether the line shows the source, because another source has a meter with the same label. */
  readonly withSource?: boolean;
  /** Shows pace and outlook for each meter; otherwise only for meters that need them. */
  readonly inFull?: true;
};

/** The lines of one meter: its figures, and below them what they mean, if that matters now. */
export function meterLines(line: MeterLine, { timeZone, withAsOf, withSource = false, inFull }: LineContext): readonly RichText[] {
  const { meter, reading, severity, freshness } = line;
  const sign =
    freshness !== 'current' || (severity === null && cannotBeJudged(line)) ? '⚪' : severity === null ? '🟢' : SEVERITY_SIGNS[severity];
  const figures = richText`${sign} ${strong(meter.label)}${withSource ? ` of ${meter.source}` : ''}  ${usedAndHowMuch(meter, reading, timeZone)}${withAsOf && !reading.isAtLeast ? richText` · as of ${asOf(reading, timeZone)}` : ''}`;
  if (freshness !== 'current') return [figures, outOfDate(line, timeZone)];
  const blocks = bar(meter, reading);
  const runsOut = runsOutSoon(line);
  if (blocks === null && !runsOut && !inFull) return [figures];
  // For a balance, the first line already shows what is left.
  const left = [blocks, isBalance(meter, reading) ? null : leftOrOver(meter, reading)].filter((part) => part !== null).join(' ');
  const parts = [...(left === '' ? [] : [richText`${left}`]), ...(inFull ? pace(line) : []), ...outlook(line, runsOut, timeZone)];
  return parts.length === 0 ? [figures] : [figures, richText`   ${joined(parts, ' · ')}`];
}

/** The line below outdated figures: how old they are, and whether their period has ended. */
function outOfDate({ reading, freshness, ageMs }: MeterLine, timeZone: string): RichText {
  const now = new Date(reading.observedAt.getTime() + ageMs);
  const old = `figures are ${age(ageMs)} old`;
  return freshness === 'expired' && reading.period !== null
    ? richText`   ${old}, their period ended ${boundaryDayOf(reading.period.end, timeZone, now)}`
    : richText`   ${old}`;
}

function runsOutSoon({ forecast, ageMs, reading }: MeterLine): boolean {
  if (forecast.kind !== 'runs-out') return false;
  return forecast.resets !== null || forecast.likely.getTime() - reading.observedAt.getTime() - ageMs < FAR_MS;
}

/** `runs out 21–24 Nov, reset 1 Dec`, or only the reset. */
function outlook({ forecast, reading }: MeterLine, runsOut: boolean, timeZone: string): readonly RichText[] {
  const end = knownEnd(reading);
  const reset = end === null ? null : richText`reset ${boundaryDayOf(end, timeZone, reading.observedAt)}`;
  if (!runsOut || forecast.kind !== 'runs-out') return reset === null ? [] : [reset];
  const until = richText`runs out ${runOutText(forecast, timeZone)}`;
  return [reset === null ? until : richText`${until}, ${reset}`];
}

/** `about 45,700 a day`. */
function pace({ forecast, meter }: MeterLine): readonly RichText[] {
  return forecast.kind === 'none' ? [] : [richText`about ${formatPace(forecast.perDay, meter.decimals)} a day`];
}
