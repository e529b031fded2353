import type { LocalDay } from '../core/local-time.ts';
import type { MeterNow } from '../core/meter-now.ts';
import { endsInSpan } from '../core/span.ts';
import { fullName, matchMeters } from './find.ts';

type MeterAndSpan = ReturnType<typeof endsInSpan> & {
  /** A meter was named, and what stands behind it is no span. */
  readonly strange: { readonly name: string; readonly rest: string } | null;
};

/** Reads `apollo last month`. What is the name of a meter as a whole is no span, were it called Sun. */
export function meterAndSpan(text: string, meters: readonly MeterNow[], today: LocalDay): MeterAndSpan {
  const all = meters.map(({ meter }) => meter);
  if (matchMeters(text, all).length > 0) return { what: text, span: null, typed: '', strange: null };
  const read = endsInSpan(text, today);
  return { ...read, strange: read.span === null ? meterBefore(read.what, meters) : null };
}

/** Where the beginning of what was typed names one meter and the whole does not: its full name, and what stands behind. */
function meterBefore(typed: string, meters: readonly MeterNow[]): MeterAndSpan['strange'] {
  const all = meters.map(({ meter }) => meter);
  const words = typed.split(' ');
  for (let end = words.length - 1; end > 0; end -= 1) {
    const [only, ...others] = matchMeters(words.slice(0, end).join(' '), all);
    if (only && others.length === 0) return { name: fullName(only), rest: words.slice(end).join(' ') };
  }
  return null;
}
