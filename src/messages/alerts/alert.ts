import type { RenderContext } from '../text/render-context.ts';
import { formatAmount } from '../../core/meters/amount.ts';
import { isBalance } from '../../core/meters/balance.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { knownEnd } from '../../core/time/period.ts';
import type { Severity } from '../../core/rules/severity.ts';
import { alertButtons } from './alert-buttons.ts';
import { asOf, since } from '../text/as-of.ts';
import { alertStatusLines } from './alert-status.ts';
import { causeText } from './cause.ts';
import { closedMessage } from './closed-alert.ts';
import { figuresText, howMuch } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { outlookOf, type Outlook } from '../text/outlook.ts';
import { boundaryDay, boundaryDayOf } from '../../core/time/days.ts';
import { joined, mentioned, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { recoveryReply, recoveryMessage } from './recovery.ts';
import { ruleWordings } from './rules/registry.ts';
import type { FindingContext, RuleWording } from './rules/wording.ts';
import { upperFirst } from '../text/upper-first.ts';
import type { Person } from '../../core/text/person.ts';

export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', notice: '🟡' };

/** Words an alert: what happened, the figures, what they mean and when the credits reset. */
export function alertMessage(snapshot: AlertSnapshot, { timeZone, mentions, place, underSummary }: RenderContext): Message {
  switch (snapshot.change) {
    case 'recovered':
      if (place === 'reply') return recoveryReply(snapshot, { mentions, timeZone, named: underSummary === true });
      return snapshot.closed === null ? recoveryMessage(snapshot) : closedMessage(snapshot, timeZone);
    case 'closed':
      return snapshot.closed === null ? recoveryMessage(snapshot) : closedMessage(snapshot, timeZone);
    case 'superseded':
      return superseded(snapshot);
    default:
      return firing(snapshot, timeZone, mentions);
  }
}

/** Words the message of a milder severity after a worse one was posted: it only points to the newer message. */
function superseded(snapshot: AlertSnapshot): Message {
  const title = supersededText(snapshot);
  return { summary: title, title, lines: [] };
}

export function supersededText({ severity, meter, reading, topic }: AlertSnapshot): RichText {
  const now = topic === 'running-out' ? `Now ${howMuch(meter, reading)}: see` : 'See';
  return richText`${SEVERITY_SIGNS[severity]} ${strong(meter.label)}. ${now} the newer message →`;
}

function firing(snapshot: AlertSnapshot, timeZone: string, mentions: readonly Person[]): Message {
  const { meter, reading, severity, topUp, cause } = snapshot;
  const lastTopUp = topUp !== null && isBalance(meter, reading) ? `last top-up ${formatAmount(topUp, meter.decimals)}` : null;
  const figures = figuresText(meter, reading, timeZone);
  const own = wordingOf(snapshot)?.meaning?.(findingsOf(snapshot), snapshot) ?? null;
  const outlook = own === null ? outlookOf(snapshot, timeZone) : NO_OUTLOOK;
  const headline = richText`${headlineOf(snapshot)}${outlook.headline}`;
  const sign = outlook.lasts && severity === 'warning' ? SEVERITY_SIGNS.notice : SEVERITY_SIGNS[severity];
  const reset = outlook.lasts || outlook.sentences.length > 0 ? null : resetIn(snapshot, timeZone);
  const consequence = own === null ? consequenceOf(snapshot) : null;
  // Once the credits are used up, the consequence comes first; before that, the time until the reset.
  const meaning = isUsedUp(reading) ? [consequence, reset] : [reset, outlook.lasts ? null : consequence];
  const why = cause === null ? null : richText`${upperFirst(causeText(cause, meter.decimals))}.`;
  const sentences = [why, ...meaning, richText`As of ${asOf(reading, timeZone)}.`].filter((sentence) => sentence !== null);
  return {
    summary: richText`${sign} ${meter.label} ${headline} · ${figures}`,
    title: mentioned(richText`${sign} ${strong(meter.label)} ${headline}${outlook.lasts ? '. Nothing to do.' : ''}`, mentions),
    lines: [
      richText`${figures}${lastTopUp === null ? '' : ` · ${lastTopUp}`}`,
      ...(own ?? outlook.sentences),
      joined(sentences, ' '),
      ...attention(snapshot, timeZone),
    ],
    ...(outlook.lasts ? {} : { buttons: alertButtons({ ...snapshot, isSnoozed: snapshot.snoozed !== null }) }),
  };
}

/** The outlook of a rule with sentences of its own: no forecast beside them. */
const NO_OUTLOOK: Outlook = { headline: [], sentences: [], lasts: false };

/** What follows the meter's name. A reminder, an eased alert, or one for a new route states the present figure instead of the event. */
export function headlineOf(snapshot: AlertSnapshot): RichText {
  const { change, topic, meter, reading } = snapshot;
  const [has, is] = (topic === 'running-out' ? PRESENT_VERBS[change] : undefined) ?? [];
  if (has === undefined || is === undefined) return alertHeadline(snapshot);
  return richText`${isBalance(meter, reading) ? has : is} ${howMuch(meter, reading)}`;
}

/** The verbs before the figure, by kind of change: first for what is left of a balance, then for the share of an allowance. */
const PRESENT_VERBS: Readonly<Partial<Record<AlertSnapshot['change'], readonly [string, string]>>> = {
  repeated: ['still has', 'is still at'],
  woken: ['still has', 'is still at'],
  present: ['has', 'is at'],
  eased: ['again has', 'is back at'],
};

/** The last lines of the message: why it is posted now, and who works on it. */
function attention(snapshot: AlertSnapshot, timeZone: string): readonly RichText[] {
  const { change, openedAt, reading } = snapshot;
  return [
    ...(change === 'repeated' ? [richText`Open since ${since(openedAt, timeZone)}. No one is on it yet.`] : []),
    ...(change === 'present' ? [richText`Open since ${since(openedAt, timeZone)}.`] : []),
    ...(change === 'woken' ? [richText`Its snooze has ended.`] : []),
    ...alertStatusLines(snapshot, reading.observedAt, timeZone),
  ];
}

type Announced = Pick<AlertSnapshot, 'findings'> & FindingContext;

/** What follows the meter's name. The kind of the worst finding words it, for all findings of that kind. */
export function alertHeadline(alert: Announced): RichText {
  return wordingOf(alert)?.headline(findingsOf(alert), alert) ?? richText`needs attention`;
}

/** `alertHeadline` in the past tense, before a time: `used up` as in "used up Sun 18:40". May end with a comma. */
export function alertInThePast(alert: Announced): RichText {
  return wordingOf(alert)?.past(findingsOf(alert), alert) ?? richText`needed attention`;
}

function wordingOf({ findings }: Pick<Announced, 'findings'>): RuleWording | undefined {
  const worst = findings.at(-1);
  return worst && ruleWordings[worst.kind];
}

function findingsOf({ findings }: Pick<Announced, 'findings'>): Announced['findings'] {
  const kind = findings.at(-1)?.kind;
  return findings.filter((finding) => finding.kind === kind);
}

/** `Reset in 8 days (1 Dec).` Counts calendar days in the account's zone, from the day of the figures. */
function resetIn({ reading }: AlertSnapshot, timeZone: string): RichText | null {
  const end = knownEnd(reading);
  if (end === null) return null;
  const days = boundaryDay(end, timeZone) - localDayOf(reading.observedAt, timeZone);
  if (days < 0) return null;
  const distance = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return richText`Reset ${distance} (${boundaryDayOf(end, timeZone, reading.observedAt)}).`;
}

function consequenceOf({ meter, reading }: AlertSnapshot): RichText | null {
  if (meter.consequence === null || reading.total === null) return null;
  if (isUsedUp(reading)) return richText`${meter.consequence}`;
  return richText`${isBalance(meter, reading) || reading.isTotalUnknown ? 'When nothing is left' : 'At 100%'}, ${lowerFirst(meter.consequence)}`;
}

function isUsedUp({ used, total }: AlertSnapshot['reading']): boolean {
  return total !== null && used >= total;
}

/** Turns `The AI agents…` into `the AI agents…`. A name such as `AI…`, or a single letter, stays as it is. */
function lowerFirst(sentence: string): string {
  return /^\p{Lu}\p{Ll}/u.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}
