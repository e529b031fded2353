import { abmatic } from './abmatic/meters.ts';
import { abmaticPreset } from './abmatic/preset.ts';
import { abyssale } from './abyssale/preset.ts';
import { apollo } from './apollo/preset.ts';
import { elevenlabs } from './elevenlabs/preset.ts';
import { firecrawl } from './firecrawl/preset.ts';
import { hunter } from './hunter/preset.ts';
import { lusha } from './lusha/preset.ts';
import { octave } from './octave/preset.ts';
import { openrouter } from './openrouter/preset.ts';
import type { Preset } from './preset.ts';
import type { Vendor } from './vendor.ts';

/** A vendor's folder: its meters (`meters.ts`), its endpoint (`preset.ts`), or both. */
type Known = { readonly meters?: Vendor; readonly preset?: Preset };

/** Every vendor, by the name of its folder. A new one is one folder and one entry here. */
const known: readonly Known[] = [
  { meters: abmatic, preset: abmaticPreset },
  { preset: abyssale },
  { preset: apollo },
  { preset: elevenlabs },
  { preset: firecrawl },
  { preset: hunter },
  { preset: lusha },
  { preset: octave },
  { preset: openrouter },
];

/** The vendors with known meters. */
export const vendors: readonly Vendor[] = known.flatMap(({ meters }) => meters ?? []);

/** The vendors that can be polled with only a key. */
export const presets: readonly Preset[] = known.flatMap(({ preset }) => preset ?? []);

/** Returns the vendor of a source; null if it is unknown. */
export function vendorOf(source: string): Vendor | null {
  return vendors.find((vendor) => vendor.source === source) ?? null;
}
