import { createReadStream, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nameSchema, presentable } from '../core/meters/meter.ts';
import { parsedJson } from '../core/parsed-json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { MOST_COMMAND_BYTES, parseCurl } from '../sources/browser/curl.ts';
import { MOST_HAR_BYTES, readHar } from '../sources/browser/har.ts';
import { proposeMeters } from '../sources/browser/propose-meters.ts';
import { rankExchanges, type UsageExchange } from '../sources/browser/rank-exchanges.ts';
import { templateOf, valuesOf, type RequestTemplate } from '../sources/browser/request-template.ts';
import type { MayHold } from '../sources/browser/variables.ts';
import { sourceOfRequest } from '../sources/browser/source-of-request.ts';
import { createEvaluator, type Evaluator } from '../sources/http/evaluator.ts';
import { systemClock } from '../app/system-clock.ts';
import {
  BAD_ID,
  curlProblemText,
  harProblemText,
  noAnswerText,
  noSuchPickText,
  notASourceText,
  noUsageInHarText,
  NO_USAGE_IN_ANSWER,
  NOT_JSON,
  PASTE_COMMAND,
} from '../messages/replies/import-request.ts';
import { configFileProblemText } from '../messages/replies/config-file.ts';
import { unreadableFile } from '../messages/replies/import-report.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { pollNow } from './poll-now.ts';
import { proposeSource, type FoundUsage, type ImportOptions, type Other } from './propose-source.ts';
import { conceal } from './secrets.ts';
import { loadDraft } from './source-draft.ts';
import type { Terminal } from './terminal.ts';
import { namesFor } from './variable-names.ts';

/** A command copied as cURL, from a file or standard input (`-`), or a saved HAR. */
export type ImportedFrom = { readonly form: 'curl' | 'har'; readonly file: string };

const MOST_SHOWN = 80;

/**
 * `creditwatch import --curl` and `--har`: finds the figures in the answer to a request of a browser, and proposes the source that polls
 * it, with variables in place of secrets. With `--write` it is added to creditwatch.yml.
 */
export async function importRequest(terminal: Terminal, from: ImportedFrom, options: ImportOptions): Promise<void> {
  if (options.source !== null && !nameSchema.safeParse(options.source).success) return terminal.refuse(BAD_ID);
  const file = readConfigFile(terminal);
  if (!file.ok) return terminal.fail(configFileProblemText(file.error.file, file.error));
  const evaluator = createEvaluator();
  try {
    const found =
      from.form === 'curl'
        ? await fromCurl(terminal, from.file, { file: file.value, evaluator, id: options.source })
        : fromHar(terminal, from.file, { ...options, mayHold: namesFor(terminal, file.value) });
    if (!found.ok) return terminal.fail(found.error);
    await proposeSource(terminal, found.value, { ...options, file: file.value, evaluator });
  } finally {
    evaluator.close();
  }
}

/** From here on no error can show a value of the request. */
function concealed(template: RequestTemplate): RequestTemplate {
  for (const { value } of template.variables) for (const part of [value, ...value.split(/[;=\s]+/)]) conceal(part);
  return template;
}

async function fromCurl(
  terminal: Terminal,
  name: string,
  { file, evaluator, id }: { readonly file: ConfigFile; readonly evaluator: Evaluator; readonly id: string | null },
): Promise<Result<FoundUsage, string>> {
  const command = await readCommand(terminal, name);
  if (!command.ok) return command;
  const request = parseCurl(command.value);
  if (!request.ok) return err(curlProblemText(request.error));
  const mayHold = namesFor(terminal, file);
  const template = concealed(id === null ? templateOf(request.value, mayHold) : templateOf(request.value, mayHold, id));
  const host = template.url.split('/')[2] ?? '';
  // A source has to have a meter, and its answer is not known yet.
  const source = { ...sourceOfRequest(id ?? template.vendor, template, []), meters: { figures: { used: 0 } } };
  const draft = loadDraft(terminal, file, { source, values: valuesOf(template) });
  if (!draft.ok) return err(notASourceText(draft.error));
  const { answer, problem } = await pollNow(draft.value.source, evaluator);
  if (answer === null || answer.status < 200 || answer.status > 299)
    return err(noAnswerText(host, problem?.reason ?? '', answer?.status === 401 || answer?.status === 403));
  const json = parsedJson(answer.text);
  if (json === undefined) return err(noAnswerText(host, problem?.reason ?? NOT_JSON, true));
  const at = systemClock.now();
  const proposal = proposeMeters(json, { vendor: template.vendor, at });
  return proposal.meters.length === 0 ? err(NO_USAGE_IN_ANSWER) : ok({ template, answer, at, proposal, others: [], isSaved: false });
}

async function readCommand(terminal: Terminal, name: string): Promise<Result<string, string>> {
  if (name === '-' && terminal.input.isTTY === true) terminal.complain(PASTE_COMMAND);
  const stream = name === '-' ? terminal.input : createReadStream(resolve(terminal.cwd, name));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.byteLength;
      if (size > MOST_COMMAND_BYTES) return err(curlProblemText({ kind: 'too-large', mostKib: MOST_COMMAND_BYTES / 1024 }));
      chunks.push(bytes);
    }
  } catch (error) {
    return err(unreadable(name, error));
  }
  return ok(
    Buffer.concat(chunks)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
}

function fromHar(
  { cwd }: Terminal,
  name: string,
  { pick, source, mayHold }: ImportOptions & { readonly mayHold: MayHold },
): Result<FoundUsage, string> {
  const shown = presentable(name, MOST_SHOWN);
  let bytes: Buffer;
  try {
    const path = resolve(cwd, name);
    if (statSync(path).size > MOST_HAR_BYTES)
      return err(harProblemText(shown, { kind: 'too-large', mostMb: MOST_HAR_BYTES / 1024 / 1024 }));
    bytes = readFileSync(path);
  } catch (error) {
    return err(unreadable(name, error));
  }
  const har = readHar(bytes);
  if (!har.ok) return err(harProblemText(shown, har.error));
  const now = systemClock.now();
  const { exchanges, entries, unsaved } = har.value;
  const ranked = rankExchanges(exchanges, { now, mayHold, name: source });
  if (ranked.length === 0) return err(noUsageInHarText(shown, { entries, answers: exchanges.length, unsaved }));
  const number = pick === null ? 1 : Number(pick);
  const chosen = ranked[number - 1];
  if (chosen === undefined) return err(noSuchPickText(presentable(pick ?? '', MOST_SHOWN), ranked.length));
  for (const { template } of ranked) concealed(template);
  const { template, answer, proposal, at } = chosen;
  return ok({ template, answer, proposal, at: at ?? now, others: othersOf(ranked, chosen), isSaved: true });
}

function othersOf(ranked: readonly UsageExchange[], chosen: UsageExchange): readonly Other[] {
  return ranked.flatMap((one, index) =>
    one === chosen
      ? []
      : [
          {
            number: index + 1,
            method: one.template.method,
            address: one.template.url.split('?')[0] ?? '',
            meters: one.proposal.meters.map(({ label }) => label),
          },
        ],
  );
}

function unreadable(name: string, error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return unreadableFile(presentable(name, MOST_SHOWN), error.code === 'ENOENT' ? null : error.message);
}
