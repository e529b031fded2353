import type { Source } from '../../core/meters/source.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { Message } from '../../core/text/message.ts';
import { code, say, strong, type Phrase } from '../../core/text/rich-text.ts';

const MOST_SOURCES = 15;

/** Whom to ask about invoices, and whom for more, for each source of figures. */
export function billingWords(sources: readonly Pick<Source, 'id' | 'contacts'>[]): Message {
  const title = say`${strong('Billing')}: whom to ask`;
  const shown = sources.slice(0, MOST_SOURCES);
  const more = sources.length - shown.length;
  return { summary: title, title, lines: [...shown.flatMap(linesOf), ...(more > 0 ? [say`+${String(more)} more`] : [])] };
}

function linesOf({ id, contacts }: Pick<Source, 'id' | 'contacts'>): readonly Phrase[] {
  const vendor = vendorOf(id);
  const { billing, sales } = { ...vendor?.contacts, ...contacts };
  const name = strong(vendor?.name ?? id);
  if (billing === undefined && sales === undefined)
    return [say`${name}: nobody is named; set ${code('contacts')} for the source ${id} in creditwatch.yml`];
  return [
    ...(billing === undefined ? [] : [say`${name}, invoices and payment: ${billing}`]),
    ...(sales === undefined ? [] : [say`${name}, more credits: ${sales}`]),
  ];
}
