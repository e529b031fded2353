import { abmatic } from './abmatic/meters.ts';
import type { Vendor } from './vendor.ts';

/** The vendors with known meters. */
export const vendors: readonly Vendor[] = [abmatic];

/**
 * The vendors that can be polled with only a key: the name of the vendor by the name of the folder with its `preset.yml`. The files are
 * read only when they are needed (`src/config/presets.ts`).
 */
export const presetLabels = {
  abmatic: abmatic.name,
  abyssale: 'Abyssale',
  apollo: 'Apollo.io',
  elevenlabs: 'ElevenLabs',
  firecrawl: 'Firecrawl',
  hunter: 'Hunter',
  lusha: 'Lusha',
  octave: 'Octave',
  openrouter: 'OpenRouter',
} as const satisfies Readonly<Record<string, string>>;

export type PresetName = keyof typeof presetLabels;

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presetLabels, name);
}

/** Returns the vendor of a source; null if it is unknown. */
export function vendorOf(source: string): Vendor | null {
  return vendors.find((vendor) => vendor.source === source) ?? null;
}
