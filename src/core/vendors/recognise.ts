import { isPresetName, presetLabels, vendors } from './registry.ts';
import type { Vendor } from './vendor.ts';

/** A vendor whose pages people paste: its source id and its name. */
export type NamedVendor = { readonly source: string; readonly name: string };

/** Vendors whose usage page is not known, and which are looked for on a page. */
const OTHERS: readonly NamedVendor[] = [
  { source: 'abyssale', name: 'Abyssale' },
  { source: 'apollo', name: 'Apollo.io' },
  { source: 'elevenlabs', name: 'ElevenLabs' },
  { source: 'firecrawl', name: 'Firecrawl' },
  { source: 'hunter', name: 'Hunter' },
  { source: 'lusha', name: 'Lusha' },
  { source: 'octave', name: 'Octave' },
  { source: 'openrouter', name: 'OpenRouter' },
  { source: 'clearbit', name: 'Clearbit' },
  { source: 'cognism', name: 'Cognism' },
  { source: 'hubspot', name: 'HubSpot' },
  { source: 'instantly', name: 'Instantly' },
  { source: 'lemlist', name: 'lemlist' },
  { source: 'openai', name: 'OpenAI' },
  { source: 'rocketreach', name: 'RocketReach' },
  { source: 'salesforce', name: 'Salesforce' },
  { source: 'snov', name: 'Snov.io' },
  { source: 'zoominfo', name: 'ZoomInfo' },
];

/** Every vendor whose pages people paste, each once. */
export const namedVendors: readonly NamedVendor[] = [...vendors.map(({ source, name }) => ({ source, name })), ...OTHERS];

/**
 * Every vendor that is looked for on a page by its name. Not every vendor with a recipe or a preset: many are named by a common word
 * ("Make", "Range"), which a page of another vendor may show.
 */
const spokenVendors: readonly NamedVendor[] = [
  ...vendors.flatMap(({ source, name, recognisedBy }) => (recognisedBy === null ? [] : [{ source, name }])),
  ...OTHERS,
];

/** The vendors whose meters have names that no other vendor uses. */
const ownNames: readonly Vendor[] = vendors.filter(({ recognisedBy }) => recognisedBy === 'meters');

/** Returns the name of a source: its vendor's name, else its id. */
export function sourceName(source: string): string {
  return namedVendors.find((one) => one.source === source)?.name ?? (isPresetName(source) ? presetLabels[source] : source);
}

/** Whether a text is the name of the page's vendor, or of one that is looked for on pages, and no more. */
export function isVendorName(text: string, vendor: Vendor | null): boolean {
  const plainName = text.trim().toLowerCase();
  return plainName === vendor?.name.toLowerCase() || spokenVendors.some(({ name }) => name.toLowerCase() === plainName);
}

/** Returns the source id of a typed name: that of a known vendor, else the text itself. */
export function sourceNamed(typed: string): string {
  const wanted = typed.trim().toLowerCase();
  const named = namedVendors.find(({ source, name }) => source === wanted || name.toLowerCase() === wanted);
  const preset = Object.entries(presetLabels).find(([source, name]) => source === wanted || name.toLowerCase() === wanted);
  return named?.source ?? preset?.[0] ?? typed.trim();
}

/** Returns the key of a vendor's meter by its name on a page, or null. */
export function meterNamed(vendor: Vendor, name: string): string | null {
  if (name.length > LONGEST_NAME) return null;
  const wanted = plain(name);
  return (METERS.get(vendor) ?? metersByName(vendor)).get(wanted) ?? null;
}

/** Maps all names of a vendor's meters to their keys; of two meters with one name, the first counts. */
function metersByName({ meters, page }: Vendor): ReadonlyMap<string, string> {
  const keys = Object.entries(meters).flatMap(([key, { label = '', aliases = [] }]) =>
    [key, label, ...aliases].map((name) => [plain(name), key] as const),
  );
  const alone = page.alone.map(({ label, meter }) => [plain(label), meter] as const);
  return new Map([...keys, ...alone].toReversed());
}

const METERS: ReadonlyMap<Vendor, ReadonlyMap<string, string>> = new Map(vendors.map((vendor) => [vendor, metersByName(vendor)]));

/** Whether a meter has this name: one of the page's vendor, or, if that is unknown, of a vendor whose names no other vendor uses. */
export function isMeterName(name: string, vendor: Vendor | null): boolean {
  return (vendor === null ? ownNames : [vendor]).some((one) => meterNamed(one, name) !== null);
}

/**
 * Detects the vendor of a page by the names of its meters and of vendors on it.
 *
 * @param named the names and units of the figures
 * @param lines all lines of the page
 * @returns the source id, or null if it is not certain
 */
export function vendorOfPage(named: readonly { readonly name: string; readonly unit: string }[], lines: readonly string[]): string | null {
  const catalogue = ownNames.filter((vendor) => named.some(({ name, unit }) => isSurely(vendor, name, unit)));
  // Lines with a known meter name do not name another vendor: "Apollo Contacts", "OpenAI Tokens".
  const others = lines.filter((line) => !startsWithMeter(line));
  const spoken = spokenVendors.filter(
    ({ source, name }) => !catalogue.some((one) => one.source === source) && others.some((line) => names(line, name)),
  );
  const all = [...catalogue.map(({ source }) => source), ...spoken.map(({ source }) => source)];
  return all.length === 1 ? (all[0] ?? null) : null;
}

const LONGEST_NAME = 60;

/** Whether a name identifies the vendor. One common word such as "Campaigns" does so only with the vendor's unit. */
function isSurely(vendor: Vendor, name: string, unit: string): boolean {
  const key = meterNamed(vendor, name);
  if (key === null) return false;
  return /[\s_]/.test(name.trim()) || unit === vendor.meters[key]?.unit;
}

const METER_NAMES: readonly string[] = ownNames.flatMap(({ meters }) =>
  Object.values(meters).flatMap(({ label = '', aliases = [] }) => [label, ...aliases].filter((one) => one !== '').map(plain)),
);

function startsWithMeter(line: string): boolean {
  const text = plain(line.slice(0, LONGEST_NAME));
  return METER_NAMES.some((one) => text.startsWith(one));
}

/** Whether a line contains the name as separate words in the vendor's spelling: "Clay Credits", but not "clay pots". */
function names(line: string, name: string): boolean {
  const at = line.indexOf(name);
  if (at < 0) return false;
  return !/[\p{L}\p{N}]/u.test(line.charAt(at - 1)) && !/[\p{L}\p{N}]/u.test(line.charAt(at + name.length));
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/gu, ' ').replace(/ ?:$/, '').trim();
}
