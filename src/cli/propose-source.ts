import { z } from 'zod';
import { readPresets } from '../config/presets.ts';
import { entryText, indented } from '../config/source-entry.ts';
import { plainMessage } from '../messages/text/plain.ts';
import { understoodLines } from '../messages/replies/try.ts';
import { NO_FIGURE_FITS, notASourceText, SECRET_LEFT } from '../messages/replies/import-request.ts';
import {
  addedText,
  DOUBTFUL,
  FOUND,
  HOW_TO_ADD,
  otherAnswersText,
  placeText,
  proposalNoteText,
  variablesText,
  type ProposalNote,
} from '../messages/replies/proposed-source.ts';
import { configFileProblemText } from '../messages/replies/config-file.ts';
import { fixedDates } from '../sources/browser/fixed-dates.ts';
import type { BrowserAnswer } from '../sources/browser/browser-request.ts';
import type { Proposal, ProposedMeter } from '../sources/browser/propose-meters.ts';
import { valuesOf, type RequestTemplate } from '../sources/browser/request-template.ts';
import { sourceOfRequest } from '../sources/browser/source-of-request.ts';
import { tryProposal } from '../sources/browser/try-proposal.ts';
import { vendorName } from '../sources/browser/vendor-name.ts';
import type { Evaluator } from '../sources/http/evaluator.ts';
import { systemClock } from '../app/system-clock.ts';
import { writeSource, type ConfigFile } from './config-file.ts';
import { readingJson, readReading, type Understood } from './read-reading.ts';
import { loadDraft } from './source-draft.ts';
import type { Terminal } from './terminal.ts';

/** Another answer that looks like usage. `number`: for `--pick`. */
export type Other = { readonly number: number; readonly method: string; readonly address: string; readonly meters: readonly string[] };

export type ImportOptions = {
  /** The ID of the new source. Null: from the host. */
  readonly source: string | null;
  readonly account: string | null;
  readonly write: boolean;
  /** Which of several answers of a HAR, from 1. */
  readonly pick: string | null;
  readonly json: boolean;
};

/** A request, its answer, and the meters that were found in it. */
export type FoundUsage = {
  readonly template: RequestTemplate;
  readonly answer: BrowserAnswer;
  readonly at: Date;
  readonly proposal: Proposal;
  readonly others: readonly Other[];
  /** From a HAR, which may lack keys and cookies. */
  readonly isSaved: boolean;
};

type Options = ImportOptions & { readonly file: ConfigFile; readonly evaluator: Evaluator };
type Tried = { readonly meters: readonly ProposedMeter[]; readonly understood: readonly Understood[]; readonly timeZone: string };

const MOST_OTHERS = 5;

/** Tries the proposed expressions over the answer, and prints the source with what they find, or adds it to the file. */
export async function proposeSource(terminal: Terminal, found: FoundUsage, options: Options): Promise<void> {
  const { template, proposal } = found;
  const id = options.source ?? template.vendor;
  const tried = await tryAll(terminal, found, { ...options, id });
  if (typeof tried === 'string') return terminal.fail(tried);
  const source = sourceOfRequest(id, template, tried.meters);
  const comments = Object.fromEntries(tried.meters.flatMap(({ key, isDoubtful }) => (isDoubtful ? [[key, DOUBTFUL] as const] : [])));
  const yaml = `sources:\n${indented(entryText({ source, comments }), '  ')}`;
  if (holdsSecret(yaml, template)) return terminal.fail(SECRET_LEFT);
  const left = proposal.more + proposal.meters.length - tried.meters.length;
  const notes = notesOn(found, tried.meters, left).map(proposalNoteText);
  if (options.write) {
    const written = writeSource(terminal, options.file, {
      entry: { source, comments },
      account: options.account,
      values: valuesOf(template),
    });
    if (!written.ok) return terminal.fail(configFileProblemText(options.file.name, written.error));
  }
  if (options.json) return terminal.print(JSON.stringify(asJson(template, { id, yaml, tried, notes, isWritten: options.write }), null, 2));
  terminal.print(yaml.trimEnd());
  const now = systemClock.now();
  const lines = tried.understood.flatMap((one) => understoodLines(one, tried.timeZone));
  terminal.complain(`\n${plainMessage({ summary: FOUND, title: FOUND, lines }, { timeZone: tried.timeZone, now })}`);
  if (template.variables.length > 0) terminal.complain(`\n${variablesText(template.variables)}`);
  for (const note of notes) terminal.complain(`\n${note}`);
  const [first, more] = [found.others.slice(0, MOST_OTHERS), found.others.length - MOST_OTHERS];
  if (first.length > 0) terminal.complain(`\n${otherAnswersText(first, more)}`);
  terminal.complain(`\n${options.write ? addedText(id, options.file.name) : HOW_TO_ADD}`);
}

/** Leaves out meters and times whose expressions give nothing that can be stored. Returns the failure if no meter is left. */
async function tryAll(
  terminal: Terminal,
  found: FoundUsage,
  { id, file, evaluator }: Options & { readonly id: string },
): Promise<Tried | string> {
  const { template, answer, at } = found;
  let meters = found.proposal.meters;
  // Each round leaves out what the one before it could not use.
  for (;;) {
    const draft = loadDraft(terminal, file, { source: sourceOfRequest(id, template, meters), values: valuesOf(template) });
    if (!draft.ok) return notASourceText(draft.error);
    const { source, timeZone } = draft.value;
    const result = await tryProposal(source.poll, answer, { evaluator, at });
    if (result === null) return NO_FIGURE_FITS;
    const read = result.readings.map((raw) => readReading(raw, { timeZone }, source));
    const understood = read.flatMap((one) => (one.ok ? [one.value] : []));
    const unclear = new Set(result.mistakes.flatMap(({ meter, field }) => (TIMES.has(field) ? [meter] : [])));
    const usable = meters
      .filter(({ key }) => unclear.has(key) || understood.some((one) => one.key === key))
      .map(({ periodStart, periodEnd, ...meter }) => ({
        ...meter,
        ...(!unclear.has(meter.key) && periodStart !== undefined && { periodStart }),
        ...(!unclear.has(meter.key) && periodEnd !== undefined && { periodEnd }),
      }));
    if (usable.length === 0) return NO_FIGURE_FITS;
    if (usable.length === meters.length && unclear.size === 0) return { meters, understood, timeZone };
    if (usable.length === meters.length && meters.every((meter) => !unclear.has(meter.key) || !hasTimes(meter))) return NO_FIGURE_FITS;
    meters = usable;
  }
}

const TIMES: ReadonlySet<string> = new Set(['periodStart', 'periodEnd', 'observedAt']);

function hasTimes({ periodStart, periodEnd }: ProposedMeter): boolean {
  return periodStart !== undefined || periodEnd !== undefined;
}

/** A shorter value is a word that occurs anywhere. */
const SHORTEST_SECRET = 8;

function holdsSecret(text: string, { variables }: RequestTemplate): boolean {
  return variables.some(
    ({ value }) => value.length >= SHORTEST_SECRET && (text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1))),
  );
}

function notesOn({ template, isSaved }: FoundUsage, meters: readonly ProposedMeter[], left: number): readonly ProposalNote[] {
  const dates = fixedDates(template);
  const preset = readPresets().find(
    ({ url }) => url !== null && URL.canParse(url) && vendorName(new URL(url).hostname) === template.vendor,
  );
  const hasCookie = Object.hasOwn(template.headers, 'cookie');
  return [
    ...(preset === undefined ? [] : [{ kind: 'preset', name: preset.name } as const]),
    ...(hasCookie ? [{ kind: 'cookie' } as const] : []),
    ...(isSaved && template.variables.length === 0 ? [{ kind: 'no-credential' } as const] : []),
    ...(dates.length > 0 ? [{ kind: 'fixed-dates', names: dates } as const] : []),
    ...(meters.some(hasTimes) ? [] : [{ kind: 'no-reset' } as const]),
    ...(left > 0 ? [{ kind: 'more-figures', count: left } as const] : []),
  ];
}

function asJson(
  { variables }: RequestTemplate,
  {
    id,
    yaml,
    tried,
    notes,
    isWritten,
  }: { readonly id: string; readonly yaml: string; readonly tried: Tried; readonly notes: readonly string[]; readonly isWritten: boolean },
): object {
  return {
    source: id,
    isWritten,
    yaml,
    variables: variables.map(({ name, places }) => ({ name, places: places.map(placeText) })),
    meters: tried.understood.map((one) => ({
      ...z.looseObject({}).parse(readingJson(one)),
      isDoubtful: tried.meters.some(({ key, isDoubtful }) => key === one.key && isDoubtful),
    })),
    notes,
  };
}
