import { presets } from '../core/vendors/registry.ts';
import type { Preset } from '../core/vendors/preset.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch presets`: lists the vendors that only need a key, with what each needs. */
export function listPresets(terminal: Terminal, { json }: { readonly json: boolean }): void {
  if (json) return terminal.print(JSON.stringify({ presets: presets.map(presetJson) }, null, 2));
  terminal.print([...presets.map(describePreset), 'Then see what it answers: npx creditwatch try <source>'].join('\n\n'));
}

function presetJson({ name, label, key, url, ratePerMinute, meters, docs }: Preset): object {
  return { name, label, key, url, ratePerMinute, meters: Object.keys(meters), docs };
}

/** Describes a preset: the vendor, what it needs, and the line for creditwatch.yml. */
export function describePreset(preset: Preset): string {
  const { name, label, key, url, ratePerMinute, meters, docs } = preset;
  const needs = [...(key ? [key.kind] : []), ...(url === null ? ['the address of your own endpoint'] : [])];
  return [
    `${name}: ${label}`,
    `  needs   ${needs.join(', and ')}`,
    ...(ratePerMinute === null ? [] : [`  allows  ${ratePerMinute} requests a minute`]),
    `  meters  ${Object.entries(meters)
      .map(([meter, { label: shown }]) => `${meter}${shown === undefined ? '' : ` (${shown})`}`)
      .join(', ')}`,
    `  from    ${docs}`,
    `  - ${sourceLine(preset)}`,
  ].join('\n');
}

function sourceLine({ name, key, url }: Preset): string {
  const address = url === null ? ', url: "https://…"' : '';
  const headers = key === null ? '' : `, headers: { ${key.header}: "${key.value}" }`;
  return `{ id: ${name}, kind: http, preset: ${name}${address}${headers} }`;
}
