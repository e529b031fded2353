import { describe, expect, it } from 'vitest';
import type { Form } from '../../../src/core/text/form.ts';
import { formView } from '../../../src/slack/views/form.ts';
import { lintModal } from '../../support/slack/block-limits.ts';
import { longestText } from '../../../src/messages/forms/limits.ts';

const PASTE: Form = {
  id: 'import',
  title: 'Paste usage page',
  submit: 'Take the figures',
  fields: [
    { name: 'text', kind: 'paragraph', label: 'The usage page', hint: 'Copy everything.', placeholder: '1,614/1,000,000 credits used' },
  ],
};

function withFields(...fields: Form['fields'][number][]): Form {
  return { ...PASTE, fields };
}

describe("a form in Slack's shape", () => {
  it('is a modal with a block for each field, named like it, and says how much Slack takes of a long text', () => {
    expect(formView(PASTE, 'notes')).toEqual({
      type: 'modal',
      callback_id: 'form',
      title: { type: 'plain_text', text: 'Paste usage page', emoji: false },
      submit: { type: 'plain_text', text: 'Take the figures', emoji: false },
      close: { type: 'plain_text', text: 'Cancel', emoji: false },
      private_metadata: 'notes',
      blocks: [
        {
          type: 'input',
          block_id: 'text',
          label: { type: 'plain_text', text: 'The usage page', emoji: false },
          hint: { type: 'plain_text', text: `Copy everything. ${longestText('Slack', 3000)}`, emoji: false },
          element: {
            type: 'plain_text_input',
            action_id: 'value',
            multiline: true,
            max_length: 3000,
            placeholder: { type: 'plain_text', text: '1,614/1,000,000 credits used', emoji: false },
          },
        },
      ],
    });
  });

  it('without fields is only something to read and to agree to', () => {
    const view = formView({ ...withFields(), text: 'Type there: /invite @Creditwatch' }, '');
    expect(lintModal(view)).toEqual([]);
    expect(view?.blocks).toEqual([
      { type: 'section', text: { type: 'plain_text', text: 'Type there: /invite @Creditwatch', emoji: false } },
    ]);
  });

  it('has a line for a line and a menu for a choice, and what is optional is marked', () => {
    const view = formView(
      withFields(
        { name: 'day', kind: 'line', label: 'Day', optional: true },
        { name: 'ask', kind: 'choice', label: 'Ask for', choices: [{ label: 'A higher plan limit', value: 'plan' }] },
      ),
      '',
    );
    expect(view?.blocks).toMatchObject([
      { block_id: 'day', optional: true, element: { type: 'plain_text_input', multiline: false } },
      { block_id: 'ask', element: { type: 'static_select', options: [{ text: { text: 'A higher plan limit' }, value: 'plan' }] } },
    ]);
    expect(lintModal(view)).toEqual([]);
  });

  it.each(['x', 'Ω', '\u202E', '<!channel>'])('of endless words in %s passes all limits of Slack', (word) => {
    const endless = word.repeat(5000);
    const view = formView(
      {
        id: endless,
        title: endless,
        submit: endless,
        fields: [
          { name: 'text', kind: 'paragraph', label: endless, hint: endless, placeholder: endless },
          {
            name: 'choice',
            kind: 'choice',
            label: '',
            choices: Array.from({ length: 100 }, (_, index) => ({ label: endless, value: String(index).padEnd(150, 'x') })),
          },
        ],
      },
      'x'.repeat(3000),
    );
    expect(view).not.toBeNull();
    expect(lintModal(view)).toEqual([]);
  });

  const choices = (count: number, length = 1) =>
    Array.from({ length: count }, (_, index) => ({ label: 'x', value: String(index).padStart(length, '0') }));

  it.each([
    ['its notes are longer than 3,000 characters', PASTE, 'x'.repeat(3001)],
    ['it has no field', withFields(), ''],
    [
      'it has more than 100 fields',
      withFields(...Array.from({ length: 101 }, (_, index) => ({ name: `field ${String(index)}`, kind: 'line' as const, label: 'x' }))),
      '',
    ],
    ['a field has no name', withFields({ name: '', kind: 'line', label: 'x' }), ''],
    ['there is nothing to choose from', withFields({ name: 'ask', kind: 'choice', label: 'x', choices: [] }), ''],
    ['there is more to choose from than 100', withFields({ name: 'ask', kind: 'choice', label: 'x', choices: choices(101) }), ''],
    ['what is chosen is longer than 150 characters', withFields({ name: 'ask', kind: 'choice', label: 'x', choices: choices(1, 151) }), ''],
  ])('is none when %s: something that was cut would mean something else', (_what, form, notes) => {
    expect(formView(form, notes)).toBeNull();
  });
});
