import { z } from 'zod';
import { groupedDecimal } from '../../core/meters/amount.ts';
import { namedVendors, sourceName, sourceNamed } from '../../core/vendors/recognise.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import { importNoteText } from './import-notes.ts';
import { setResetDayButton } from './reset-day.ts';
import type { ImportNote } from '../../core/text/import-problem.ts';
import type { Form } from '../../core/text/form.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** The first problems are enough to show what is wrong with a text; the rest is counted. */
const MOST_PROBLEMS = 15;

/** Two values of the vendor field that are not sources. They cannot collide with one, because the ID of a source has no slash. */
export const FROM_PAGE = '/from-page';
export const OTHER_VENDOR = '/other';
export const VENDOR_UNKNOWN = "I can't tell which vendor this page is from. Choose the vendor, or choose Other and name it.";
export const VENDOR_PERHAPS_KNOWN = 'Choose the vendor if it is listed: some figures are only read then.';
/** The most choices in a field of Slack, and the longest value of a choice. */
const MOST_VENDORS = 90;
const LONGEST_SOURCE = 75;

/**
 * The form for pasting a usage page. A submitted form has the fields `vendor`, `name` and `text`.
 *
 * @param source the source of the figures; empty to recognize it from the page
 * @param known the sources that already have figures
 * @param found after the text was read: the figures that it contains. `digest` identifies these figures, and `text` is filled in again
 */
export function importForm({
  source,
  known,
  found,
  digest,
  text = '',
}: {
  readonly source: string;
  readonly known: readonly string[];
  readonly found?: string;
  readonly digest?: string;
  readonly text?: string;
}): Form {
  const all = [...new Set([...(source === '' ? [] : [source]), ...known, ...namedVendors.map((vendor) => vendor.source)])];
  const sources = all.filter((one) => one.length <= LONGEST_SOURCE).slice(0, MOST_VENDORS);
  const id = source === '' ? 'import' : `import ${source}`;
  return {
    id: digest === undefined ? id : `save-figures ${digest} ${source}`,
    title: 'Paste usage page',
    submit: digest === undefined ? 'Show what it finds' : 'Save figures',
    ...(found !== undefined && { text: found }),
    fields: [
      {
        name: 'vendor',
        kind: 'choice',
        label: 'Vendor',
        choices: [
          { label: 'Recognize it from the page', value: FROM_PAGE },
          ...sources.map((one) => ({ label: sourceName(one), value: one })),
          { label: 'Other (name it below)', value: OTHER_VENDOR },
        ],
        placeholder: source === '' ? 'Recognize it from the page' : sourceName(source),
        optional: true,
      },
      { name: 'name', kind: 'line', label: 'Name of the other vendor', placeholder: 'Acme Data', optional: true },
      {
        name: 'text',
        kind: 'paragraph',
        label: 'Usage page',
        hint: 'Open the vendor\'s usage page, copy everything, and paste it here. Lines such as "1,614/1,000,000 credits used" are read. You see what was found before anything is stored.',
        placeholder: 'Apollo Contacts\n1,614/1,000,000 credits used',
        ...(text !== '' && { value: text }),
      },
    ],
  };
}

/** The fields of a pasted reading that the form shows. */
const shownReading = z.object({
  meter: z.string(),
  label: z.string().optional(),
  used: z.union([z.string(), z.number()]).optional(),
  remaining: z.union([z.string(), z.number()]).optional(),
  total: z.union([z.string(), z.number()]).nullish(),
  unit: z.string().optional(),
});
const MOST_FOUND = 12;

/**
 * Lists the figures of a text before they are stored: `Found 2 for Clay: Clay Credits 900 / 1,000, …`.
 *
 * @param source the name of the vendor it would be stored for
 * @param pageOf the vendor that the page looks like, if it is another
 */
export function foundFiguresMessage({
  source,
  readings,
  notes,
  pageOf,
}: {
  readonly source: string;
  readonly readings: readonly unknown[];
  readonly notes: readonly ImportNote[];
  readonly pageOf: string | null;
}): string {
  const meters = vendorOf(sourceNamed(source))?.meters;
  const shown = readings.slice(0, MOST_FOUND).map((raw) => {
    const reading = shownReading.safeParse(raw);
    if (!reading.success) return '?';
    const { meter, label = meters?.[meter]?.label ?? meter, used, remaining, total, unit = '' } = reading.data;
    const figures = used === undefined ? `${groupedDecimal(remaining ?? '?')} left` : groupedDecimal(used);
    const of = total === undefined ? '' : total === null ? ' / unlimited' : ` / ${groupedDecimal(total)}`;
    return `${label} ${figures}${of}${unit === '' ? '' : ` ${unit}`}`;
  });
  const more = readings.length - shown.length;
  return [
    `Found ${String(readings.length)} for ${source}: ${shown.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}.`,
    ...(pageOf === null ? [] : [`This page looks like one from ${pageOf}. Change the vendor if it is.`]),
    ...(notes.length === 0 ? [] : ['Not understood:', ...notes.slice(0, MOST_PROBLEMS).map(importNoteText)]),
    ...(notes.length > MOST_PROBLEMS ? [`+${String(notes.length - MOST_PROBLEMS)} more`] : []),
  ].join('\n');
}

/** How to import a usage page if no form can be shown. */
export const IMPORT_BY_FILE: Message = {
  summary: richText`Copy the vendor's usage page into a file, then: npx creditwatch import <file> --source <vendor>`,
  title: richText`Copy the vendor's usage page into a file, then: ${code('npx creditwatch import <file> --source <vendor>')}`,
  lines: [],
};

/** The button that opens the form. Without a source, the vendor is recognized from the text. */
export function pasteButton(source = ''): Button {
  return { action: 'fill-in', label: 'Paste usage page', value: `import ${source}`.trim(), primary: true };
}

/**
 * Reports on pasted figures: how many were saved, and the position and reason of each one that was not.
 *
 * @param refused the problems with their position: `line 4: used is negative`
 * @param resetUnknown whether it is unknown when the figures of this source reset
 * @param maySetReset whether the person who pasted them may set that
 */
export function importedMessage({
  source,
  taken,
  known,
  refused,
  resetUnknown,
  maySetReset,
}: {
  readonly source: string;
  readonly taken: number;
  readonly known: number;
  readonly refused: readonly string[];
  readonly resetUnknown: boolean;
  readonly maySetReset: boolean;
}): Message {
  const title = headline(sourceName(source), taken, known);
  const shown = refused.slice(0, MOST_PROBLEMS);
  const more = refused.length - shown.length;
  return {
    summary: title,
    title,
    lines: [
      ...(shown.length === 0 ? [] : [richText`Not saved:`]),
      ...shown.map((problem) => richText`${problem}`),
      ...(more > 0 ? [richText`+${String(more)} more`] : []),
      ...(resetUnknown ? [richText`I don't know when these figures reset.`] : []),
    ],
    buttons: [{ action: 'show', label: 'All figures', value: '' }, ...(maySetReset ? [setResetDayButton(source)] : [])],
  };
}

function headline(name: string, taken: number, known: number): RichText {
  if (taken === 0 && known === 0) return richText`❌ Nothing was saved for ${strong(name)}.`;
  if (taken === 0)
    return richText`${strong(name)}: ${known === 1 ? 'this figure was' : `all ${String(known)} figures were`} already known.`;
  return richText`✅ Saved ${String(taken)} ${taken === 1 ? 'figure' : 'figures'} for ${strong(name)}${known === 0 ? '' : `; ${String(known)} ${known === 1 ? 'was' : 'were'} already known`}.`;
}

/** The typed name of a vendor cannot be the ID of a source. */
export const BAD_VENDOR_NAME = 'Name the vendor: 1 to 200 characters, without a slash.';
