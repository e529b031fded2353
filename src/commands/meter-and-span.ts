import type { LocalDay } from '../core/time/local-time.ts';
import { endsInSpan } from '../core/time/parse-span.ts';
import type { MatchName } from './find-meters.ts';
import { fullName } from './names.ts';

type MeterAndSpan = ReturnType<typeof endsInSpan> & {
  /** Set if a meter is named and the text after it is not a span. */
  readonly strange: { readonly name: string; readonly rest: string } | null;
};

/**
 * Parses `apollo last month`. A text that is the whole name of a meter contains no span, even a meter called Sun.
 *
 * @param match finds the meters of a typed name
 */
export function meterAndSpan(text: string, match: MatchName, today: LocalDay): MeterAndSpan {
  if (match(text).length > 0) return { what: text, span: null, typed: '', strange: null };
  const read = endsInSpan(text, today);
  return { ...read, strange: read.span === null ? meterBefore(read.what, match) : null };
}

/** Names have fewer words than this. */
const MOST_WORDS = 40;

/** If the beginning of a text names one meter and the whole text does not, returns its full name and the text after it. */
function meterBefore(typed: string, match: MatchName): MeterAndSpan['strange'] {
  const words = typed.split(' ');
  for (let end = Math.min(words.length - 1, MOST_WORDS); end > 0; end -= 1) {
    const [only, ...others] = match(words.slice(0, end).join(' '));
    if (only && others.length === 0) return { name: fullName(only), rest: words.slice(end).join(' ') };
  }
  return null;
}
