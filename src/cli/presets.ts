import { searchPages, searchPresets } from '../config/preset-search.ts';
import { readPresets } from '../config/presets.ts';
import { presentable } from '../core/meters/meter.ts';
import type { Preset } from '../core/vendors/preset.ts';
import { vendors } from '../core/vendors/registry.ts';
import type { Vendor } from '../core/vendors/vendor.ts';
import { foundPagesText, foundPresetsText, knownPagesText, noPresetText, presetsText } from '../messages/replies/presets.ts';
import type { Terminal } from './terminal.ts';

const MOST_SHOWN = 60;

/** `creditwatch presets [word]`: lists the vendors that can be polled and those whose usage page is known, or those that a word finds. */
export function listPresets(terminal: Terminal, word: string, { json }: { readonly json: boolean }): void {
  const presets = word === '' ? readPresets() : searchPresets(word, readPresets());
  const pages = word === '' ? vendors : searchPages(word);
  if (json) terminal.print(JSON.stringify({ presets: presets.map(presetJson), pages: pages.map(pageJson) }, null, 2));
  else if (word === '') terminal.print(`${presetsText(presets)}\n\n${knownPagesText(pages)}`);
  else {
    const found = [...(presets.length > 0 ? [foundPresetsText(presets)] : []), ...(pages.length > 0 ? [foundPagesText(pages)] : [])];
    if (found.length > 0) terminal.print(found.join('\n\n'));
  }
  if (presets.length + pages.length === 0) terminal.fail(noPresetText(presentable(word, MOST_SHOWN)));
}

function pageJson({ source, name, meters, page: { url, confidence, docs, read } }: Vendor): object {
  return { source, label: name, url, confidence, read, docs, meters: Object.keys(meters) };
}

function presetJson({ name, label, confidence, read, key, url, ratePerMinute, meters, docs, buy }: Preset): object {
  return { name, label, confidence, read, key, url, ratePerMinute, meters: Object.keys(meters), docs, buy: buy ?? null };
}
