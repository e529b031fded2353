import { formatAmount } from '../../core/meters/amount.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { Horizon, Preflight } from '../../core/check/check.ts';
import type { Misunderstanding } from '../../core/check/parse-check-question.ts';
import { about, atLeast } from '../../core/meters/approximate.ts';
import { asOf } from '../text/as-of.ts';
import { age, days } from '../text/age.ts';
import type { Message } from '../../core/text/message.ts';
import { boundaryDayOf, dayOf } from '../../core/time/days.ts';
import { code, say, strong, type Phrase } from '../../core/text/rich-text.ts';

export type PreflightAnswer = { readonly meter: Pick<Meter, 'label' | 'unit' | 'decimals'>; readonly preflight: Preflight };

/** A verdict in parts, so that one and several answers can lay them out in their own way. */
type Said = {
  readonly sign: string;
  /** Begins the sentence, or follows the meter's name in a list. */
  readonly verdict: Phrase;
  readonly figures: Phrase;
  readonly asOf: Phrase | null;
};

/**
 * The answer to `/usage check`: one meter as a sentence, several as a list in the order they were asked.
 *
 * @param timeZone the account's, which its days are of
 */
export function preflightWords(answers: readonly PreflightAnswer[], timeZone: string): Message {
  const [only] = answers;
  if (only && answers.length === 1) return single(only, timeZone);
  const bad = answers.filter(({ preflight }) => preflight.verdict !== 'fits' && preflight.verdict !== 'unlimited').length;
  const title = say`${strong('Check')}: ${bad === 0 ? `all ${String(answers.length)} fit` : `${String(answers.length - bad)} of ${String(answers.length)} fit`}`;
  return { summary: title, title, lines: answers.map((one) => listed(one, timeZone)) };
}

function single({ meter, preflight }: PreflightAnswer, timeZone: string): Message {
  const { sign, verdict, figures, asOf } = said(meter, preflight, timeZone);
  const sentence = say`${sign} ${verdict} ${figures}`;
  const summary = say`${sign} ${meter.label}: ${lowerFirst(verdict)} ${figures}`;
  // Good news is one line with everything in it; the rest has more to read.
  if (preflight.verdict === 'fits') return { summary, title: asOf === null ? sentence : say`${sentence} As of ${asOf}.`, lines: [] };
  if (preflight.verdict === 'fits-until') return { summary, title: say`${sign} ${verdict}`, lines: [figures], ...footer(asOf) };
  return { summary, title: sentence, lines: [], ...footer(asOf) };
}

function footer(asOf: Phrase | null): Pick<Message, 'footer'> {
  return asOf === null ? {} : { footer: say`As of ${asOf}` };
}

function listed({ meter, preflight }: PreflightAnswer, timeZone: string): Phrase {
  const { sign, verdict, figures, asOf } = said(meter, preflight, timeZone);
  return say`${sign} ${strong(meter.label)}: ${lowerFirst(verdict)} ${figures}${asOf === null ? '' : say` As of ${asOf}.`}`;
}

function said(meter: PreflightAnswer['meter'], preflight: Preflight, timeZone: string): Said {
  const exact = (amount: bigint) => formatAmount(amount, meter.decimals);
  const { amount } = preflight;
  switch (preflight.verdict) {
    case 'unlimited':
      return { sign: '✅', verdict: say`Fits:`, figures: say`unlimited.`, asOf: null };

    case 'cannot-say':
      return cannotSay(preflight, exact, timeZone);

    case 'fits': {
      const needed = [exact(amount), meter.unit].filter((word) => word !== '').join(' ');
      const left = leftOf(preflight.left, exact);
      const { countedFrom } = preflight;
      const verdict =
        countedFrom === null ? say`Fits.` : say`Fits into the period from ${boundaryDayOf(countedFrom, timeZone, preflight.observedAt)}.`;
      return {
        sign: '✅',
        verdict,
        figures: say`${needed}; ${countedFrom === null ? left : `${exact(preflight.left)} then`}${lasts(preflight, timeZone)}`,
        asOf: asOf(preflight, timeZone),
      };
    }

    case 'fits-until': {
      const { until, horizon, missing, pacePerDay, countedFrom } = preflight;
      const of =
        countedFrom === null
          ? say`${exact(preflight.left)} ${meter.label} left`
          : say`${exact(preflight.left)} ${meter.label} in the period from ${boundaryDayOf(countedFrom, timeZone, preflight.observedAt)}`;
      const pace = about(pacePerDay, meter.decimals + 3);
      const rest =
        preflight.left === amount
          ? say`nothing is left for the usual ${pace} a day`
          : say`the usual ${pace} a day uses the rest ${preflight.days === 0 ? 'within a day' : `in ${days(preflight.days)}`}`;
      return {
        sign: '⚠️',
        verdict: say`Fits only until about ${dayOf(until, timeZone, preflight.observedAt)}.`,
        figures: say`${of}; after your ${exact(amount)} ${rest}. To reach ${named(horizon, timeZone)}: about ${atLeast(missing, meter.decimals)} more.`,
        asOf: asOf(preflight, timeZone),
      };
    }

    case 'does-not-fit': {
      const { countedFrom, left, short } = preflight;
      const there =
        countedFrom === null
          ? say`${leftOf(left, exact)}`
          : say`${exact(left)} in the period from ${boundaryDayOf(countedFrom, timeZone, preflight.observedAt)}`;
      return {
        sign: '❌',
        verdict: say`Does not fit:`,
        figures: say`${exact(amount)} needed, ${there}, ${exact(short)} short.`,
        asOf: asOf(preflight, timeZone),
      };
    }
  }
}

function cannotSay(preflight: Extract<Preflight, { verdict: 'cannot-say' }>, exact: (amount: bigint) => string, timeZone: string): Said {
  const sign = '❓';
  const verdict = say`Can't say:`;
  if (preflight.reason === 'no-figures') return { sign, verdict, figures: say`no figures yet.`, asOf: null };
  const left = leftOf(preflight.left, exact);
  switch (preflight.reason) {
    case 'stale':
      return { sign, verdict, figures: say`figures are ${age(preflight.ageMs)} old (${left} then).`, asOf: null };
    case 'expired':
      return {
        sign,
        verdict,
        figures: say`the period of the figures has ended (${left} on ${dayOf(preflight.observedAt, timeZone)}).`,
        asOf: null,
      };
    case 'no-reset-day':
      return { sign, verdict: say`Fits today,`, figures: say`${left}. I don't know the reset day.`, asOf: asOf(preflight, timeZone) };
  }
}

function lasts({ lasts: kind, observedAt }: Extract<Preflight, { verdict: 'fits' }>, timeZone: string): Phrase {
  switch (kind.kind) {
    case 'until':
      return say`, lasts until ${named(kind.horizon, timeZone)}.`;
    case 'unknown':
      return kind.horizon === null
        ? say`. Too early to tell how long the rest lasts.`
        : say`. Too early to tell whether the rest lasts until ${named(kind.horizon, timeZone)}.`;
    case 'balance':
      return kind.usedUpAt === null ? say`.` : say`, lasts until about ${dayOf(kind.usedUpAt, timeZone, observedAt)}.`;
  }
}

function leftOf(left: bigint, exact: (amount: bigint) => string): string {
  return left < 0n ? `already ${exact(-left)} over` : `${exact(left)} left`;
}

/** A day that somebody asked for is said as they meant it. */
function named({ end, deadline }: Horizon, timeZone: string): string {
  return deadline === null ? boundaryDayOf(end, timeZone) : deadline.text;
}

function lowerFirst(phrase: Phrase): Phrase {
  const [first, ...rest] = phrase;
  if (first?.span !== 'text' && first?.span !== 'strong') return phrase;
  return [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...rest];
}

/**
 * Why a question was not understood, and how to ask it. An unknown meter has words of its own.
 *
 * @param invokedAs how the command was typed: `/usage check`
 */
export function misunderstoodPreflight(why: Exclude<Misunderstanding, { kind: 'unknown-meter' }>, invokedAs: string): Message {
  const example = code(`${invokedAs} campaigns 50k by 5 dec`);
  const title = reason(why);
  return { summary: title, title, lines: [say`For example: ${example}`] };
}

function reason(why: Exclude<Misunderstanding, { kind: 'unknown-meter' }>): Phrase {
  switch (why.kind) {
    case 'nothing-asked':
      return say`Check what? Name a meter and how much of it is needed.`;
    case 'no-amount':
      return say`How much of ${strong(why.name)} is needed?`;
    case 'no-meter':
      return say`${why.amount} of what? The meter comes first.`;
    case 'ambiguous-meter':
      return say`"${why.name}" could be ${why.meters.map((meter) => meter.label).join(' or ')}.`;
    case 'bad-amount':
      return say`"${why.text}" ${why.reason}.`;
    case 'bad-date':
      return why.text === '' ? say`By when? After "by" ${why.reason.replace(/^is no date: /, '')}.` : say`"${why.text}" ${why.reason}.`;
    case 'too-much':
      return say`That is too much for one question: ask for a few meters at a time.`;
  }
}
