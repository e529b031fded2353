import { createHash } from 'node:crypto';
import { collected } from '../../async/parts.ts';
import { nameSchema } from '../../core/meters/meter.ts';
import { directTo } from '../../core/notifications/route.ts';
import { sourceName, sourceNamed } from '../../core/vendors/recognise.ts';
import {
  foundFiguresMessage,
  FROM_PAGE,
  IMPORT_BY_FILE,
  importedMessage,
  importForm,
  OTHER_VENDOR,
  VENDOR_PERHAPS_KNOWN,
  VENDOR_UNKNOWN,
} from '../../messages/forms/import.ts';
import { importNoteText, rejectedText } from '../../messages/forms/import-notes.ts';
import { importProblemText } from '../../messages/forms/import-problems.ts';
import { pasteRefused, pasteRefusedMessage } from '../../messages/replies/pasted.ts';
import { toRequester, toRequesterAlone, type Invalid, type Reply } from '../../ports/inbound/chat.ts';
import { pastedEvent, type Imported } from '../../ports/inbound/import.ts';
import type { CommandContext } from '../command.ts';
import { pasteRefusal } from '../may-paste.ts';
import { operatorOnly } from '../permissions.ts';
import type { FormKind } from './form.ts';
import { BAD_VENDOR_NAME } from '../../messages/forms/import.ts';

type Values = Readonly<Record<string, string>>;
type Pasted = { readonly source: string; readonly imported: Imported };

/**
 * The form for pasted figures. `about` names their source; if it is empty, the form opens with the source that was pasted last. The
 * parsed figures are shown before they are stored.
 */
export const importPasted: FormKind = {
  async open(about, context) {
    const source = sourceOf(about) ?? (await rememberedSource(context));
    const refused = source === '' ? null : await pasteRefusal(source, context);
    if (refused !== null) return toRequesterAlone(pasteRefusedMessage(source, refused));
    return { kind: 'form', form: importForm({ source, known: await knownSources(context) }), message: IMPORT_BY_FILE };
  },

  async submit(about, values, context) {
    const pasted = await allowed(readPasted(about, values, context), context);
    return 'kind' in pasted ? pasted : preview(pasted, values, context);
  },
};

/** The form again, with the parsed figures. `about` begins with a digest of the shown figures; only those are stored. */
export const saveFigures: FormKind = {
  open: (about, context) => importPasted.open(about.split(' ').slice(1).join(' '), context),

  async submit(about, values, context) {
    const [shown, ...source] = about.split(' ');
    const pasted = await allowed(readPasted(source.join(' '), values, context), context);
    if ('kind' in pasted) return pasted;
    return digestOf(pasted) === shown ? save(pasted, context) : preview(pasted, values, context);
  },
};

function readPasted(about: string, values: Values, { parseImport }: CommandContext): Pasted | Invalid {
  const { text = '', vendor = '', name = '' } = values;
  const chosen = vendor === OTHER_VENDOR ? sourceNamed(name) : vendor === FROM_PAGE ? '' : vendor;
  if (vendor === OTHER_VENDOR && sourceOf(chosen) === null) return { kind: 'invalid', problems: { name: BAD_VENDOR_NAME } };
  const named = sourceOf(chosen) ?? (vendor === FROM_PAGE ? null : sourceOf(about));
  const imported = parseImport(text, named);
  if (!imported.ok) {
    // What is known of a vendor's page is only used if the vendor is.
    const isUnnamed = named === null && imported.error.kind === 'no-figures';
    return {
      kind: 'invalid',
      problems: { text: importProblemText(imported.error), ...(isUnnamed && { vendor: VENDOR_PERHAPS_KNOWN }) },
    };
  }
  const source = named ?? sourceOf(imported.value.source ?? '');
  return source === null ? { kind: 'invalid', problems: { vendor: VENDOR_UNKNOWN } } : { source, imported: imported.value };
}

/** Checks the permission. The form stays open, so that the text can be saved for another vendor. */
async function allowed(pasted: Pasted | Invalid, context: CommandContext): Promise<Pasted | Invalid> {
  if ('kind' in pasted) return pasted;
  const refused = await pasteRefusal(pasted.source, context);
  if (refused === null) return pasted;
  return { kind: 'invalid', problems: { vendor: pasteRefused(pasted.source, refused) } };
}

async function preview(pasted: Pasted, values: Values, context: CommandContext): Promise<Reply> {
  const { source, imported } = pasted;
  const seen = context.parseImport(values['text'] ?? '', null);
  const pageOf = seen.ok ? seen.value.source : null;
  const found = foundFiguresMessage({
    ...imported,
    source: sourceName(source),
    pageOf: pageOf === null || pageOf === source ? null : sourceName(pageOf),
  });
  const form = importForm({
    source,
    known: await knownSources(context),
    found,
    digest: digestOf(pasted),
    text: values['text'] ?? '',
  });
  return { kind: 'form', form, message: IMPORT_BY_FILE };
}

/** A digest of the source and all readings to be stored. */
function digestOf({ source, imported: { readings, notes } }: Pasted): string {
  return createHash('sha256')
    .update(JSON.stringify([source, readings, notes]))
    .digest('hex')
    .slice(0, 16);
}

async function save({ source, imported }: Pasted, context: CommandContext): Promise<Reply> {
  const { requester, queries, clock, ingest } = context;
  const arrivedAt = clock.now();
  const by = requester.inTerminal ? null : directTo(requester.person);
  const { accepted, duplicates, rejected } = await ingest({
    account: requester.account,
    source,
    via: 'import',
    eventId: pastedEvent(imported, arrivedAt),
    ...(by && { by }),
    actor: requester.person,
    arrivedAt,
    readings: imported.readings,
  });
  const refused = [
    ...rejected.map(({ index, reason }) => rejectedText(imported.places[index], reason)),
    ...imported.notes.map(importNoteText),
  ];
  const ofSource = await collected(queries.figures(requester.account, { source }));
  const resetUnknown = ofSource.some((one) => one.reading.period === null && one.source.period === null);
  // People who may not set the reset day are not asked to.
  const maySetReset = resetUnknown && (await operatorOnly(context)) === null;
  return toRequester(importedMessage({ source, taken: accepted, known: duplicates, refused, resetUnknown, maySetReset }));
}

/** The sources of the account, to choose from. */
async function knownSources({ requester, queries }: CommandContext): Promise<readonly string[]> {
  return [...new Set((await queries.sources(requester.account)).map(({ id }) => id))];
}

/** Returns the source that was pasted last; empty if there is none, or if the requester may not paste its figures now. */
async function rememberedSource(context: CommandContext): Promise<string> {
  const { requester, queries } = context;
  const last = await queries.lastPasted(requester.account, requester.person);
  return last === null || (await pasteRefusal(last, context)) !== null ? '' : last;
}

/** Returns the text if it is a valid source name; null otherwise. */
function sourceOf(text: string): string | null {
  const named = nameSchema.safeParse(text);
  return named.success ? named.data : null;
}
