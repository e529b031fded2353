import { parseDeadline, type Deadline, type DeadlineProblem } from '../time/parse-deadline.ts';
import type { Meter } from '../meters/meter.ts';
import { endOfQuantity, looksLikeQuantity, parseQuantity, type QuantityProblem } from '../meters/quantity.ts';
import { err, ok, type Result } from '../result.ts';

/** A question: can these amounts still be used, by a day if one is named? */
export type CheckQuestion = {
  readonly items: readonly { readonly meter: Meter; readonly amount: bigint }[];
  readonly by: Deadline | null;
};

/** Why a question was not understood, with the typed text. */
export type Misunderstanding =
  | { readonly kind: 'nothing-asked' }
  | { readonly kind: 'no-amount'; readonly name: string }
  | { readonly kind: 'no-meter'; readonly amount: string }
  | { readonly kind: 'unknown-meter'; readonly name: string }
  | { readonly kind: 'ambiguous-meter'; readonly name: string; readonly meters: readonly Meter[] }
  | { readonly kind: 'bad-amount'; readonly text: string; readonly problem: QuantityProblem }
  | { readonly kind: 'bad-date'; readonly text: string; readonly problem: DeadlineProblem }
  | { readonly kind: 'too-much' };

/** Finds the meters of a typed name: none, one, or several. */
export type ResolveMeter = (name: string) => readonly Meter[];

/** More than any plan needs; rejects a pasted page. */
const MOST_WORDS = 60;

type Part = { readonly name: string; readonly amount: string };

/**
 * Parses `campaigns 50k open_ai 2M by 5 dec`. Names may contain spaces and numbers (`Apollo Contacts`, `GPT 4`), so the longest name
 * that `resolve` knows ends where the amount begins.
 */
export function parseCheckQuestion(
  text: string,
  resolve: ResolveMeter,
  now: Date,
  timeZone: string,
): Result<CheckQuestion, Misunderstanding> {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > MOST_WORDS) return err({ kind: 'too-much' });
  const at = words.findLastIndex((word) => word.toLowerCase() === 'by');
  const asked = at < 0 ? words : words.slice(0, at);
  const date = at < 0 ? null : words.slice(at + 1).join(' ');
  if (asked.length === 0) return err({ kind: 'nothing-asked' });

  const parts = split(asked, resolve) ?? splitPlainly(asked);
  const items: { meter: Meter; amount: bigint }[] = [];
  for (const { name, amount } of parts) {
    if (name === '') return err({ kind: 'no-meter', amount });
    const meters = resolve(name);
    const [meter] = meters;
    if (!meter) return err(amount === '' ? withoutAmount(name, resolve) : { kind: 'unknown-meter', name });
    if (meters.length > 1) return err({ kind: 'ambiguous-meter', name, meters });
    if (amount === '') return err({ kind: 'no-amount', name: meter.label });
    const quantity = parseQuantity(amount, meter.decimals);
    if (!quantity.ok) return err({ kind: 'bad-amount', text: amount, problem: quantity.error });
    add(items, meter, quantity.value);
  }
  if (date === null) return ok({ items, by: null });
  const by = parseDeadline(date, now, timeZone);
  return by.ok ? ok({ items, by: by.value }) : err({ kind: 'bad-date', text: date, problem: by.error });
}

/** Explains `campaigns fifty`: finds the longest prefix that is a meter; the rest is not an amount. */
function withoutAmount(text: string, resolve: ResolveMeter): Misunderstanding {
  const words = text.split(' ');
  for (let end = words.length - 1; end > 0; end--) {
    if (resolve(words.slice(0, end).join(' ')).length > 0)
      return { kind: 'bad-amount', text: words.slice(end).join(' '), problem: { code: 'not-an-amount' } };
  }
  return { kind: 'unknown-meter', name: text };
}

/** Adds up the amounts of a meter that is named twice. */
function add(items: { meter: Meter; amount: bigint }[], meter: Meter, amount: bigint): void {
  const known = items.findIndex((item) => item.meter.id === meter.id);
  const before = items[known];
  if (before) items[known] = { meter, amount: before.amount + amount };
  else items.push({ meter, amount });
}

/** Splits the words into known names and amounts; null if that is not possible for all words. */
function split(words: readonly string[], resolve: ResolveMeter): readonly Part[] | null {
  const known = new Map<string, boolean>();
  const dead = new Set<number>();
  return from(0);

  function from(start: number): readonly Part[] | null {
    if (start === words.length) return [];
    if (dead.has(start)) return null;
    for (let end = words.length - 1; end > start; end--) {
      if (!looksLikeQuantity(words[end] ?? '')) continue;
      const name = words.slice(start, end).join(' ');
      if (!isKnown(name)) continue;
      const next = endOfQuantity(words, end);
      const rest = from(next);
      if (rest) return [{ name, amount: words.slice(end, next).join(' ') }, ...rest];
    }
    dead.add(start);
    return null;
  }

  function isKnown(name: string): boolean {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = resolve(name).length > 0;
    known.set(name, found);
    return found;
  }
}

/** Splits where an amount seems to begin, so that an error can name the wrong part. */
function splitPlainly(words: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  while (start < words.length) {
    let end = start;
    while (end < words.length && !looksLikeQuantity(words[end] ?? '')) end++;
    const next = end < words.length ? endOfQuantity(words, end) : end;
    parts.push({ name: words.slice(start, end).join(' '), amount: words.slice(end, next).join(' ') });
    start = next;
  }
  return parts;
}
