import { lacksTotal, leftAlone, type Reading } from '../../core/meters/reading.ts';
import { formatAmount, formatPace } from '../../core/meters/amount.ts';
import { forecast, type Forecast } from '../../core/meters/forecast.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import type { MeterNow } from '../../core/status/meter-status.ts';
import type { RequestSnapshot } from '../../core/notifications/notification.ts';
import { knownEnd } from '../../core/time/period.ts';
import { missingUntilReset, requestAsks, type RequestAsk } from '../../core/meters/request.ts';
import type { Source } from '../../core/meters/source.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import { atLeast } from '../../core/meters/approximate.ts';
import { asOf } from '../text/as-of.ts';
import { boundaryDay, boundaryDayOf, dateText } from '../../core/time/days.ts';
import { leftOrOver, share, usedAndShare } from '../text/figures.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { runOutText } from '../text/outlook.ts';
import { code, joined, mention, richText, strong, when, type RichText } from '../../core/text/rich-text.ts';
import { withoutTail } from '../../core/text/text-end.ts';
import type { Person } from '../../core/text/person.ts';

const ASKS: Readonly<Record<RequestAsk, { readonly label: string; readonly subject: string; readonly please: string }>> = {
  allocation: { label: 'Higher allocation', subject: 'higher allocation', please: 'Please raise our allocation' },
  plan: { label: 'Higher plan limit', subject: 'higher plan limit', please: 'Please raise the limit of our plan' },
  enterprise: { label: 'Enterprise package', subject: 'enterprise package', please: 'Please make us an offer for the enterprise package' },
};

/**
 * Asks the person what to request from the vendor. The values of the buttons begin with the meter's full name.
 *
 * @param typed the command to type, if there are no buttons; null if there are
 */
export function askWhat({ meter, reading, source }: MeterNow, name: string, typed: string | null, timeZone: string): Message {
  if (reading.total === null && !lacksTotal(reading)) {
    const title = richText`${strong(meter.label)} is unlimited, so there is nothing to ask for.`;
    return { summary: title, title, lines: [] };
  }
  const title = richText`What should we ask ${vendorOf(source.id)?.name ?? 'the vendor'} for?`;
  const figures = [usedAndShare(meter, reading), leftOrOver(meter, reading)].filter((part) => part !== null).join(' · ');
  return {
    summary: title,
    title,
    lines: [
      richText`${strong(meter.label)}: ${figures}`,
      ...(typed === null ? [] : requestAsks.map((ask) => richText`${ASKS[ask].label}: ${code(`${typed} ${name} ${ask}`)}`)),
    ],
    footer: richText`As of ${asOf(reading, timeZone)}`,
    buttons: requestAsks.map((ask): Button => ({ action: 'request', label: ASKS[ask].label, value: `${name} ${ask}` })),
  };
}

/** The result of the request beside the draft: it was made before, or the alert is snoozed now and people were notified. */
export type RequestOutcome =
  | { readonly done: 'requested'; readonly isSnoozed: boolean; readonly worseComes: boolean; readonly notified: readonly Person[] }
  | { readonly done: 'already'; readonly by: Person; readonly at: Date }
  | { readonly done: 'no-meter' };

/** Returns the contact for more credits: from creditwatch.yml, otherwise from the vendor's data. Null if there is none. */
export function salesContact({ id, contacts }: Pick<Source, 'id' | 'contacts'>): string | null {
  return contacts.sales ?? vendorOf(id)?.contacts?.sales ?? null;
}

/** Notifies the approver that a person requests more credits. */
export function requestNotice({ by, ask, to, buy, meter, reading, forecast: expected }: RequestSnapshot, timeZone: string): Message {
  const title = richText`${mention(by)} asks for more ${strong(meter.label)}: ${ASKS[ask].subject}`;
  const figures = [usedAndShare(meter, reading), leftOrOver(meter, reading)].filter((part) => part !== null).join(' · ');
  const end = knownEnd(reading);
  const outlook =
    expected.kind === 'runs-out'
      ? [
          richText`At this pace it runs out ${runOutText(expected, timeZone)}${end === null ? '' : richText`, reset ${boundaryDayOf(end, timeZone, reading.observedAt)}`}.`,
        ]
      : [];
  return {
    summary: title,
    title,
    lines: [
      richText`${figures}`,
      ...outlook,
      ...(buy === null ? [] : [richText`You can buy more at ${buy}.`]),
      richText`The email goes to ${to ?? 'the vendor'}. You get this because you approve requests.`,
    ],
    footer: richText`As of ${asOf(reading, timeZone)}`,
    buttons: [{ action: 'show', label: 'Details', value: `${meter.source}/${meter.key}` }],
  };
}

/** Words the reply with the draft of an email to the vendor. The person who requested the credits copies and sends it. */
export function requestDraft(now: MeterNow, ask: RequestAsk, outcome: RequestOutcome, timeZone: string): Message {
  const to = salesContact(now.source);
  const { buy } = now.source.contacts;
  const title = to === null ? richText`Ready to send to your contact for ${strong(now.meter.label)}:` : richText`Ready to send to ${to}:`;
  return {
    summary: title,
    title,
    lines: [
      ...outcomeWords(outcome),
      ...(buy === undefined ? [] : [richText`You can buy more at ${buy}.`]),
      ...(to === null && buy === undefined
        ? [richText`To show the address here, set ${code('contacts')} for the source ${strong(now.source.id)} in creditwatch.yml.`]
        : []),
    ],
    verbatim: mail(now, ask, to, timeZone),
  };
}

function outcomeWords(outcome: RequestOutcome): readonly RichText[] {
  if (outcome.done === 'no-meter') return [];
  if (outcome.done === 'already') return [richText`${mention(outcome.by)} already asked (${when(outcome.at)}).`];
  return [
    ...(outcome.isSnoozed
      ? [
          richText`The alert now shows that you asked. It stays quiet until the total changes.${outcome.worseComes ? ' You will still hear if it gets worse.' : ''}`,
        ]
      : []),
    ...(outcome.notified.length === 0
      ? []
      : [
          richText`I told ${joined(
            outcome.notified.map((user) => richText`${mention(user)}`),
            ', ',
          )}.`,
        ]),
  ];
}

function mail({ meter, reading, history, source }: MeterNow, ask: RequestAsk, to: string | null, timeZone: string): string {
  const exact = (amount: bigint) => formatAmount(amount, meter.decimals);
  const vendor = vendorOf(source.id)?.name;
  const expected = forecast(history, reading);
  const counted = [exact(reading.used), ...(reading.total === null ? [] : ['of', exact(reading.total)]), meter.unit]
    .filter((word) => word !== '')
    .join(' ');
  const missing = missingUntilReset(expected, reading);
  return [
    `To: ${addressIn(to) ?? ''}`,
    // One line, and without characters that a mailto link would have to escape, except spaces.
    `Subject: ${meter.label.replaceAll(/[\s&?=#%]+/gu, ' ')}: ${ASKS[ask].subject}`,
    '',
    'Hello,',
    '',
    `${meter.label}${vendor === undefined ? '' : ` in our ${vendor} plan`}: ${leftAlone(reading) === null ? `${counted} used (${share(reading)})` : usedAndShare(meter, reading)} as of ${dateText(localDayOf(reading.observedAt, timeZone))}.`,
    ...runsOut(expected, reading, exact, meter.decimals, timeZone),
    `${ASKS[ask].please}${missing === null || ask === 'enterprise' ? '' : `: to reach the reset we need about ${atLeast(missing, meter.decimals)} more`}.`,
    '',
    'Thank you',
  ].join('\n');
}

function runsOut(
  expected: Forecast,
  reading: Reading,
  exact: (amount: bigint) => string,
  decimals: number,
  timeZone: string,
): readonly string[] {
  const { used, total } = reading;
  const end = knownEnd(reading);
  const reset = end === null ? '' : ` The next reset is on ${dateText(boundaryDay(end, timeZone))}.`;
  if (total !== null && used >= total) return [`It is used up: ${exact(used - total)} over.${reset}`];
  if (expected.kind !== 'runs-out') return reset === '' ? [] : [reset.trim()];
  return [`At our pace of about ${formatPace(expected.perDay, decimals)} a day it runs out ${runOutText(expected, timeZone)}.${reset}`];
}

/** Returns the email address in a contact such as `sales@abmatic.ai or your account manager`; the whole contact if it has none. */
function addressIn(contact: string | null): string | null {
  const address = (contact ?? '')
    .split(/[\s<>]/)
    .map((word) => withoutTail(word, (character) => !/[\p{L}\p{N}_]/u.test(character)))
    .find((word) => word.indexOf('@') > 0 && word.lastIndexOf('.') > word.indexOf('@') + 1);
  return address ?? contact;
}
