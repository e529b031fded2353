import { searchPresets } from '../config/preset-search.ts';
import { readPresets } from '../config/presets.ts';
import { presentable } from '../core/meters/meter.ts';
import type { Preset } from '../core/vendors/preset.ts';
import { foundPresetsText, noPresetText, presetsText } from '../messages/replies/presets.ts';
import type { Terminal } from './terminal.ts';

const MOST_SHOWN = 60;

/** `creditwatch presets [word]`: lists the vendors that only need a key, or those that a word finds, with what each needs. */
export function listPresets(terminal: Terminal, word: string, { json }: { readonly json: boolean }): void {
  const presets = word === '' ? readPresets() : searchPresets(word, readPresets());
  if (json) terminal.print(JSON.stringify({ presets: presets.map(presetJson) }, null, 2));
  else if (presets.length > 0) terminal.print(word === '' ? presetsText(presets) : foundPresetsText(presets));
  if (presets.length === 0) terminal.fail(noPresetText(presentable(word, MOST_SHOWN)));
}

function presetJson({ name, label, confidence, read, key, url, ratePerMinute, meters, docs, buy }: Preset): object {
  return { name, label, confidence, read, key, url, ratePerMinute, meters: Object.keys(meters), docs, buy: buy ?? null };
}
