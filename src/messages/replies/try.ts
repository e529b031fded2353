import type { PollProblem } from '../../core/meters/poll.ts';
import type { Reading } from '../../core/meters/reading.ts';
import { richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { periodText } from '../../core/time/days.ts';
import type { describeMeter } from '../../core/vendors/describe.ts';
import { asOf } from '../text/as-of.ts';
import { usedAndShare } from '../text/figures.ts';

/** The last line of a `try`. */
export function triedText(account: string): string {
  return `Account ${account}. Nothing was stored.`;
}

/** Optional meters that the answer does not have. @param meters not empty */
export function absentText(meters: readonly string[]): string {
  return `Not in this answer: ${meters.join(', ')}. Not every plan has ${meters.length === 1 ? 'it' : 'them'}, so that is no mistake.`;
}

/** The line above the readings. */
export function understoodText(source: string): RichText {
  return richText`${source} answered, and this was understood:`;
}

/** The lines about one reading. `key`: of its meter, as the source named it. */
export function understoodLines(
  { key, meter, reading }: { readonly key: string; readonly meter: ReturnType<typeof describeMeter>; readonly reading: Reading },
  timeZone: string,
): readonly RichText[] {
  const { period } = reading;
  return [
    richText`  ${key}: ${strong(meter.label)}  ${usedAndShare(meter, reading)}`,
    richText`    ${period ? `period ${periodText(period, timeZone)}` : 'no period'}, as of ${asOf(reading, timeZone)}`,
  ];
}

/** Why a poll brought no figures, or not all, with the next step. */
export function failedTryText(source: string, { reason, remedy }: PollProblem): string {
  return `${source}: ${reason}. ${remedy}`;
}

/** The next step if the result of an expression cannot be used. The answer of the endpoint is printed below. */
export function expressionRemedy(preset: string | null): string {
  return preset === null
    ? 'Correct the expression in creditwatch.yml.'
    : 'Add meters with your own expressions to this source in creditwatch.yml.';
}

/** Some readings would be rejected. The lines above say why. */
export function unusableText(source: string): string {
  return `${source}: some figures cannot be used.`;
}

/**
 * The answer of an endpoint, with its text safe to show.
 *
 * @param source.sensitive whether the texts in the answer were replaced
 */
export function answerText(
  {
    status,
    headers,
    text,
  }: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly text: string;
  },
  source: { readonly sensitive: boolean },
): string {
  const names = Object.keys(headers).join(', ');
  const hidden = source.sensitive ? ' (its texts are hidden, because it has secrets or personal data)' : '';
  return `It answered ${String(status)}, with the headers ${names} ${text === '' ? 'and nothing else.' : `and this${hidden}:\n${text}`}`;
}

/**
 * No polled source has this name.
 *
 * @param there.where where it was looked for: `creditwatch.yml`
 * @param there.preset the description of the preset with this name
 */
export function unknownSourceText(
  name: string,
  { where, ids, preset }: { readonly where: string; readonly ids: readonly string[]; readonly preset: string | null },
): string {
  const first = `There is no polled source "${name}": ${where} has ${ids.length === 0 ? 'none' : ids.join(', ')}.`;
  return preset === null ? first : `${first}\nAdd it under sources:\n${preset}`;
}
