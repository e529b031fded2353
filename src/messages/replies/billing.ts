import type { Source } from '../../core/meters/source.ts';
import { sourceName } from '../../core/vendors/recognise.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import type { Message } from '../../core/text/message.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';

const MOST_SOURCES = 15;

/** Lists for each source the contacts for invoices and for more credits. */
export function billingMessage(sources: readonly Pick<Source, 'id' | 'contacts'>[]): Message {
  const title = richText`${strong('Billing')}: whom to ask`;
  const shown = sources.slice(0, MOST_SOURCES);
  const more = sources.length - shown.length;
  return { summary: title, title, lines: [...shown.flatMap(linesOf), ...(more > 0 ? [richText`+${String(more)} more`] : [])] };
}

function linesOf({ id, contacts }: Pick<Source, 'id' | 'contacts'>): readonly RichText[] {
  const vendor = vendorOf(id);
  const { billing, sales, buy } = { ...vendor?.contacts, ...contacts };
  const name = strong(vendor?.name ?? sourceName(id));
  if (billing === undefined && sales === undefined && buy === undefined)
    return [richText`${name}: no contact is set. Set ${code('contacts')} for the source ${id} in creditwatch.yml`];
  return [
    ...(billing === undefined ? [] : [richText`${name}, invoices and payment: ${billing}`]),
    ...(sales === undefined ? [] : [richText`${name}, more credits: ${sales}`]),
    ...(buy === undefined ? [] : [richText`${name}, buy more: ${buy}`]),
  ];
}
