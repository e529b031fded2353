import { stringify } from 'yaml';
import { z } from 'zod';
import type { PolledSourceConfig } from '../config/config.ts';
import { parseYaml } from '../config/yaml.ts';
import { err, ok, type Result } from '../core/result.ts';
import { loadText, type ConfigFile } from './config-file.ts';
import type { Terminal } from './terminal.ts';

/** A source that is in no file yet, as it will be polled, and the time zone that its days are shown in. */
export type SourceDraft = { readonly source: PolledSourceConfig; readonly timeZone: string };

/** The parts of the file that apply to every source. A file with mistakes does not stop a try. */
const aroundSchema = z.object({
  timezone: z.string().optional().catch(undefined),
  allowHosts: z.array(z.string()).optional().catch(undefined),
});

/**
 * Loads a source as if creditwatch.yml consisted of it and of the file's `allowHosts`.
 *
 * @param values the variables of the source
 * @returns the messages about its mistakes, without values
 */
export function loadDraft(
  terminal: Terminal,
  file: ConfigFile,
  { source, values }: { readonly source: Readonly<Record<string, unknown>>; readonly values: Readonly<Record<string, string>> },
): Result<SourceDraft, readonly string[]> {
  const there = parseYaml(file.text, file.name, terminal.env);
  const around = aroundSchema.safeParse(there.ok ? there.value.value : {});
  const { timezone = 'UTC', allowHosts = [] } = around.success ? around.data : {};
  const text = stringify({ timezone, allowHosts, sources: [source] }, { lineWidth: 0 });
  const read = loadText(terminal, file, { text, values });
  if (!read.ok) return err(read.error.map(({ where, message }) => `${where.split(' ').at(-1) ?? ''} ${message}`));
  const [account] = read.value.accounts;
  const [polled] = account?.sources ?? [];
  return account !== undefined && polled?.kind === 'http' ? ok({ source: polled, timeZone: account.timeZone }) : err([]);
}
