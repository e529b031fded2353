import type { PresumedResetSnapshot } from '../notification.ts';
import type { PeriodSpec } from '../period.ts';
import { formatAmount } from '../amount.ts';
import type { Form } from './form.ts';
import type { Button, Message } from './message.ts';
import { day, mention, say, strong, type Phrase } from './phrase.ts';

/** Figures that fell without a word of a new period: what was made of it, and how to say otherwise. */
export function presumedResetWords({ meter, before, after, periodKnown, answer }: PresumedResetSnapshot): Message {
  const title = say`${strong(meter.label)} fell from ${formatAmount(before, meter.decimals)} to ${formatAmount(after, meter.decimals)}. I take it for a reset and armed its alerts again.`;
  if (answer !== null) return { summary: title, title, lines: [answered(answer)] };
  const correction: Button = { action: 'show', label: 'It was a correction', value: `correction ${meter.source}/${meter.key}` };
  if (periodKnown) return { summary: title, title, lines: [say`By what I know it was not the time for one.`], buttons: [correction] };
  return {
    summary: title,
    title,
    lines: [say`When does it reset?`],
    buttons: [
      { action: 'show', label: '1st of the month', value: `resets ${meter.source} month 1`, primary: true },
      { action: 'fill-in', label: 'Other', value: `reset-day ${meter.source}` },
      correction,
    ],
  };
}

function answered({ by, period }: NonNullable<PresumedResetSnapshot['answer']>): Phrase {
  return period === null ? say`${mention(by)}: it was a correction, not a reset.` : say`${mention(by)}: it resets ${recurrence(period)}.`;
}

/** `on the 1st of every month`. Quarters and years count from January. */
function recurrence({ every, day: date }: PeriodSpec): string {
  if (every === 'none') return 'never';
  const nth = ordinal(date);
  if (every === 'month') return `on the ${nth} of every month`;
  return every === 'quarter' ? `on the ${nth} of January, April, July and October` : `on the ${nth} of January every year`;
}

/** `1st`, `22nd`, `13th`. */
function ordinal(date: number): string {
  const suffix = date > 10 && date < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][date % 10] ?? 'th');
  return `${String(date)}${suffix}`;
}

/** Asks when the figures of a source reset. Its answers come back as `every` and `day`. */
export function resetDayForm(source: string): Form {
  return {
    id: `reset-day ${source}`,
    title: 'When does it reset?',
    submit: 'Set it',
    fields: [
      {
        name: 'every',
        kind: 'choice',
        label: 'It resets',
        choices: [
          { label: 'Every month', value: 'month' },
          { label: 'Every quarter, from January', value: 'quarter' },
          { label: 'Every year, in January', value: 'year' },
          { label: 'Never', value: 'none' },
        ],
      },
      { name: 'day', kind: 'line', label: 'On day', placeholder: '1', optional: true, hint: '1 to 31; of a shorter month the last day' },
    ],
  };
}

/** How to say it where no form can be shown. */
export function resetDayTyped(source: string, invokedAs: string): Message {
  return line(say`When do the figures of ${strong(source)} reset? ${`${invokedAs} resets ${source}`} month 1, quarter 1, year 1, or never`);
}

export function periodSetWords(source: string, period: PeriodSpec, resetsAt: Date | null): Message {
  return line(say`${strong(source)} resets ${recurrence(period)}${resetsAt === null ? '' : say`, next on ${day(resetsAt)}`}.`);
}

export const PERIOD_IN_FILE = line(say`When this resets is set in creditwatch.yml: it is changed there.`);

export function noSuchSource(source: string): Message {
  return line(say`There are no figures of a source "${source}".`);
}

export function correctedWords(label: string): Message {
  return line(say`Noted: ${strong(label)} was corrected, not reset. Its alerts go by the corrected figure.`);
}

export function correctedAlready(by: string): Message {
  return line(say`${mention(by)} has answered that already.`);
}

export function nothingToCorrect(label: string): Message {
  return line(say`Nothing was taken for a reset of ${strong(label)} lately.`);
}

export function setResetDayButton(source: string): Button {
  return { action: 'fill-in', label: 'Set reset day', value: `reset-day ${source}` };
}

function line(title: Phrase): Message {
  return { summary: title, title, lines: [] };
}
