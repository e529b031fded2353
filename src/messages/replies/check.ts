import { formatAmount } from '../../core/meters/amount.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { Horizon, CheckResult } from '../../core/check/check.ts';
import type { Misunderstanding } from '../../core/check/parse-check-question.ts';
import { approximate, atLeast } from '../../core/meters/approximate.ts';
import { asOf } from '../text/as-of.ts';
import { age, days } from '../text/age.ts';
import { quantityProblemText } from '../text/quantity-problem.ts';
import { deadlineProblemText } from '../text/time-problem.ts';
import type { Message } from '../../core/text/message.ts';
import { boundaryDayOf, dayOf } from '../../core/time/days.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

export type CheckAnswer = { readonly meter: Pick<Meter, 'label' | 'unit' | 'decimals'>; readonly checkResult: CheckResult };

/** A verdict in parts, because a single answer and a list arrange them differently. */
type VerdictParts = {
  readonly sign: string;
  /** The beginning of the sentence; in a list it follows the meter's name. */
  readonly verdict: RichText;
  readonly figures: RichText;
  readonly asOf: RichText | null;
};

/**
 * The answer to `/usage check`: one meter as a sentence, several as a list in the order they were asked.
 *
 * @param timeZone the account's zone, in which days are worded
 */
export function checkMessage(answers: readonly CheckAnswer[], timeZone: string): Message {
  const [only] = answers;
  if (only && answers.length === 1) return single(only, timeZone);
  const bad = answers.filter(({ checkResult }) => checkResult.verdict !== 'fits' && checkResult.verdict !== 'unlimited').length;
  const title = richText`${strong('Check')}: ${bad === 0 ? `all ${String(answers.length)} fit` : `${String(answers.length - bad)} of ${String(answers.length)} fit`}`;
  return { summary: title, title, lines: answers.map((one) => listed(one, timeZone)) };
}

function single({ meter, checkResult }: CheckAnswer, timeZone: string): Message {
  const { sign, verdict, figures, asOf } = said(meter, checkResult, timeZone);
  const sentence = richText`${sign} ${verdict} ${figures}`;
  const summary = richText`${sign} ${meter.label}: ${lowerFirst(verdict)} ${figures}`;
  // A good answer fits into one line; the others need more.
  if (checkResult.verdict === 'fits') return { summary, title: asOf === null ? sentence : richText`${sentence} As of ${asOf}.`, lines: [] };
  if (checkResult.verdict === 'fits-until') return { summary, title: richText`${sign} ${verdict}`, lines: [figures], ...footer(asOf) };
  return { summary, title: sentence, lines: [], ...footer(asOf) };
}

function footer(asOf: RichText | null): Pick<Message, 'footer'> {
  return asOf === null ? {} : { footer: richText`As of ${asOf}` };
}

function listed({ meter, checkResult }: CheckAnswer, timeZone: string): RichText {
  const { sign, verdict, figures, asOf } = said(meter, checkResult, timeZone);
  return richText`${sign} ${strong(meter.label)}: ${lowerFirst(verdict)} ${figures}${asOf === null ? '' : richText` As of ${asOf}.`}`;
}

function said(meter: CheckAnswer['meter'], checkResult: CheckResult, timeZone: string): VerdictParts {
  const exact = (amount: bigint) => formatAmount(amount, meter.decimals);
  const { amount } = checkResult;
  switch (checkResult.verdict) {
    case 'unlimited':
      return { sign: '✅', verdict: richText`Fits:`, figures: richText`unlimited.`, asOf: null };

    case 'cannot-say':
      return cannotSay(checkResult, exact, timeZone);

    case 'fits': {
      const needed = [exact(amount), meter.unit].filter((word) => word !== '').join(' ');
      const left = leftOf(checkResult.left, exact);
      const { countedFrom } = checkResult;
      const verdict =
        countedFrom === null
          ? richText`Fits.`
          : richText`Fits into the period from ${boundaryDayOf(countedFrom, timeZone, checkResult.observedAt)}.`;
      return {
        sign: '✅',
        verdict,
        figures: richText`${needed}; ${countedFrom === null ? left : `${exact(checkResult.left)} available then`}${lasts(checkResult, timeZone)}`,
        asOf: asOf(checkResult, timeZone),
      };
    }

    case 'fits-until': {
      const { until, horizon, missing, pacePerDay, countedFrom } = checkResult;
      const of =
        countedFrom === null
          ? richText`${exact(checkResult.left)} ${meter.label} left`
          : richText`${exact(checkResult.left)} ${meter.label} in the period from ${boundaryDayOf(countedFrom, timeZone, checkResult.observedAt)}`;
      const pace = approximate(pacePerDay, meter.decimals + 3);
      const rest =
        checkResult.left === amount
          ? richText`nothing is left for the usual ${pace} a day`
          : richText`the usual ${pace} a day uses the rest ${checkResult.days === 0 ? 'within a day' : `in ${days(checkResult.days)}`}`;
      return {
        sign: '⚠️',
        verdict: richText`Fits only until about ${dayOf(until, timeZone, checkResult.observedAt)}.`,
        figures: richText`${of}; after your ${exact(amount)} ${rest}. To reach ${horizonText(horizon, timeZone)}: about ${atLeast(missing, meter.decimals)} more.`,
        asOf: asOf(checkResult, timeZone),
      };
    }

    case 'does-not-fit': {
      const { countedFrom, left, short } = checkResult;
      const there =
        countedFrom === null
          ? richText`${leftOf(left, exact)}`
          : richText`${exact(left)} in the period from ${boundaryDayOf(countedFrom, timeZone, checkResult.observedAt)}`;
      return {
        sign: '❌',
        verdict: richText`Does not fit:`,
        figures: richText`${exact(amount)} needed, ${there}, ${exact(short)} short.`,
        asOf: asOf(checkResult, timeZone),
      };
    }
  }
}

function cannotSay(
  checkResult: Extract<CheckResult, { verdict: 'cannot-say' }>,
  exact: (amount: bigint) => string,
  timeZone: string,
): VerdictParts {
  const sign = '❓';
  const verdict = richText`Can't say:`;
  if (checkResult.reason === 'no-figures') return { sign, verdict, figures: richText`no figures yet.`, asOf: null };
  if (checkResult.reason === 'no-total') return { sign, verdict, figures: richText`its total is not known.`, asOf: null };
  const left = leftOf(checkResult.left, exact);
  switch (checkResult.reason) {
    case 'stale':
      return { sign, verdict, figures: richText`figures are ${age(checkResult.ageMs)} old (${left} then).`, asOf: null };
    case 'at-least':
      return {
        sign,
        verdict,
        figures: richText`at most ${left}, by a mail of ${dayOf(checkResult.observedAt, timeZone)}, which does not tell exact figures.`,
        asOf: null,
      };
    case 'expired':
      return {
        sign,
        verdict,
        figures: richText`the period of the figures has ended (${left} on ${dayOf(checkResult.observedAt, timeZone)}).`,
        asOf: null,
      };
    case 'no-reset-day':
      return {
        sign,
        verdict: richText`Fits today,`,
        figures: richText`${left}. I don't know the reset day.`,
        asOf: asOf(checkResult, timeZone),
      };
  }
}

function lasts({ lasts: kind, observedAt }: Extract<CheckResult, { verdict: 'fits' }>, timeZone: string): RichText {
  switch (kind.kind) {
    case 'until':
      return richText`, lasts until ${horizonText(kind.horizon, timeZone)}.`;
    case 'unknown':
      return kind.horizon === null
        ? richText`. Too early to tell how long the rest lasts.`
        : richText`. Too early to tell whether the rest lasts until ${horizonText(kind.horizon, timeZone)}.`;
    case 'balance':
      return kind.usedUpAt === null ? richText`.` : richText`, lasts until about ${dayOf(kind.usedUpAt, timeZone, observedAt)}.`;
  }
}

function leftOf(left: bigint, exact: (amount: bigint) => string): string {
  return left < 0n ? `already ${exact(-left)} over` : `${exact(left)} left`;
}

/** The horizon of the answer. A day that the person typed is repeated as typed. */
function horizonText({ end, deadline }: Horizon, timeZone: string): string {
  return deadline === null ? boundaryDayOf(end, timeZone) : deadline.text;
}

function lowerFirst(phrase: RichText): RichText {
  const [first, ...rest] = phrase;
  if (first?.span !== 'text' && first?.span !== 'strong') return phrase;
  return [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...rest];
}

/**
 * Explains why a question was not understood, with an example. Unknown meters have a message of their own (`unknownMeter`).
 *
 * @param invokedAs how the command was typed: `/usage check`
 */
export function checkNotUnderstood(why: Exclude<Misunderstanding, { kind: 'unknown-meter' }>, invokedAs: string): Message {
  const example = code(`${invokedAs} campaigns 50k by 5 dec`);
  const title = reason(why);
  return { summary: title, title, lines: [richText`For example: ${example}`] };
}

function reason(why: Exclude<Misunderstanding, { kind: 'unknown-meter' }>): RichText {
  switch (why.kind) {
    case 'nothing-asked':
      return richText`Check what? Name a meter and how much of it is needed.`;
    case 'no-amount':
      return richText`How much of ${strong(why.name)} is needed?`;
    case 'no-meter':
      return richText`${why.amount} of what? Name the meter first.`;
    case 'ambiguous-meter':
      return richText`"${why.name}" could be ${why.meters.map((meter) => meter.label).join(' or ')}.`;
    case 'bad-amount':
      return richText`"${why.text}" ${quantityProblemText(why.problem)}.`;
    case 'bad-date':
      return richText`${deadlineProblemText(why.text, why.problem)}`;
    case 'too-much':
      return richText`That is too much for one question: ask for a few meters at a time.`;
  }
}
