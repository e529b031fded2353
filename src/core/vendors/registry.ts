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

/** What is known of a vendor: what its meters mean (`meters.ts` of its folder), how its endpoint is polled (`preset.ts`), or both. */
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

/** The vendors whose meters are known before anyone configures them. */
export const vendors: readonly Vendor[] = known.flatMap(({ meters }) => meters ?? []);

/** The vendors that can be polled without further settings than a key. */
export const presets: readonly Preset[] = known.flatMap(({ preset }) => preset ?? []);

/** What is known of the meters of a source; null where nothing is. */
export function vendorOf(source: string): Vendor | null {
  return vendors.find((vendor) => vendor.source === source) ?? null;
}
