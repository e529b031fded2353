/** Writes docs/vendors.md from the presets: `npm run vendors`. A test compares the page with them. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = new URL('../docs/vendors.md', import.meta.url);

/**
 * Words the page.
 *
 * @param {readonly import('../src/core/vendors/preset.ts').Preset[]} presets
 * @param {readonly import('../src/core/vendors/vendor.ts').Vendor[]} vendors those whose usage page is known
 */
export function vendorsPage(presets, vendors) {
  const sorted = presets.toSorted((a, b) => a.label.toLowerCase().localeCompare(b.label.toLowerCase(), 'en'));
  const reported = presets.filter(({ confidence }) => confidence === 'reported').length;
  return `# Built-in vendors

Creditwatch has presets for ${presets.length} vendors: ${presets.length - reported} were read in the vendor's own documentation or code (documented), ${reported} in other people's code that
calls the endpoint (reported). None of them replaces a look at your own figures: run \`npx creditwatch try <source>\` once and compare them with the vendor's page.

\`npx creditwatch presets\` prints the entry for \`creditwatch.yml\` of each. [sources.md](sources.md) explains the keys. \`npm run vendors\` writes this page from the presets.

A meter without a total tells only what is left: it has no percentage until you write \`total\` beside it. "Never" in the last column means prepaid; "not told" means that the answer has no date: write \`period\` if
you know it.

| Vendor | Preset | Meters | Key and what else it needs | Basis | Reset |
|---|---|---|---|---|---|
${sorted.map(row).join('\n')}

## Usage pages

Most of these vendors have no endpoint for their credits. Their usage page can be [pasted](figures.md#paste-or-import) or [captured](capture.md), and Creditwatch knows the names of its meters, the figures that stand alone,
and which numbers are no figures. "Documented" means that the vendor's own documentation names the figures and says whether they are used or left; "reported", that other people do. No recipe was tried on an account:
compare the first figures with the page. The page of any other vendor can be pasted and captured too, if its lines say what is used or left.

| Vendor | Source | Meters | Page | Basis |
|---|---|---|---|---|
${vendors.map(pageRow).join('\n')}
`;
}

/** @param {readonly string[]} cells */
function tableRow(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** @param {import('../src/core/vendors/preset.ts').Preset} preset */
function row(preset) {
  const { name, label, meters } = preset;
  const listed = Object.entries(meters).map(([key, { unit, used, remaining, total, optional, label: shown }]) => {
    const counted = typeof unit === 'string' ? unit : 'money';
    const notes = [
      counted,
      ...(total === undefined && (used === undefined || remaining === undefined) ? ['no total'] : []),
      ...(optional ? ['not in every plan'] : []),
    ];
    return `${shown ?? key} (${notes.join(', ')})`;
  });
  return tableRow([label, `\`${name}\``, listed.join('<br>'), keyOf(preset), basisOf(preset), resetOf(preset)]);
}

/** @param {import('../src/core/vendors/vendor.ts').Vendor} vendor */
function pageRow({ source, name, meters, page }) {
  const listed = Object.entries(meters).map(([key, { label, unit }]) => `${label ?? key} (${unit ?? ''})`);
  const address = page.url === null ? 'as you open it' : `[${new URL(page.url).host}](${page.url})`;
  return tableRow([name, `\`${source}\``, listed.join('<br>'), address, basisOf(page)]);
}

/**
 * How well the figures are known, with where that is from: an address, or a page of docs/.
 *
 * @param {{ readonly confidence: string, readonly docs: string, readonly read: string }} known
 */
function basisOf({ confidence, docs, read }) {
  return `[${confidence}](${docs.replace(/^docs\//, '')}), ${read}`;
}

/** @param {import('../src/core/vendors/preset.ts').Preset} preset */
function keyOf({ key, url, values }) {
  const kind = key === null ? [] : [key.page === undefined ? key.kind : `[${key.kind}](${key.page})`];
  const own = Object.values(values).map(({ is, usual }) => (usual === undefined ? is : `${is} (usually ${usual})`));
  const address = url === null ? ['the address of your own endpoint'] : [];
  return [...kind, ...own, ...address].join(', and ') || 'nothing';
}

/** @param {import('../src/core/vendors/preset.ts').Preset} preset */
function resetOf({ period, periodStart, periodEnd, meters }) {
  const told = [periodStart, periodEnd, ...Object.values(meters).flatMap((meter) => [meter.periodStart, meter.periodEnd])];
  // An expression of the poll's own dates tells nothing of the vendor.
  const dates = told.some((one) => one !== undefined && !/\$(?:now\(|period)/.test(one)) ? ['told by the vendor'] : [];
  const every =
    period === undefined ? [] : period.every === 'none' ? [dates.length > 0 ? 'else never' : 'never'] : [`every ${period.every}`];
  return [...dates, ...every].join(', ') || 'not told';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { readPresets } = await import('../dist/config/presets.js');
  const { vendors } = await import('../dist/core/vendors/registry.js');
  writeFileSync(PAGE, vendorsPage(readPresets(), vendors));
}
