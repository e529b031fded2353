import { formatAmount } from '../../core/meters/amount.ts';
import { stateOf, type DigestMeter } from '../../core/notifications/digest.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import { knownEnd } from '../../core/time/period.ts';
import { asOf, latelySince } from '../text/as-of.ts';
import { alertInThePast, SEVERITY_SIGNS } from '../alerts/alert.ts';
import { boundaryDayOf, dayRangeText, lastDayText } from '../../core/time/days.ts';
import { briefFigures } from '../text/figures.ts';
import { joined, mention, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { plainRichText } from '../text/plain.ts';
import { withoutPercentSpace } from '../text/percent.ts';
import { upperFirst } from '../text/upper-first.ts';

/** When a digest is due. The days of its week are in the route's zone; the days of resets and run-outs are in the account's zone. */
export type DigestTime = { readonly now: Date; readonly timeZone: string; readonly accountZone: string };

/** The lines of one meter in a digest: its figures, and below them what they mean and who works on it. */
export function digestMeterLines(one: DigestMeter, { now, timeZone, accountZone }: DigestTime): readonly RichText[] {
  const { meter, reading } = one;
  const state = stateOf(one);
  const sign = state === 'not-monitored' ? '⚪' : state === 'used-up' ? SEVERITY_SIGNS.critical : SEVERITY_SIGNS[one.severity ?? 'warning'];
  const title = richText`${sign} ${strong(meter.label)}  ${briefFigures(meter, reading, accountZone)}`;
  if (state === 'not-monitored') {
    const since =
      one.freshness === 'expired' && reading.period
        ? richText`its period ended ${boundaryDayOf(reading.period.end, accountZone, now)}, no figures since ${asOf(reading, accountZone)}`
        : richText`no figures since ${asOf(reading, accountZone)}`;
    return [richText`${title} · ${since}`, ...people(one, now, timeZone)];
  }
  return [
    richText`${title}${change(one)}`,
    ...below([meaning(one, now, accountZone), ...alerts(one, now, accountZone), ...peopleParts(one, now, timeZone)]),
  ];
}

/** ` · +319,400 (last week +332,000)`. */
function change({ meter, consumed: { week, weekBefore } }: DigestMeter): string {
  if (week === null) return '';
  const signed = (amount: bigint) => `${amount < 0n ? '' : '+'}${formatAmount(amount, meter.decimals)}`;
  return ` · ${signed(week)}${weekBefore === null ? '' : ` (last week ${signed(weekBefore)})`}`;
}

/** What the figures mean: used up, running out or lasting; without a forecast, only the day of the reset. */
function meaning(one: DigestMeter, now: Date, accountZone: string): RichText | null {
  const { reading, runOut, lasts, usedUpSince } = one;
  const end = knownEnd(reading);
  const reset = end === null ? null : boundaryDayOf(end, accountZone, now);
  if (stateOf(one) === 'used-up')
    return usedUpSince === null ? richText`Used up` : richText`Used up since ${latelySince(usedUpSince, now, accountZone)}`;
  if (runOut !== null) {
    const range = dayRangeText(localDayOf(runOut.earliest, accountZone), localDayOf(runOut.latest, accountZone));
    return reset === null ? richText`Runs out ${range}` : richText`Runs out ${range}, reset ${reset}`;
  }
  if (reset === null) return null;
  return lasts ? richText`Should last until ${reset}` : richText`Reset ${reset}`;
}

/** `Reached 80% Tue 14:05`: the latest alert of the week. Left out if the line above already says that the credits are used up. */
function alerts(one: DigestMeter, now: Date, accountZone: string): readonly RichText[] {
  const last = one.fired.at(-1);
  if (!last || (stateOf(one) === 'used-up' && one.usedUpSince !== null)) return [];
  return [richText`${upperFirst(firedText(last, one))} ${latelySince(last.at, now, accountZone)}`];
}

/** `reached 80%`: an alert of the week, in the past tense. */
export function firedText(fired: DigestMeter['fired'][number], { meter }: DigestMeter): string {
  // Stored by an earlier version, which kept only the sentence of the alert.
  if ('headline' in fired) return `“${withoutPercentSpace(fired.headline)}”`;
  return plainRichText(alertInThePast({ ...fired, meter }), { timeZone: 'UTC', now: fired.at });
}

function peopleParts({ acknowledgedBy, requestedAt }: DigestMeter, now: Date, timeZone: string): readonly RichText[] {
  return [
    ...(acknowledgedBy === null ? [] : [richText`${mention(acknowledgedBy)} is on it`]),
    ...(requestedAt === null ? [] : [richText`more requested ${lastDayText(requestedAt, now, timeZone)}, no answer yet`]),
  ];
}

function people(one: DigestMeter, now: Date, timeZone: string): readonly RichText[] {
  return below(peopleParts(one, now, timeZone));
}

function below(parts: readonly (RichText | null)[]): readonly RichText[] {
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? [] : [richText`   ${joined(present, ' · ')}`];
}
