import { joinList } from '../../core/text/join-list.ts';
import type { PresumedResetSnapshot } from '../../core/notifications/notification.ts';
import { MONTH_NAMES } from '../../core/time/parse-deadline.ts';
import { anchorOf, LONGEST_CYCLE_DAYS, monthsOf, weekdayOf, type PeriodSpec } from '../../core/time/period-spec.ts';
import { formatAmount } from '../../core/meters/amount.ts';
import { dayOfIso } from '../../core/time/local-time.ts';
import { presentable } from '../../core/meters/meter.ts';
import type { Source } from '../../core/meters/source.ts';
import type { Form } from '../../core/text/form.ts';
import { LONGEST_LABEL, type Button, type Message } from '../../core/text/message.ts';
import { boundaryDay, boundaryDayOf, dateText } from '../../core/time/days.ts';
import { code, mention, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { upperFirst } from '../text/upper-first.ts';
import type { Person } from '../../core/text/person.ts';

/** Reports figures that fell without a new period: that this was treated as a reset, and buttons to correct that. */
export function presumedResetMessage({ meter, before, after, periodKnown, answer }: PresumedResetSnapshot): Message {
  const title = richText`${strong(meter.label)} fell from ${formatAmount(before, meter.decimals)} to ${formatAmount(after, meter.decimals)}. I treated this as a reset and re-armed its alerts.`;
  if (answer !== null) return { summary: title, title, lines: [answered(answer)] };
  const correction: Button = { action: 'show', label: 'Vendor corrected it', value: `correction ${meter.source}/${meter.key}` };
  if (periodKnown) return { summary: title, title, lines: [richText`No reset was expected now.`], buttons: [correction] };
  return {
    summary: title,
    title,
    lines: [richText`When does it reset?`],
    buttons: [
      { action: 'show', label: '1st of the month', value: `resets ${meter.source} month 1`, primary: true },
      { action: 'fill-in', label: 'Other', value: `reset-day ${meter.source}` },
      correction,
    ],
  };
}

function answered({ by, period }: NonNullable<PresumedResetSnapshot['answer']>): RichText {
  return period === null
    ? richText`${mention(by)}: the vendor corrected it. It was not a reset.`
    : richText`${mention(by)}: it resets ${recurrence(period)}.`;
}

/** `on the 1st of every month`, `on 15 March each year`, `every 30 days`. */
export function recurrence(spec: PeriodSpec): string {
  const { every } = spec;
  if (every === 'none') return 'never';
  if (every === 'day') return 'every day';
  if (every === 'week') return `every ${upperFirst(weekdayOf(spec))}`;
  const { day } = anchorOf(spec);
  const months = monthsOf(spec);
  if (every === 'month') return `${onThe(day)} of every month`;
  const names = months.map((month) => upperFirst(MONTH_NAMES[month - 1] ?? ''));
  if (every === 'quarter' || every === 'half-year') return `${onThe(day)} of ${joinList(names, 'and')}`;
  if (every === 'year') {
    const isLast = day > 28 && day >= daysIn(months[0] ?? 1);
    return `on ${isLast ? 'the last day of' : String(day)} ${names[0] ?? ''} each year`;
  }
  const days = Number.parseInt(every, 10);
  return days === 1 ? 'every day' : `every ${String(days)} days`;
}

/** `on the 15th`. The 31st stands for the last day of each month. */
function onThe(day: number): string {
  if (day === 31) return 'on the last day';
  const suffix = day > 10 && day < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `on the ${String(day)}${suffix}`;
}

/** Days of a month, in a common year. */
function daysIn(month: number): number {
  return month === 2 ? 28 : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Asks when the figures of a source reset. A submitted form has the fields `every`, `day` and `days`. */
export function resetDayForm(source: string, text?: string): Form {
  return {
    ...(text !== undefined && { text }),
    id: `reset-day ${source}`,
    title: 'When does it reset?',
    submit: 'Save',
    fields: [
      {
        name: 'every',
        kind: 'choice',
        label: 'It resets',
        choices: [
          { label: 'Every month', value: 'month' },
          { label: 'Every quarter', value: 'quarter' },
          { label: 'Every half-year', value: 'half-year' },
          { label: 'Every year', value: 'year' },
          { label: 'Every week', value: 'week' },
          { label: 'Every day', value: 'day' },
          { label: 'Every N days', value: 'days' },
          { label: 'Never', value: 'none' },
        ],
      },
      {
        name: 'day',
        kind: 'line',
        label: 'On',
        placeholder: '1',
        optional: true,
        hint: '1–31. Shorter months use their last day. Quarter or year: add a month, such as 15 March. Week: a weekday. Every N days: the first day of one period, such as 2026-01-15.',
      },
      { name: 'days', kind: 'line', label: 'Number of days', placeholder: '30', optional: true, hint: 'Only for "Every N days".' },
    ],
  };
}

/** The messages for invalid fields of that form. */
export const RESET_DAY_PROBLEMS = {
  every: 'Choose one.',
  days: `A number of days from 1 to ${String(LONGEST_CYCLE_DAYS)}.`,
  month: 'A day from 1 to 31.',
  months: 'A day and a month, such as 15 March.',
  week: 'A weekday, such as Friday.',
  date: 'The first day of one period, such as 2026-01-15.',
  nothing: 'Leave this empty.',
} as const;

/** The command to type if no form can be shown. */
export function resetDayTyped(source: string, invokedAs: string): Message {
  return {
    ...line(richText`When do the figures of ${strong(source)} reset?`),
    lines: [richText`Type ${code(`${invokedAs} resets ${source} month 1`)}. Instead of ${code('month 1')} you can write ${FORMS}.`],
  };
}

const MOST_SOURCES = 5;
const FORMS = 'quarter 1 feb, half-year 1 jan, year 15 march, week friday, day, 30d from 2026-01-15, or never';

/** Lists the sources with their reset days, to choose one. */
export function whichSourceResets(sources: readonly Pick<Source, 'id' | 'period'>[], invokedAs: string): Message {
  const [first] = sources;
  return {
    ...line(richText`Which source?`),
    lines: [
      ...sources.map(
        ({ id, period }) => richText`${strong(id)}: ${period === null ? "I don't know when it resets" : `resets ${recurrence(period)}`}`,
      ),
      ...(first ? [richText`For example: ${code(`${invokedAs} resets ${first.id} month 1`)}`] : []),
    ],
    buttons: sources
      .slice(0, MOST_SOURCES)
      .map(({ id }) => ({ action: 'fill-in', label: presentable(id, LONGEST_LABEL), value: `reset-day ${id}` })),
  };
}

/** The text after the source does not say when it resets. */
export function resetDayNotUnderstood(
  source: string,
  typed: string,
  invokedAs: string,
): { readonly kind: 'form'; readonly form: Form; readonly message: Message } {
  const text = `I don't understand "${typed}" as the time when ${source} resets.`;
  return {
    kind: 'form',
    form: resetDayForm(source, text),
    message: { ...resetDayTyped(source, invokedAs), ...titled(richText`${text}`) },
  };
}

export function periodSetMessage(source: string, period: PeriodSpec, resetsAt: Date | null, timeZone: string): Message {
  const next = resetsAt === null ? '' : `, next on ${boundaryDayOf(resetsAt, timeZone)}`;
  return {
    ...line(richText`${strong(source)} resets ${recurrence(period)}${next}.`),
    lines: countedFrom(source, period, resetsAt, timeZone),
  };
}

/**
 * For periods of a number of days: names the day that they are counted from, and how to set another one, if that day begins the present
 * period. In this case the person may not have named a day.
 */
function countedFrom(source: string, { every, start }: PeriodSpec, resetsAt: Date | null, timeZone: string): readonly RichText[] {
  if (start === undefined || resetsAt === null || !/^\d/.test(every)) return [];
  const first = dayOfIso(start);
  if (first + Number.parseInt(every, 10) !== boundaryDay(resetsAt, timeZone)) return [];
  return [richText`Counted from ${dateText(first)}. To count from another day: ${code(`resets ${source} ${every} from ${start}`)}`];
}

export const PERIOD_IN_FILE = line(richText`creditwatch.yml sets when this resets. Change it there.`);

export function noSuchSource(source: string): Message {
  return line(richText`There are no figures from a source "${source}".`);
}

export function correctedMessage(label: string): Message {
  return line(richText`Noted: ${strong(label)} was corrected, not reset. Alerts now use the corrected figure.`);
}

export function correctedAlready(by: Person): Message {
  return line(richText`${mention(by)} has already answered that.`);
}

export function nothingToCorrect(label: string): Message {
  return line(richText`I did not treat any recent change of ${strong(label)} as a reset.`);
}

export function setResetDayButton(source: string): Button {
  return { action: 'fill-in', label: 'Set reset day', value: `reset-day ${source}` };
}

function titled(title: RichText): Pick<Message, 'summary' | 'title'> {
  return { summary: title, title };
}

function line(title: RichText): Message {
  return { ...titled(title), lines: [] };
}
