import { TZDate } from '@date-fns/tz';
import { differenceInCalendarDays, intervalToDuration } from 'date-fns';
import type { AlertSnapshot } from '../notification.ts';
import { ruleKinds } from '../rules/registry.ts';
import type { Severity } from '../severity.ts';
import { leftOrOver, share, usedOfTotal } from './figures.ts';
import type { Message } from './message.ts';
import { day, mention, say, strong, when, type Phrase } from './phrase.ts';

export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', notice: '🟡' };

/** The words of an alert: what happened, the figures, what it means and when it ends. */
export function alertWords(snapshot: AlertSnapshot, { timeZone, mentions }: { readonly timeZone: string; readonly mentions: readonly string[] }): Message {
  return snapshot.change === 'recovered' ? recovery(snapshot) : firing(snapshot, timeZone, mentions);
}

function firing(snapshot: AlertSnapshot, timeZone: string, mentions: readonly string[]): Message {
  const { meter, reading, severity } = snapshot;
  const figures = [usedOfTotal(meter, reading), leftOrOver(meter, reading)].filter((part) => part !== null).join(' · ');
  const headline = headlineOf(snapshot);
  const title = say`${SEVERITY_SIGNS[severity]} ${strong(meter.label)} ${headline}`;
  const reset = resetIn(snapshot, timeZone);
  const consequence = consequenceOf(snapshot);
  // What has stopped comes first once it is used up; before that, how long it is to the reset.
  const meaning = isUsedUp(reading) ? [consequence, reset] : [reset, consequence];
  const sentences = [...meaning, say`As of ${when(reading.observedAt)}.`].filter((phrase) => phrase !== null);
  return {
    summary: say`${SEVERITY_SIGNS[severity]} ${meter.label} ${headline} · ${figures}`,
    title: mentions.length === 0 ? title : say`${title}  ${joined(mentions.map((user) => say`${mention(user)}`))}`,
    lines: [say`${figures}`, joined(sentences)],
  };
}

function recovery({ meter, reading, openedAt }: AlertSnapshot): Message {
  const figures = [usedOfTotal(meter, reading), leftOrOver(meter, reading), `was over for ${lasted(openedAt, reading.observedAt)}`];
  const headline = `is fine again: ${share(reading)}`;
  return {
    summary: say`✅ ${meter.label} ${headline}`,
    title: say`✅ ${strong(meter.label)} ${headline}`,
    lines: [say`${figures.filter((part) => part !== null).join(' · ')}`],
  };
}

/** The findings of the worst severity's kind speak; each kind words its own. */
function headlineOf({ findings, reading }: AlertSnapshot): Phrase {
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

/** `1 d 15 h`, `15 h 5 min`, `less than a minute`: the two largest units. */
function lasted(start: Date, end: Date): string {
  const { years = 0, months = 0, days = 0, hours = 0, minutes = 0 } = intervalToDuration({ start: new TZDate(start, 'UTC'), end: new TZDate(end, 'UTC') });
  const parts: readonly (readonly [number, string])[] = [[years, 'y'], [months, 'mo'], [days, 'd'], [hours, 'h'], [minutes, 'min']];
  const said = parts.filter(([count]) => count > 0).slice(0, 2).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? 'less than a minute' : said.join(' ');
}

function joined(phrases: readonly Phrase[]): Phrase {
  return phrases.flatMap((phrase, index) => (index === 0 ? say`${phrase}` : say` ${phrase}`));
}
