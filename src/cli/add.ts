import { usualKeyVariable, type Preset } from '../core/vendors/preset.ts';
import { nameSchema, presentable } from '../core/meters/meter.ts';
import { presetsLike } from '../config/preset-search.ts';
import { readPreset } from '../config/presets.ts';
import { pageOf } from '../core/vendors/registry.ts';
import { entryText } from '../config/source-entry.ts';
import {
  addedPresetText,
  askForKeyText,
  askForUrlText,
  askForValueText,
  badValueText,
  figuresFoundText,
  missingText,
  NOTHING_TYPED,
  notAddedText,
  unknownVendorText,
  type Missing,
} from '../messages/replies/add.ts';
import { configFileProblemText } from '../messages/replies/config-file.ts';
import { BAD_ID, notASourceText } from '../messages/replies/import-request.ts';
import { basisText } from '../messages/replies/presets.ts';
import { understoodLines } from '../messages/replies/try.ts';
import { plainMessage } from '../messages/text/plain.ts';
import { createEvaluator } from '../sources/http/evaluator.ts';
import { escaped } from '../sources/browser/variables.ts';
import { systemClock } from '../app/system-clock.ts';
import { trimmed } from '../config/environment.ts';
import { readConfigFile, writeSource, type ConfigFile } from './config-file.ts';
import { pollNow } from './poll-now.ts';
import { readingJson, readReading } from './read-reading.ts';
import { conceal } from './secrets.ts';
import { loadDraft, type SourceDraft } from './source-draft.ts';
import { typed, typedSecret, type Terminal } from './terminal.ts';
import { keyVariable } from './variable-names.ts';

export type AddOptions = {
  /** The ID of the source. Null: the name of the preset. */
  readonly source: string | null;
  readonly account: string | null;
  /** `name=value`, for each value that the preset asks for. */
  readonly values: readonly string[];
  readonly url: string | null;
  readonly json: boolean;
};

/** What the operator says about their account. `key`: its variable and its value, a secret. */
type Said = {
  readonly key: { readonly variable: string; readonly value: string } | null;
  readonly values: Readonly<Record<string, string>>;
  readonly url: string | null;
};

const MOST_SHOWN = 60;

/**
 * `creditwatch add <vendor>`: asks for what the preset of a vendor needs, polls once, shows the figures and adds the source to
 * creditwatch.yml. The key stays in the environment: the file only names its variable. Nothing is written if the poll fails.
 */
export async function addVendor(terminal: Terminal, vendor: string, options: AddOptions): Promise<void> {
  if (options.source !== null && !nameSchema.safeParse(options.source).success) return terminal.refuse(BAD_ID);
  const preset = readPreset(vendor.toLowerCase());
  if (preset === null)
    return terminal.fail(unknownVendorText(presentable(vendor, MOST_SHOWN), presetsLike(vendor), pageOf(vendor.toLowerCase()) !== null));
  const file = readConfigFile(terminal);
  if (!file.ok) return terminal.fail(configFileProblemText(file.error.file, file.error));
  const said = await askFor(terminal, preset, { ...options, file: file.value });
  if (typeof said === 'string') return terminal.refuse(said);
  const id = options.source ?? preset.name;
  const source = sourceOf(id, preset, said);
  const variables = said.key === null ? {} : { [said.key.variable]: said.key.value };
  const draft = loadDraft(terminal, file.value, { source, values: variables });
  if (!draft.ok) return terminal.fail(notASourceText(draft.error));
  const figures = await figuresOf(draft.value);
  if (typeof figures === 'string') return terminal.fail(notAddedText(id, figures));
  const entry = { source, comments: {} };
  const written = writeSource(terminal, file.value, { entry, account: options.account, values: variables });
  if (!written.ok) return terminal.fail(configFileProblemText(file.value.name, written.error));
  if (options.json) {
    terminal.print(JSON.stringify({ source: id, meters: figures.map(readingJson) }, null, 2));
    return;
  }
  const title = figuresFoundText(preset.label);
  const lines = figures.flatMap((one) => understoodLines(one, draft.value.timeZone));
  terminal.print(plainMessage({ summary: title, title, lines }, { timeZone: draft.value.timeZone, now: systemClock.now() }));
  terminal.print(`\n${entryText(entry).trimEnd()}\n`);
  terminal.print(addedPresetText({ id, file: file.value.name, basis: basisText(preset), variable: said.key?.variable ?? null }));
}

function sourceOf(id: string, { name }: Preset, { key, values, url }: Said): Readonly<Record<string, unknown>> & { readonly id: string } {
  const own = Object.fromEntries(Object.entries(values).map(([value, text]) => [value, escaped(text)]));
  return {
    id,
    kind: 'http',
    preset: name,
    ...(url !== null && { url: escaped(url) }),
    ...(Object.keys(own).length > 0 && { values: own }),
    ...(key !== null && { key: `\${${key.variable}}` }),
  };
}

/** Takes what is in the options and the environment, and asks for the rest at a terminal. Returns what is wrong or missing, as text. */
async function askFor(terminal: Terminal, preset: Preset, options: AddOptions & { readonly file: ConfigFile }): Promise<Said | string> {
  const isTerminal = terminal.input.isTTY === true;
  const given = new Map<string, string>();
  for (const one of options.values) {
    const at = one.indexOf('=');
    const [name, value] = [one.slice(0, at), one.slice(at + 1).trim()];
    if (at < 1 || value === '' || !Object.hasOwn(preset.values, name)) return badValueText(Object.keys(preset.values));
    given.set(name, value);
  }
  const missing: Missing[] = [];
  const values: Record<string, string> = {};
  for (const [name, { is, example, usual }] of Object.entries(preset.values)) {
    const value =
      given.get(name) ?? (usual === undefined && isTerminal ? await typed(terminal, askForValueText({ name, is, example })) : '');
    if (value !== '') values[name] = value;
    else if (usual === undefined) missing.push({ kind: 'value', name, is, example });
  }
  const url = options.url ?? (preset.url === null && isTerminal ? await typed(terminal, askForUrlText(preset.label)) : null);
  if (preset.url === null && (url === null || url === '')) missing.push({ kind: 'url' });
  const usual = usualKeyVariable(preset);
  if (preset.key === null || usual === null) return missing.length > 0 ? missingText(preset.name, missing) : { key: null, values, url };
  const variable = keyVariable(usual, options.file, { preset: preset.name, url });
  const known = trimmed(terminal.env[variable]);
  const { kind, page } = preset.key;
  const value = known ?? (isTerminal ? await typedSecret(terminal, askForKeyText({ variable, kind, page: page ?? null })) : '');
  conceal(value);
  if (value === '') missing.push({ kind: 'key', variable, is: kind });
  if (missing.length > 0) return isTerminal ? NOTHING_TYPED : missingText(preset.name, missing);
  return { key: { variable, value }, values, url };
}

/** Polls once, and returns the figures, or why they cannot be used. */
async function figuresOf({ source, timeZone }: SourceDraft) {
  const evaluator = createEvaluator();
  try {
    const outcome = await pollNow(source, evaluator);
    if (outcome.outcome === 'failed') return outcome.problem.reason;
    const read = outcome.readings.map((raw) => readReading(raw, { timeZone }, source));
    const refused = read.flatMap((one) => (one.ok ? [] : [one.error]));
    if (outcome.problem !== null || refused.length > 0)
      return [...(outcome.problem ? [outcome.problem.reason] : []), ...refused].join('; ');
    return read.flatMap((one) => (one.ok ? [one.value] : []));
  } finally {
    evaluator.close();
  }
}
