import { splitName, type MeterDetails } from '../../core/meters/meter.ts';

export type Meters = Readonly<Record<string, MeterDetails>>;

/** The words of all names and units of the meters. */
export function namesOf(meters: Meters): ReadonlySet<string> {
  const names = Object.entries(meters).flatMap(([key, { label = '', unit = '', aliases = [] }]) => [key, label, unit, ...aliases]);
  return new Set(names.flatMap((name) => splitName(name)));
}

/** The meters that a text names: by label, key or alias. A longer name covers the shorter one in it. */
export function metersIn(text: string, meters: Meters): readonly string[] {
  const words = spaced(text);
  const names = Object.entries(meters).flatMap(([key, { label, aliases = [] }]) =>
    [key, ...(label === undefined ? [] : [label]), ...aliases].map((name) => ({ key, name: spaced(name) })),
  );
  const said = names.filter(({ name }) => name.trim() !== '' && words.includes(name));
  const longest = said.filter(
    ({ key, name }) => !said.some((other) => other.key !== key && other.name.length > name.length && other.name.includes(name)),
  );
  return [...new Set(longest.map(({ key }) => key))];
}

/** The words of a text with a space around each, so that one text can be sought in another by whole words. */
function spaced(text: string): string {
  return ` ${splitName(text).join(' ')} `;
}

/** Whether a text has the unit of one of the meters as a word. */
export function hasUnit(text: string, meters: Meters): boolean {
  const words = spaced(text);
  return Object.values(meters).some(({ unit = '' }) => spaced(unit).trim() !== '' && words.includes(spaced(unit)));
}

/** Whether a text has one of some words. */
export function hasWord(text: string, words: ReadonlySet<string>): boolean {
  return splitName(text).some((word) => words.has(word));
}
