import type { CardElement, IAdaptiveCard, ISubmitAction } from '@microsoft/teams.cards';
import type { Form } from '../../core/text/form.ts';
import { richText } from '../../core/text/rich-text.ts';
import type { ButtonClick } from './actions.ts';
import { cardLine, type LineContext } from './text-blocks.ts';
import { missingField } from '../../messages/platforms/teams-toasts.ts';

/** What a rejected form is shown with: the problems by field name, and the submitted values, so that they need not be typed again. */
export type FilledIn = { readonly problems?: Readonly<Record<string, string>>; readonly values?: Readonly<Record<string, string>> };

const PASTE_LIMIT = 20_000;

/** Builds a card of a form, with its fields. */
export function formCard(form: Form, context: LineContext, { problems = {}, values = {} }: FilledIn = {}): IAdaptiveCard {
  const data = { creditwatch: 'submit', form: form.id } satisfies ButtonClick;
  const submit: ISubmitAction = { type: 'Action.Submit', title: form.submit, style: 'positive', data };
  return {
    type: 'AdaptiveCard',
    $schema: 'https://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: form.title,
    body: [
      ...line(form.title, 'title'),
      ...line(form.text, 'subtle'),
      ...form.fields.flatMap((field) => [
        ...line(problems[field.name], 'problem'),
        input(field, values[field.name] ?? field.value),
        ...line(field.hint, 'subtle'),
      ]),
    ],
    actions: [{ type: 'Action.Execute', title: form.submit, style: 'positive', verb: 'submit', data, fallback: submit }],
  };

  function line(text: string | undefined, style: 'title' | 'subtle' | 'problem'): CardElement[] {
    if (text === undefined) return [];
    const element = cardLine(richText`${style === 'problem' ? '⚠️ ' : ''}${text}`, style === 'problem' ? 'plain' : style, context);
    return element === null ? [] : [element];
  }
}

function input(field: Form['fields'][number], value: string | undefined): CardElement {
  const common = {
    id: field.name,
    label: field.label,
    isRequired: field.optional !== true,
    errorMessage: missingField(field.label),
    ...(value !== undefined && { value }),
    ...(field.placeholder !== undefined && { placeholder: field.placeholder }),
  };
  if (field.kind === 'choice')
    return {
      type: 'Input.ChoiceSet',
      ...common,
      style: 'compact',
      choices: field.choices.map(({ label, value: chosen }) => ({ title: label, value: chosen })),
    };
  return { type: 'Input.Text', ...common, isMultiline: field.kind === 'paragraph', maxLength: PASTE_LIMIT };
}
