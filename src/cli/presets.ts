import { readPresets } from '../config/presets.ts';
import type { Preset } from '../core/vendors/preset.ts';
import { presetsText } from '../messages/replies/presets.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch presets`: lists the vendors that only need a key, with what each needs. */
export function listPresets(terminal: Terminal, { json }: { readonly json: boolean }): void {
  const presets = readPresets();
  if (json) return terminal.print(JSON.stringify({ presets: presets.map(presetJson) }, null, 2));
  terminal.print(presetsText(presets));
}

function presetJson({ name, label, confidence, read, key, url, ratePerMinute, meters, docs, buy }: Preset): object {
  return { name, label, confidence, read, key, url, ratePerMinute, meters: Object.keys(meters), docs, buy: buy ?? null };
}
