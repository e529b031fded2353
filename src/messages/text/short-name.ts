import type { Meter } from '../../core/meters/meter.ts';

type Named = Pick<Meter, 'source' | 'label' | 'unit'>;

/**
 * Short names for a line with many of them: without the source in front and the unit at the end, unless the rest would be ambiguous.
 * `Abmatic Accounts` of `abmatic` becomes `Accounts`, and `OpenAI Tokens` becomes `OpenAI`.
 */
export function shortNames<T extends Named>(meters: readonly T[]): ReadonlyMap<T, string> {
  const names = new Map(meters.map((meter) => [meter, shorten(meter)]));
  const taken = new Map<string, number>();
  for (const [meter, short] of names)
    for (const name of new Set([short, meter.label].map(fold))) taken.set(name, (taken.get(name) ?? 0) + 1);
  return new Map([...names].map(([meter, short]) => [meter, taken.get(fold(short)) === 1 ? short : meter.label]));
}

function shorten({ source, label, unit }: Named): string {
  const words = label.split(' ');
  if (words.length > 1 && fold(words[0] ?? '') === fold(source)) words.shift();
  if (words.length > 1 && unit !== '' && fold(words.at(-1) ?? '') === fold(unit)) words.pop();
  return words.join(' ');
}

function fold(text: string): string {
  return text.toLowerCase();
}
