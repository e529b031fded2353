import { z } from 'zod';
import { platforms as allPlatforms } from '../app/platforms.ts';
import { trimmed } from '../config/environment.ts';
import { variablesIn, writtenValue } from '../config/yaml.ts';
import { SETTING_NAMES } from '../core/setting-names.ts';
import type { MayHold } from '../sources/browser/variables.ts';
import type { ConfigFile } from './config-file.ts';
import type { Terminal } from './terminal.ts';

/**
 * Says which names a new variable can have: none that Creditwatch reads, and none that the file uses or the environment sets, unless the
 * environment has the same value under it. Otherwise the key of one vendor would go to another.
 */
export function namesFor(
  { env, platforms = allPlatforms }: Pick<Terminal, 'env' | 'platforms'>,
  { text }: Pick<ConfigFile, 'text'>,
): MayHold {
  const settings = new Set([...SETTING_NAMES, ...platforms.flatMap((platform) => platform.settings)].map((name) => name.toUpperCase()));
  const used = new Set([...variablesIn(text)].map((name) => name.toUpperCase()));
  // On Windows, names that differ only in case are the same.
  const set = new Map(Object.entries(env).map(([name, value]) => [name.toUpperCase(), trimmed(value)]));
  return (name, value) => {
    const key = name.toUpperCase();
    if (settings.has(key)) return false;
    const known = set.get(key);
    return known === undefined ? !used.has(key) : known === value;
  };
}

const sourcesSchema = z.array(z.unknown()).catch([]);
const fileSchema = z
  .object({ sources: sourcesSchema, accounts: z.record(z.string(), z.object({ sources: sourcesSchema }).catch({ sources: [] })).catch({}) })
  .catch({ sources: [], accounts: {} });
const sourceSchema = z.object({ preset: z.string().optional(), url: z.string().optional() });

/**
 * Returns the variable for the key of a preset: the usual one, unless the file uses it for something else than this preset at this address,
 * where the key would be sent to another vendor.
 *
 * @param to.url the operator's own address; null: that of the preset
 */
export function keyVariable(
  usual: string,
  { text }: Pick<ConfigFile, 'text'>,
  { preset, url }: { readonly preset: string; readonly url: string | null },
): string {
  const file = fileSchema.parse(writtenValue(text));
  const sources = [file, ...Object.values(file.accounts)].flatMap((one) => one.sources);
  const isSame = (source: unknown) => {
    const read = sourceSchema.safeParse(source);
    return read.success && read.data.preset === preset && (read.data.url ?? null) === url;
  };
  const same = JSON.stringify(sources.filter(isSame));
  const isFree = (name: string) => occurrences(text, name) <= occurrences(same, name);
  for (let nth = 1; ; nth += 1) {
    const name = nth === 1 ? usual : `${usual}_${String(nth)}`;
    if (isFree(name)) return name;
  }
}

function occurrences(text: string, name: string): number {
  return text.split(`\${${name}}`).length - 1;
}
