import { SPAN_EXAMPLES } from '../text/span-examples.ts';

/** Lists names after an unknown one, each kind in the same form. */
function unknown(what: string, name: string, names: readonly string[]): string {
  const there = names.length === 0 ? 'There are none.' : `There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.`;
  return `There is no ${what} "${name}". ${there}`;
}

export function unknownAccount(name: string, ids: readonly string[]): string {
  return unknown('account', name, ids);
}

export function unknownRoute(name: string, routes: readonly string[]): string {
  return unknown('route', name, routes);
}

/** A command line about a meter that does not exist. */
export function unknownMeterText(name: string): string {
  return `There is no meter "${name}". All meters: npx creditwatch usage`;
}

export const NO_ACCOUNT = 'There is no account.';
export const NO_FIGURES = 'There are no figures yet.';

/** No meter for a backtest. `inRule`: whether the rule names meters. */
export function noMeterFor(name: string | null, inRule: boolean): string {
  const which = name === null ? 'with figures' : `"${name}"`;
  return `There is no meter ${which}${inRule ? ' that the rule names' : ''}. All meters: npx creditwatch usage`;
}

/** After `migrate`. */
export function migratedText(applied: readonly string[]): string {
  return applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}.`;
}

/** A demo runs beside the service whose figures are shown. `folder`: its data folder. */
export function demoAlsoRunsText(folder: string): string {
  return `A demo is also running. For its figures: DATA_DIR=${folder}`;
}

/** Only a demo runs, and its figures are shown. `folder`: its data folder. */
export function demoFiguresText(folder: string): string {
  return `These figures are from the demo (DATA_DIR=${folder}).`;
}

/** The test message was posted. */
export function sentText(destination: string): string {
  return `Sent to ${destination}.`;
}

/** The test message was rejected. */
export function notSentText(destination: string, reason: string): string {
  return `Not sent to ${destination}: ${reason}`;
}

/** The test message is still being retried. */
export function notSentYetText(destination: string, reason: string | null): string {
  return `Not sent to ${destination} yet${reason === null ? '' : ` (${reason})`}. Creditwatch tries again while the service runs.`;
}

/** `--since` has a value that is not a time. `spans`: the examples that the command accepts, beside a day. */
export function sinceNotUnderstood(typed: string, spans: readonly string[] = SPAN_EXAMPLES): string {
  return `I don't understand --since "${typed}". For example: 2026-11-01, ${spans.join(', ')}.`;
}

/** An option that needs a whole number. */
export function wholeNumberText(option: string, most: number): string {
  return `${option} must be a whole number from 1 to ${String(most)}.`;
}
