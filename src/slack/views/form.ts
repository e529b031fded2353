import type { types } from '@slack/bolt';
import type { Form } from '../../core/text/form.ts';
import { sanitizeText, strictLength } from '../../messages/text/sanitize-text.ts';
import { CANCEL, longestText } from '../../messages/forms/limits.ts';

type Field = Form['fields'][number];

/** Slack's limits for a modal and its elements (docs.slack.dev/reference/views/modal-views and block-kit). */
const MAX_TITLE = 24;
const MAX_TEXT = 3000;
const MAX_LABEL = 2000;
const MAX_PLACEHOLDER = 150;
const MAX_NOTES = 3000;
const MAX_ID = 255;
const MOST_BLOCKS = 100;
const MOST_CHOICES = 100;
const MAX_CHOICE_LABEL = 75;
const MAX_CHOICE_VALUE = 150;
const MAX_LINE = 500;
/** Slack's limit for one field. Only the hint of the field tells people about it. */
const MAX_PARAGRAPH = 3000;

/** Each field has a block of its own, named after the field. */
const INPUT = 'value';

/**
 * Builds the modal of a form, each field under its name. Null if Slack cannot show the whole form: a choice without some of its options
 * would have another meaning.
 *
 * @param notes text that Slack sends back with the submitted form
 */
export function formView({ title, submit, text: above, fields }: Form, notes: string): types.ModalView | null {
  const blocks = fields.length + (above === undefined ? 0 : 1);
  if (notes.length > MAX_NOTES || blocks === 0 || blocks > MOST_BLOCKS || !fields.every(isShowable)) return null;
  return {
    type: 'modal',
    callback_id: 'form',
    title: text(title, MAX_TITLE),
    submit: text(submit, MAX_TITLE),
    close: text(CANCEL, MAX_TITLE),
    private_metadata: notes,
    blocks: [...(above === undefined ? [] : [{ type: 'section' as const, text: text(above, MAX_TEXT) }]), ...fields.map(input)],
  };
}

function isShowable(field: Field): boolean {
  if (field.name === '' || field.name.length > MAX_ID) return false;
  if (field.kind !== 'choice') return true;
  return (
    field.choices.length > 0 &&
    field.choices.length <= MOST_CHOICES &&
    field.choices.every(({ value }) => value !== '' && value.length <= MAX_CHOICE_VALUE)
  );
}

function input(field: Field): types.InputBlock {
  const hint = [field.hint, field.kind === 'paragraph' ? longestText('Slack', MAX_PARAGRAPH) : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
  return {
    type: 'input',
    block_id: field.name,
    label: text(field.label, MAX_LABEL),
    element: element(field),
    ...(hint === '' ? {} : { hint: text(hint, MAX_LABEL) }),
    ...(field.optional ? { optional: true } : {}),
  };
}

function element(field: Field): types.PlainTextInput | types.StaticSelect {
  const placeholder = field.placeholder === undefined ? {} : { placeholder: text(field.placeholder, MAX_PLACEHOLDER) };
  if (field.kind === 'choice') {
    const options = field.choices.map(({ label, value }) => ({ text: text(label, MAX_CHOICE_LABEL), value }));
    return { type: 'static_select', action_id: INPUT, options, ...placeholder };
  }
  const isLong = field.kind === 'paragraph';
  const max = isLong ? MAX_PARAGRAPH : MAX_LINE;
  const filledIn = field.value === undefined || field.value.length > max ? {} : { initial_value: field.value };
  return { type: 'plain_text_input', action_id: INPUT, multiline: isLong, max_length: max, ...filledIn, ...placeholder };
}

function text(words: string, max: number): types.PlainTextElement {
  return { type: 'plain_text', text: sanitizeText(words, max, strictLength) || '…', emoji: false };
}
