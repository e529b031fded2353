import { distance } from 'fastest-levenshtein';
import { splitName } from '../core/meters/meter.ts';
import type { Preset } from '../core/vendors/preset.ts';
import { presetLabels, vendors, type PresetName } from '../core/vendors/registry.ts';
import type { Vendor } from '../core/vendors/vendor.ts';
import { presetNames } from './presets.ts';

/** A longer word with more slips is another word: "salesforce" is not "leadsforge". */
const MOST_SLIPS = 2;
/** One or two letters begin too many names. */
const SHORTEST_PART = 3;

/** How well a word fits: the lower, the better. Null: not at all. */
type Fit = number | null;

const EXACT = 0;
const BEGINS = 1;
const INSIDE = 2;
const METER = 3;
const SLIPS = 4;

/** Returns the presets whose names are like a mistyped one, the most alike first. */
export function presetsLike(word: string): readonly PresetName[] {
  return best(presetNames, (name) => fitOfVendor(word, name, presetLabels[name]));
}

/** Returns the presets that a word finds: in their names, and in those of their meters. Small slips count too. The best fit is first. */
export function searchPresets(word: string, presets: readonly Preset[]): readonly Preset[] {
  return best(presets, ({ name, label, meters }) => fitOfVendorOrMeters(word, [name, label], meters));
}

/** Returns the vendors with a known usage page that a word finds, as presets are found. */
export function searchPages(word: string): readonly Vendor[] {
  return best(vendors, ({ source, name, meters }) => fitOfVendorOrMeters(word, [source, name], meters));
}

function best<T>(all: readonly T[], fitOf: (one: T) => Fit): readonly T[] {
  return all
    .flatMap((one) => {
      const fit = fitOf(one);
      return fit === null ? [] : [{ one, fit }];
    })
    .toSorted((a, b) => a.fit - b.fit)
    .map(({ one }) => one);
}

function fitOfVendorOrMeters(
  word: string,
  names: readonly string[],
  meters: Readonly<Record<string, { readonly label?: string | undefined }>>,
): Fit {
  const ofVendor = fitOfVendor(word, ...names);
  if (ofVendor !== null && ofVendor < METER) return ofVendor;
  const hasMeter = Object.entries(meters).some(([key, { label = '' }]) => isInWords(word, `${key} ${label}`));
  return hasMeter ? METER : ofVendor;
}

function fitOfVendor(word: string, ...names: readonly string[]): Fit {
  const typed = joined(word);
  if (typed === '') return null;
  const known = names.map(joined);
  if (known.includes(typed)) return EXACT;
  if (typed.length >= SHORTEST_PART) {
    if (known.some((name) => name.startsWith(typed) || (name.length >= SHORTEST_PART && typed.startsWith(name)))) return BEGINS;
    if (known.some((name) => name.includes(typed))) return INSIDE;
  }
  const slips = Math.min(...[...known, ...names.flatMap(splitName)].map((name) => distance(typed, name)));
  return slips <= Math.min(MOST_SLIPS, Math.floor(typed.length / 3)) ? SLIPS + slips : null;
}

/** Whether each word of the search begins a word of the text. */
function isInWords(search: string, text: string): boolean {
  const words = splitName(text);
  const typed = splitName(search).filter((word) => word.length >= SHORTEST_PART);
  return typed.length > 0 && typed.every((word) => words.some((one) => one.startsWith(word)));
}

/** `PDF.co` as `pdfco`: people leave out marks and spaces. */
function joined(name: string): string {
  return splitName(name).join('');
}
