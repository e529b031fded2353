import { formatAmount } from '../../core/meters/amount.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { QuantityProblem } from '../../core/meters/quantity.ts';
import type { Form } from '../../core/text/form.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { quantityProblemText } from '../text/quantity-problem.ts';

type Named = Pick<Meter, 'label' | 'unit' | 'decimals'>;

/** Asks for the total of a meter. A submitted form has the field `amount`. */
export function totalForm(name: string, { label, unit }: Named): Form {
  return {
    id: `total ${name}`,
    title: 'What is the total?',
    submit: 'Save',
    text: `${label}: the vendor may not report how much is included or was bought.`,
    fields: [
      {
        name: 'amount',
        kind: 'line',
        label: unit === '' ? 'Total' : `Total in ${unit}`,
        placeholder: '5000',
        optional: true,
        hint: 'The credits of the plan, the amount that was bought last, or a budget. Leave it empty to remove the total.',
      },
    ],
  };
}

/** The command to type if no form can be shown. */
export function totalTyped(name: string, { label }: Named, invokedAs: string): Message {
  return {
    ...line(richText`What is the total of ${strong(label)}?`),
    lines: [richText`Type ${code(`${invokedAs} total ${name} 5000`)}.`],
  };
}

/** The message for an invalid amount in the form. */
export function totalProblem(text: string, problem: QuantityProblem): string {
  return `"${text}" ${quantityProblemText(problem)}.`;
}

/** A typed amount is not understood. */
export function totalNotUnderstood(
  { text, problem, name }: { readonly text: string; readonly problem: QuantityProblem; readonly name: string },
  invokedAs: string,
): Message {
  return { ...line(richText`${totalProblem(text, problem)}`), lines: [richText`For example: ${code(`${invokedAs} total ${name} 50k`)}`] };
}

/**
 * Confirms a stated total, or that it was removed.
 *
 * @param shown the total that its latest figures have now; null if they have none
 */
export function totalSetMessage({ label, unit, decimals }: Named, total: bigint | null, shown: bigint | null): Message {
  if (total === null) return line(richText`${strong(label)} has no stated total, from its next figures on.`);
  if (shown !== null && shown !== total)
    return {
      ...line(richText`${strong(label)}: ${formatAmount(total, decimals)}${unit === '' ? '' : ` ${unit}`} is saved as its stated total.`),
      lines: [
        richText`Its figures have a total of ${formatAmount(shown, decimals)} now. If the vendor or creditwatch.yml tells that one, it goes on counting, and the stated one does not.`,
      ],
    };
  const isMeasured = shown === total;
  return {
    ...line(
      richText`${strong(label)} has a total of ${formatAmount(total, decimals)}${unit === '' ? '' : ` ${unit}`}${isMeasured ? '' : ', from its next figures on'}.`,
    ),
    lines: [richText`If the vendor reports a total, or more is left than that, the figure of the vendor counts instead.`],
  };
}

export function meterGone(label: string): Message {
  return line(richText`${strong(label)} no longer exists.`);
}

/** Offers the form below a meter without a total. `name`: its full name. */
export function setTotalButton(name: string): Button {
  return { action: 'fill-in', label: 'Set total', value: `total ${name}` };
}

function line(title: RichText): Message {
  return { summary: title, title, lines: [] };
}
