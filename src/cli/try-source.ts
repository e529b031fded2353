import { chooseAccounts } from '../commands/accounts.ts';
import type { AccountConfig, PolledSourceConfig } from '../config/config.ts';
import { readPreset } from '../config/presets.ts';
import { presentable } from '../core/meters/meter.ts';
import { hideTexts } from '../core/text/hide-texts.ts';
import { metersWithoutTotal } from '../core/meters/poll.ts';
import { createEvaluator, type Evaluator } from '../sources/http/evaluator.ts';
import {
  absentText,
  answerText,
  expressionRemedy,
  failedTryText,
  triedText,
  understoodLines,
  understoodText,
  unknownSourceText,
  unusableText,
} from '../messages/replies/try.ts';
import { totalMissingText } from '../messages/text/total-missing.ts';
import { presetText } from '../messages/replies/presets.ts';
import { createRedactor } from '../app/redact.ts';
import { configure } from './configure.ts';
import { tryMail } from './try-mail.ts';
import { pollNow } from './poll-now.ts';
import { keyOf, readingJson, readReading } from './read-reading.ts';
import { printMessage, type Terminal } from './terminal.ts';

/** The part of an answer that is shown: a screenful, enough to see where the figures are. */
const MOST_SHOWN = 2_000;
/** Far more than is shown. Patterns over megabytes of text would not end well. */
const MOST_REDACTED = 100_000;

/**
 * `creditwatch try <source>`: polls a source once and shows the result without storing it, for the named account, or for each account that
 * has the source. If something was not understood, the answer of the endpoint is printed too. Exits with 1 if figures are missing.
 */
export async function trySource(
  terminal: Terminal,
  name: string,
  { account, json }: { readonly account: string | null; readonly json: boolean },
): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  const accounts = chooseAccounts(config.accounts, account);
  if (!accounts.ok) return terminal.fail(accounts.error);
  const mail = accounts.value.flatMap((one) =>
    one.sources.flatMap((source) => (source.kind === 'mail' && source.id === name ? [{ account: one, source }] : [])),
  );
  const all = polledSources(accounts.value);
  const found = findSources(name, all);
  if (found.length === 0 && mail.length > 0) {
    for (const one of mail) await tryMail(terminal, { ...one, json });
    return;
  }
  if (found.length === 0) return terminal.fail(unknownSource(name, all, account === null ? 'creditwatch.yml' : `account "${account}"`));
  const evaluator = createEvaluator();
  try {
    for (const one of found) await tryOne(terminal, one, evaluator, { secrets: config.sourceSecrets, json });
  } finally {
    evaluator.close();
  }
}

async function tryOne(
  terminal: Terminal,
  found: Found,
  evaluator: Evaluator,
  { secrets, json }: { readonly secrets: readonly string[]; readonly json: boolean },
): Promise<void> {
  const { source, account } = found;
  const redactor = createRedactor(secrets);
  const redact = (text: string) => redactor.redact(text.slice(0, MOST_REDACTED));
  const { notes, absent, answer, isInExpressions, ...outcome } = await pollNow(source, evaluator, (secret) => redactor.register(secret));
  const notUnderstood = outcome.outcome === 'understood' ? show(terminal, outcome.readings, found, json) : [];
  for (const note of [...notUnderstood, ...notes]) terminal.complain(redact(`  ${note}`));
  const understood = outcome.outcome === 'understood' ? outcome.readings.map(keyOf) : [];
  const missing = metersWithoutTotal(source.poll).filter(({ key }) => understood.includes(key));
  if (missing.length > 0) terminal.complain(`  ${totalMissingText(missing)}`);
  // The answer is printed below.
  if (outcome.problem)
    terminal.fail(
      redact(failedTryText(source.id, isInExpressions ? { ...outcome.problem, remedy: expressionRemedy(source.preset) } : outcome.problem)),
    );
  else if (notUnderstood.length > 0) terminal.fail(unusableText(source.id));
  if (answer !== null && (outcome.problem !== null || notUnderstood.length + notes.length > 0))
    terminal.complain(
      answerText(
        {
          ...answer,
          text: presentable(redact(source.sensitive ? hideTexts(answer.text) : answer.text), MOST_SHOWN),
        },
        source,
      ),
    );
  if (json) return;
  if (absent.length > 0) terminal.print(absentText(absent));
  terminal.print(triedText(account.id));
}

type Found = { readonly account: AccountConfig; readonly source: PolledSourceConfig };

function polledSources(accounts: readonly AccountConfig[]): readonly Found[] {
  return accounts.flatMap((account) => account.sources.flatMap((source) => (source.kind === 'http' ? [{ account, source }] : [])));
}

/** Finds sources by their ID, else by the name of their preset. */
function findSources(name: string, all: readonly Found[]): readonly Found[] {
  const named = all.filter(({ source }) => source.id === name);
  return named.length > 0 ? named : all.filter(({ source }) => source.preset === name);
}

function unknownSource(name: string, all: readonly Found[], where: string): string {
  const preset = readPreset(name);
  return unknownSourceText(name, {
    where,
    ids: [...new Set(all.map(({ source }) => source.id))],
    preset: preset && presetText(preset),
  });
}

/** Prints the readings as `/usage` would. Returns the problems of readings that would be rejected. */
function show(terminal: Terminal, readings: readonly unknown[], { account, source }: Found, json: boolean): readonly string[] {
  const read = readings.map((raw) => readReading(raw, account, source));
  const understood = read.flatMap((one) => (one.ok ? [one.value] : []));
  if (json) terminal.print(JSON.stringify({ account: account.id, source: source.id, meters: understood.map(readingJson) }, null, 2));
  else {
    const title = understoodText(source.id);
    printMessage(
      terminal,
      { summary: title, title, lines: understood.flatMap((one) => understoodLines(one, account.timeZone)) },
      account.timeZone,
    );
  }
  return read.flatMap((one) => (one.ok ? [] : [one.error]));
}
