import { nameSchema } from '../../core/meter.ts';
import { directTo } from '../../core/route.ts';
import { abmatic } from '../../core/vendors/abmatic.ts';
import { IMPORT_BY_FILE, importedWords, importForm } from '../../core/words/imported.ts';
import { toAsker } from '../../ports/answer.ts';
import { pastedEvent } from '../../ports/import.ts';
import type { FormKind } from './form.ts';

/** Figures that somebody pastes. `about` names the source they are of, when that is not what the text says. */
export const importPasted: FormKind = {
  open: async (about) => ({ kind: 'form', form: importForm(sourceOf(about) ?? ''), message: IMPORT_BY_FILE }),

  async submit(about, { text = '' }, { asker, store, clock, ingest, parseImport }) {
    const imported = parseImport(text);
    if (!imported.ok) return { kind: 'invalid', problems: { text: imported.error } };
    const { readings, places, notes } = imported.value;
    const arrivedAt = clock.now();
    const by = directTo(asker.platform, asker.user);
    const source = sourceOf(about) ?? sourceOf(imported.value.source ?? '') ?? abmatic.source;
    const { accepted, duplicates, rejected } = await ingest({
      account: asker.account,
      source,
      via: 'import',
      eventId: pastedEvent(imported.value, arrivedAt),
      ...(by && { by }),
      arrivedAt,
      readings,
    });
    const refused = [...rejected.map(({ index, reason }) => `${places[index] ?? ''}: ${reason}`), ...notes];
    const ofSource = (await store.meters(asker.account)).filter(({ meter }) => meter.source === source);
    const resetUnknown = ofSource.some((one) => one.reading.period === null && one.source.period === null);
    return toAsker(importedWords({ source, taken: accepted, known: duplicates, refused, resetUnknown }));
  },
};

/** Null for what is no name of a source. */
function sourceOf(text: string): string | null {
  const named = nameSchema.safeParse(text);
  return named.success ? named.data : null;
}
