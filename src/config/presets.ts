import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { presetFileSchema, type Preset } from '../core/vendors/preset.ts';
import { isPresetName, presetLabels, vendorOf, type PresetName } from '../core/vendors/registry.ts';

/** The names of all presets, in the order of the list. */
export const presetNames: readonly PresetName[] = Object.keys(presetLabels).filter(isPresetName);

/**
 * Reads a preset from its file. Only the presets in use are read, because all of them would take memory in every service. The build
 * copies the files beside the compiled modules.
 *
 * @returns null if there is no preset of that name
 * @throws if the file does not fit the schema, which a test rules out
 */
export function readPreset(name: string): Preset | null {
  if (!isPresetName(name)) return null;
  const text = readFileSync(new URL(`../core/vendors/${name}/preset.yml`, import.meta.url), 'utf8');
  const { meters, ...file } = presetFileSchema.parse(parse(text));
  const known = vendorOf(name)?.meters ?? {};
  return {
    ...file,
    name,
    label: presetLabels[name],
    meters: Object.fromEntries(Object.entries(meters).map(([key, meter]) => [key, { ...known[key], ...meter }])),
  };
}

/** Reads all presets. */
export function readPresets(): readonly Preset[] {
  return presetNames.flatMap((name) => readPreset(name) ?? []);
}
