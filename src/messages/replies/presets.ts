import { usualKeyVariable, type Preset } from '../../core/vendors/preset.ts';
import type { Vendor } from '../../core/vendors/vendor.ts';

const MOST_DESCRIBED = 8;

/** The list of presets, for the terminal. */
export function presetsText(presets: readonly Preset[]): string {
  return [...presets.map(presetText), 'To see what a source answers: npx creditwatch try <source>'].join('\n\n');
}

/** The presets that a word found, best first. More than a screenful are only named. */
export function foundPresetsText(presets: readonly Preset[]): string {
  const more = presets.slice(MOST_DESCRIBED).map(({ name }) => name);
  return [presetsText(presets.slice(0, MOST_DESCRIBED)), ...(more.length === 0 ? [] : [`Also found: ${more.join(', ')}`])].join('\n\n');
}

/** Names the vendors whose usage page is known. */
export function knownPagesText(vendors: readonly Vendor[]): string {
  const names = vendors.map(({ source }) => source).join(', ');
  return `The usage pages of these vendors are known, to paste or to capture: ${names}. To see one: npx creditwatch presets <name>`;
}

/** The vendors with a known usage page that a word found, best first. */
export function foundPagesText(vendors: readonly Vendor[]): string {
  const more = vendors.slice(MOST_DESCRIBED).map(({ source }) => source);
  const shown = vendors.slice(0, MOST_DESCRIBED).map(pageText);
  return [...shown, ...(more.length === 0 ? [] : [`Usage pages also found: ${more.join(', ')}`])].join('\n\n');
}

/** Describes what is known of a vendor's usage page, and how its figures get in. */
function pageText({ source, name, meters, page: { url, docs, confidence, read } }: Vendor): string {
  const labels = Object.entries(meters).map(([meter, { label }]) => `${meter}${label === undefined ? '' : ` (${label})`}`);
  return [
    `${source}: ${name}, usage page`,
    ...(url === null ? [] : [`  page    ${url}`]),
    `  meters  ${labels.join(', ')}`,
    `  from    ${docs}`,
    `  basis   ${confidence === 'documented' ? 'documented by the vendor' : 'reported by others who read the page'}, as of ${read}: compare the first figures with the page`,
    `  paste   /usage import, or: npx creditwatch import page.txt --source ${source}`,
    `  capture npx creditwatch capture ${source}`,
  ].join('\n');
}

/** A word found no vendor. */
export function noPresetText(word: string): string {
  return `No preset matches "${word}". To list all: npx creditwatch presets. Any other vendor: docs/sources.md, "Any other vendor".`;
}

/** Describes a preset: the vendor, what it needs, and the line for creditwatch.yml. */
export function presetText(preset: Preset): string {
  const { name, label, key, url, ratePerMinute, meters, docs, buy } = preset;
  const needs = [
    ...(key ? [key.kind] : []),
    ...Object.values(preset.values).map(({ is, usual }) => (usual === undefined ? is : `${is} if it is not ${usual}`)),
    ...(url === null ? ['the address of your own endpoint'] : []),
  ];
  return [
    `${name}: ${label}`,
    `  needs   ${needs.join(', and ')}`,
    ...(ratePerMinute === null ? [] : [`  allows  ${String(ratePerMinute)} requests a minute`]),
    `  meters  ${Object.entries(meters)
      .map(([meter, { label: shown }]) => `${meter}${shown === undefined ? '' : ` (${shown})`}`)
      .join(', ')}`,
    `  from    ${docs}`,
    `  basis   ${basisText(preset)}`,
    ...(key?.page === undefined ? [] : [`  key     ${key.page}`]),
    ...(buy === undefined ? [] : [`  buy     ${buy}`]),
    `  - ${sourceLine(preset)}`,
  ].join('\n');
}

/** What a preset is based on, since when, and what its requests cost. `reported` figures are worth one comparison with the vendor's page. */
export function basisText({ confidence, read, costs }: Pick<Preset, 'confidence' | 'read' | 'costs'>): string {
  const basis =
    confidence === 'documented'
      ? `documented by the vendor, as of ${read}`
      : `reported by others who use the endpoint, as of ${read}: compare the first figures with the vendor's page`;
  return costs ? `${basis}; each request may cost credits, so it is polled once a day` : basis;
}

function sourceLine(preset: Preset): string {
  const { name, url, values } = preset;
  const address = url === null ? ', url: "https://…"' : '';
  const wanted = Object.entries(values).filter(([, { usual }]) => usual === undefined);
  const own = wanted.length === 0 ? '' : `, values: { ${wanted.map(([value, { example }]) => `${value}: "${example}"`).join(', ')} }`;
  const variable = usualKeyVariable(preset);
  const secret = variable === null ? '' : `, key: "\${${variable}}"`;
  return `{ id: ${name}, kind: http, preset: ${name}${address}${own}${secret} }`;
}
