import type { AccountConfig, Config, PolledSourceConfig } from '../config/config.ts';
import { presets } from '../core/presets/registry.ts';
import { completeReading, draftReading } from '../core/reading.ts';
import { err, ok, type Result } from '../core/result.ts';
import { describeMeter } from '../core/vendors/describe.ts';
import { share, usedOfTotal } from '../core/words/figures.ts';
import { day, say, strong, when, type Phrase } from '../core/words/phrase.ts';
import { createEvaluator } from '../sources/http/evaluator.ts';
import { pollOnce } from '../sources/http/poll-once.ts';
import { systemClock } from '../system-clock.ts';
import { configure, fail } from './configure.ts';
import { describePreset } from './presets.ts';
import { complain, print, printMessage } from './terminal.ts';

/** `creditwatch try <source>`: one poll, shown and not stored. Exits with 1 when there are no figures, or not all. */
export async function trySource(name: string): Promise<void> {
  const config = configure();
  if (config === null) return;
  const found = findSource(name, config);
  if (found === null) return fail(unknownSource(name, config));
  const evaluator = createEvaluator();
  try {
    const { source, account } = found;
    const outcome = await pollOnce(source.id, source.poll, { evaluator, now: () => systemClock.now(), signal: new AbortController().signal });
    const notUnderstood = outcome.outcome === 'understood' ? show(outcome.readings, found) : [];
    for (const note of [...notUnderstood, ...outcome.notes]) complain(`  ${note}`);
    if (outcome.problem) fail(`${source.id}: ${outcome.problem.reason}. ${outcome.problem.remedy}`);
    else if (notUnderstood.length > 0) fail(`${source.id}: not all of it can be taken.`);
    print(`Account ${account.id}. Nothing was stored.`);
  } finally {
    evaluator.close();
  }
}

type Found = { readonly account: AccountConfig; readonly source: PolledSourceConfig };

function polledSources(config: Config): readonly Found[] {
  return config.accounts.flatMap((account) => account.sources.flatMap((source) => (source.kind === 'http' ? [{ account, source }] : [])));
}

/** By its id, else the one that uses a preset of that name. */
function findSource(name: string, config: Config): Found | null {
  const all = polledSources(config);
  return all.find(({ source }) => source.id === name) ?? all.find(({ source }) => source.preset === name) ?? null;
}

function unknownSource(name: string, config: Config): string {
  const ids = polledSources(config).map(({ source }) => source.id);
  const preset = presets.find((one) => one.name === name);
  const there = ids.length === 0 ? 'creditwatch.yml has none' : `creditwatch.yml has ${ids.join(', ')}`;
  return [`There is no polled source "${name}": ${there}.`, ...(preset ? [`Add it under sources:\n${describePreset(preset)}`] : [])].join('\n');
}

/** The readings as `/usage` would show them; returns what is wrong with those that would not be taken. */
function show(readings: readonly unknown[], { account, source }: Found): readonly string[] {
  const shown = readings.map((raw) => shownReading(raw, account, source));
  const title = say`${source.id} answered, and this was understood:`;
  printMessage({ summary: title, title, lines: shown.flatMap((one) => (one.ok ? one.value : [])) }, account.timeZone);
  return shown.flatMap((one) => (one.ok ? [] : [one.error]));
}

function shownReading(raw: unknown, { timeZone }: AccountConfig, source: PolledSourceConfig): Result<readonly Phrase[], string> {
  const draft = draftReading(raw, systemClock.now());
  if (!draft.ok) return draft;
  const { meter: key, details } = draft.value;
  const meter = describeMeter(source.id, key, { ...details, ...source.meters[key] });
  const reading = completeReading(draft.value, { decimals: meter.decimals, rounds: true, lastTotal: undefined, periodSpec: source.period, timeZone });
  if (!reading.ok) return err(`${key}: ${reading.error}`);
  const { period, observedAt } = reading.value;
  return ok([
    say`  ${key}: ${strong(meter.label)}  ${usedOfTotal(meter, reading.value)} · ${share(reading.value)}`,
    say`    ${period ? say`period ${day(period.start)} – ${day(period.end)}` : 'no period'}, as of ${when(observedAt)}`,
  ]);
}
