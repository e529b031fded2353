import { vendorOf } from '../vendors/registry.ts';
import { setResetDayButton } from './reset-day.ts';
import type { Form } from './form.ts';
import type { Button, Message } from './message.ts';
import { code, say, strong, type Phrase } from './phrase.ts';

/** More would not be read; whoever pastes such a text sees with the first ones what is wrong with it. */
const MOST_PROBLEMS = 15;

/** The form to paste a usage page into. Its answer comes back with the name of the field, `text`. */
export function importForm(source: string): Form {
  return {
    id: source === '' ? 'import' : `import ${source}`,
    title: 'Paste usage page',
    submit: 'Take the figures',
    fields: [
      {
        name: 'text',
        kind: 'paragraph',
        label: 'The usage page',
        hint: 'Open the vendor\'s usage page, copy everything, and paste it here. Lines such as "1,614/1,000,000 credits used" are taken, the rest is ignored.',
        placeholder: 'Apollo Contacts\n1,614/1,000,000 credits used',
      },
    ],
  };
}

/** How to get a usage page in where no form can be shown. */
export const IMPORT_BY_FILE: Message = {
  summary: say`Copy the vendor's usage page into a file, then: npx creditwatch import <file>`,
  title: say`Copy the vendor's usage page into a file, then: ${code('npx creditwatch import <file>')}`,
  lines: [],
};

/** Opens the form; without a source, for whatever vendor the text is of. */
export function pasteButton(source = ''): Button {
  return { action: 'fill-in', label: 'Paste usage page', value: `import ${source}`.trim(), primary: true };
}

/**
 * What came of pasted figures: how many were taken, and of each that was not where it stands and why.
 *
 * @param refused with their place: `line 4: used is negative`
 * @param resetUnknown nobody has said when the figures of this source reset
 */
export function importedWords({
  source,
  taken,
  known,
  refused,
  resetUnknown,
}: {
  readonly source: string;
  readonly taken: number;
  readonly known: number;
  readonly refused: readonly string[];
  readonly resetUnknown: boolean;
}): Message {
  const title = headline(vendorOf(source)?.name ?? source, taken, known);
  const shown = refused.slice(0, MOST_PROBLEMS);
  const more = refused.length - shown.length;
  return {
    summary: title,
    title,
    lines: [
      ...(shown.length === 0 ? [] : [say`Not taken:`]),
      ...shown.map((problem) => say`${problem}`),
      ...(more > 0 ? [say`+${String(more)} more`] : []),
      ...(resetUnknown ? [say`I don't know when these figures reset.`] : []),
    ],
    buttons: [{ action: 'show', label: 'All figures', value: '' }, ...(resetUnknown ? [setResetDayButton(source)] : [])],
  };
}

function headline(name: string, taken: number, known: number): Phrase {
  if (taken === 0 && known === 0) return say`❌ Nothing was taken into ${strong(name)}.`;
  if (taken === 0) return say`${strong(name)}: ${known === 1 ? 'this figure was' : `all ${String(known)} figures were`} known already.`;
  return say`✅ ${String(taken)} ${taken === 1 ? 'figure' : 'figures'} taken into ${strong(name)}${known === 0 ? '' : `, ${String(known)} known already`}.`;
}
