import { TZDate } from '@date-fns/tz';
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays';
import type { AlertSnapshot } from '../notification.ts';
import { ruleKinds } from '../rules/registry.ts';
import type { Severity } from '../severity.ts';
import { alertButtons } from './alert-buttons.ts';
import { attentionLines } from './attention.ts';
import { duration } from './duration.ts';
import { outlookOf } from './outlook.ts';
import { leftOrOver, share, usedOfTotal } from './figures.ts';
import type { Message, WordsContext } from './message.ts';
import { day, mentioned, say, strong, when, type Phrase } from './phrase.ts';

export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', notice: '🟡' };

/** The words of an alert: what happened, the figures, what it means and when it ends. */
export function alertWords(snapshot: AlertSnapshot, { timeZone, mentions, place }: WordsContext): Message {
  switch (snapshot.change) {
    case 'recovered':
      return place === 'reply' ? recoveryReply(snapshot, mentions) : recovery(snapshot);
    case 'superseded':
      return superseded(snapshot);
    default:
      return firing(snapshot, timeZone, mentions);
  }
}

/** What the message of a milder severity becomes when a worse one has been posted. */
function superseded(snapshot: AlertSnapshot): Message {
  const title = supersededPhrase(snapshot);
  return { summary: title, title, lines: [] };
}

export function supersededPhrase({ meter, reading, severity }: AlertSnapshot): Phrase {
  return say`${SEVERITY_SIGNS[severity]} ${strong(meter.label)} now ${share(reading)}: see the newer message ↓`;
}

export function recoveredPhrase({ meter, reading }: AlertSnapshot): Phrase {
  return say`✅ ${strong(meter.label)} is fine again: ${share(reading)}`;
}

/** The line under the message of an alert that is over. */
function recoveryReply(snapshot: AlertSnapshot, mentions: readonly string[]): Message {
  const title = mentioned(recoveredPhrase(snapshot), mentions);
  return { summary: title, title, lines: [] };
}

function firing(snapshot: AlertSnapshot, timeZone: string, mentions: readonly string[]): Message {
  const { meter, reading, severity } = snapshot;
  const figures = [usedOfTotal(meter, reading), leftOrOver(meter, reading)].filter((part) => part !== null).join(' · ');
  const headline = headlineOf(snapshot);
  const outlook = outlookOf(snapshot, timeZone);
  const sign = outlook.lasts && severity === 'warning' ? SEVERITY_SIGNS.notice : SEVERITY_SIGNS[severity];
  const title = say`${sign} ${strong(meter.label)} ${headline}${outlook.headline}`;
  const reset = outlook.sentences.length > 0 ? null : resetIn(snapshot, timeZone);
  const consequence = consequenceOf(snapshot);
  // What has stopped comes first once it is used up; before that, how long it is to the reset.
  const meaning = isUsedUp(reading) ? [consequence, reset] : [reset, outlook.lasts ? null : consequence];
  const sentences = [...meaning, say`As of ${when(reading.observedAt)}.`].filter((phrase) => phrase !== null);
  return {
    summary: say`${sign} ${meter.label} ${headline}${outlook.headline} · ${figures}`,
    title: mentioned(title, mentions),
    lines: [say`${figures}`, ...outlook.sentences, joined(sentences), ...attention(snapshot, timeZone)],
    ...(outlook.lasts ? {} : { buttons: alertButtons(snapshot) }),
  };
}

/** Said once more, or to somebody new: what holds, not how it came to be. */
const STILL: ReadonlySet<AlertSnapshot['change']> = new Set(['repeated', 'woken']);

/** How a message reads after the meter's name. */
export function headlineOf(snapshot: AlertSnapshot): Phrase {
  const { change, topic, reading } = snapshot;
  if (topic === 'running-out' && STILL.has(change)) return say`is still at ${share(reading)}`;
  if (topic === 'running-out' && change === 'present') return say`is at ${share(reading)}`;
  return alertHeadline(snapshot);
}

/** Why it is said now, and below it who looks after it: the last lines of its message. */
function attention(snapshot: AlertSnapshot, timeZone: string): readonly Phrase[] {
  const { change, openedAt, reading } = snapshot;
  return [
    ...(change === 'repeated' ? [say`Since ${when(openedAt)}, and nobody is on it yet.`] : []),
    ...(change === 'present' ? [say`Since ${when(openedAt)}.`] : []),
    ...(change === 'woken' ? [say`Its snooze is over.`] : []),
    ...attentionLines(snapshot, reading.observedAt, timeZone),
  ];
}

function recovery(snapshot: AlertSnapshot): Message {
  const { meter, reading, openedAt } = snapshot;
  const figures = [usedOfTotal(meter, reading), leftOrOver(meter, reading), `was over for ${duration(openedAt, reading.observedAt)}`];
  const title = recoveredPhrase(snapshot);
  return {
    summary: title,
    title,
    lines: [say`${figures.filter((part) => part !== null).join(' · ')}`],
  };
}

/** How an alert reads after the meter's name. The findings of the worst severity's kind speak; each kind words its own. */
export function alertHeadline({ findings, reading }: Pick<AlertSnapshot, 'findings' | 'reading'>): Phrase {
  const worst = findings.at(-1);
  const kind = worst && ruleKinds[worst.kind];
  if (!kind) return say`needs attention`;
  return kind.headline(findings.filter((finding) => finding.kind === worst.kind), reading);
}

/** `Reset in 8 days (1 Dec).` Days are counted from the figures, in calendar days of the account's zone. */
function resetIn({ reading }: AlertSnapshot, timeZone: string): Phrase | null {
  if (reading.period === null) return null;
  const { end } = reading.period;
  const days = differenceInCalendarDays(new TZDate(end, timeZone), new TZDate(reading.observedAt, timeZone));
  if (days < 0) return null;
  const distance = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return say`Reset ${distance} (${day(end)}).`;
}

function consequenceOf({ meter, reading }: AlertSnapshot): Phrase | null {
  if (meter.consequence === null || reading.total === null) return null;
  // Used up: what may happen may have happened.
  if (isUsedUp(reading)) return say`${meter.consequence.replace(/ may pause\.$/, ' may be paused.')}`;
  return say`At 100 %, ${lowerFirst(meter.consequence)}`;
}

function isUsedUp({ used, total }: AlertSnapshot['reading']): boolean {
  return total !== null && used >= total;
}

/** `The AI agents…` reads on as `the AI agents…`; a name such as `AI…` or a single letter stays as it is. */
function lowerFirst(sentence: string): string {
  return /^\p{Lu}\p{Ll}/u.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}

function joined(phrases: readonly Phrase[]): Phrase {
  return phrases.flatMap((phrase, index) => (index === 0 ? say`${phrase}` : say` ${phrase}`));
}
